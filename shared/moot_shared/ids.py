"""Names for things: ULIDs for records, handles for people, key text for members.

A record's key is `<kind>/<ulid>/<creator's key text>`. People see and type its *handle*,
the random part of the ULID in lower case: a few characters of it are enough, which they
would not be of a ULID's beginning, where things made in the same minute look alike.
"""

from __future__ import annotations

import base64

from moot_shared.errors import FormatError
from moot_shared.frozen import frozen

KEY_BYTES = 32
NONCE_BYTES = 8
ACTOR_BYTES = KEY_BYTES + NONCE_BYTES
KEY_TEXT_CHARS = 43
ULID_CHARS = 26
HANDLE_CHARS = 16
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(milliseconds: int, randomness: bytes) -> str:
    """A ULID from Unix time in milliseconds and 10 random bytes (github.com/ulid/spec)."""
    number = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(randomness[:10], "big")
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def encode_bytes(data: bytes) -> str:
    """Bytes as base64url without padding, the one text form for keys and signatures."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_bytes(text: str, length: int | None = None) -> bytes:
    """The inverse of `encode_bytes`; only its canonical form, else FormatError."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise FormatError("This text is not a key.") from error
    if encode_bytes(data) != text or (length is not None and len(data) != length):
        raise FormatError("This text is not a key.")
    return data


@frozen
class RecordKey:
    """Where a record lives: its kind, its ULID, and the key text of who made it."""

    kind: str
    ulid: str
    creator: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.ulid}/{self.creator}"

    def __lt__(self, other: RecordKey) -> bool:
        return (self.kind, self.ulid, self.creator) < (other.kind, other.ulid, other.creator)

    @property
    def handle(self) -> str:
        """What people see and type: 16 lower-case characters."""
        return self.ulid[-HANDLE_CHARS:].lower()

    @classmethod
    def parse(cls, text: str) -> RecordKey:
        """Read `<kind>/<ulid>/<creator>`; FormatError for anything else."""
        parts = text.split("/")
        if len(parts) != 3 or len(parts[1]) != ULID_CHARS or len(parts[2]) != KEY_TEXT_CHARS:
            raise FormatError("This is not the name of a record.")
        return cls(*parts)


@frozen
class StatementKey:
    """Where a statement lives: the key text of who says it, its kind, and what it is about."""

    author: str
    kind: str
    subject: str

    def __str__(self) -> str:
        return f"{self.author}/{self.kind}/{self.subject}"

    def __lt__(self, other: StatementKey) -> bool:
        return (self.author, self.kind, self.subject) < (other.author, other.kind, other.subject)

    @classmethod
    def parse(cls, text: str) -> StatementKey:
        """Read `<author>/<kind>/<subject>`; the subject may hold further slashes."""
        author, _, rest = text.partition("/")
        kind, _, subject = rest.partition("/")
        if len(author) != KEY_TEXT_CHARS or not kind or not subject:
            raise FormatError("This is not the name of a statement.")
        return cls(author, kind, subject)
