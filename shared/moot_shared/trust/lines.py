"""One-line texts that people paste: an invite, one's own second machine, a community's name.

    moot-<kind>:<base64url of: version, fields each with their length before them, checksum>

The checksum (4 bytes of SHA-256 over kind, version and fields) tells a line that was cut off or
mistyped. It stands last in every version, so that a newer line is known as such. A later version
that only adds fields keeps the number: fields beyond the known ones are passed over.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from moot_shared.errors import FormatError, InputError
from moot_shared.format.leb import uleb, write_uleb
from moot_shared.ids import KEY_BYTES, decode_bytes, encode_bytes

_VERSION = 1
_CHECK_BYTES = 4
_LONGEST = 10_000  # characters
_START = re.compile(r"moot-([a-z]+):", re.IGNORECASE)
_NOT_TEXT = re.compile(r"[^A-Za-z0-9_-]+")
_DAMAGED = "This line is not whole: something in it is missing or was changed. Copy all of it again."


@dataclass(frozen=True, slots=True)
class InviteLine:
    """`moot-invite:…`: what a newcomer needs. `secret` is the invite key's seed; `expires` in ms."""

    url: str
    community: bytes
    secret: bytes
    name_of_community: str
    name_of_inviter: str
    role: str = "member"
    expires: int | None = None
    uses: int | None = None

    def __str__(self) -> str:
        names = (self.name_of_community, self.name_of_inviter, self.role)
        return _line("invite", (self.url, self.community, self.secret, *names, self.expires, self.uses))


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """`moot-device:…`: the same member on a second machine. As secret as the private key: it holds it."""

    url: str | None
    community: bytes
    seed: bytes
    community_name: str
    member_name: str

    def __str__(self) -> str:
        return _line("device", (self.url, self.community, self.seed, self.community_name, self.member_name))


@dataclass(frozen=True, slots=True)
class CommunityLine:
    """`moot-community:…`: where a community is; grants nothing."""

    url: str | None
    community: bytes
    name: str

    def __str__(self) -> str:
        return _line("community", (self.url, self.community, self.name))


Line = InviteLine | DeviceLine | CommunityLine


def parse_line(text: str) -> Line:
    """Read a pasted line, white space, quotes and words around it aside; InputError says what is wrong."""
    start = _START.search(text[:_LONGEST])
    if start is None:
        raise InputError(
            "This is not a line from Moot: such a line begins with ‘moot-invite:’, ‘moot-device:’ or "
            "‘moot-community:’."
        )
    kind = start[1].lower()
    rest = text[start.end() : _LONGEST]
    words = rest.split()
    fields = _fields(kind, words[0] if words else "") or _fields(kind, rest)
    if fields is None:
        raise InputError(_DAMAGED)
    version, values = fields
    if version != _VERSION or kind not in ("invite", "device", "community"):
        raise InputError("This line is made with a newer Moot. Update Moot, then paste it again.")
    try:
        if kind == "invite":
            return _invite(values)
        if kind == "device":
            url, community, seed, community_name, member_name = values[:5]
            names = (community_name.decode(), member_name.decode())
            return DeviceLine(url.decode() or None, _key(community), _key(seed), *names)
        url, community, name = values[:3]
        return CommunityLine(url.decode() or None, _key(community), name.decode())
    except ValueError:
        raise InputError(_DAMAGED) from None


def _invite(values: Sequence[bytes]) -> InviteLine:
    url, community, secret, name_of_community, name_of_inviter, role, expires, uses = values[:8]
    return InviteLine(
        url.decode(),
        _key(community),
        _key(secret),
        name_of_community.decode(),
        name_of_inviter.decode(),
        role.decode(),
        int(expires) if expires else None,
        int(uses) if uses else None,
    )


def _key(data: bytes) -> bytes:
    if len(data) != KEY_BYTES:
        raise ValueError("not a key")
    return data


def _check(kind: str, payload: bytes) -> bytes:
    return hashlib.sha256(b"moot line\0" + kind.encode() + b"\0" + payload).digest()[:_CHECK_BYTES]


def _line(kind: str, values: Sequence[str | bytes | int | None]) -> str:
    payload = bytes((_VERSION,))
    for value in values:
        data = value if isinstance(value, bytes) else b"" if value is None else str(value).encode()
        payload += write_uleb(len(data)) + data
    return f"moot-{kind}:{encode_bytes(payload + _check(kind, payload))}"


def _fields(kind: str, text: str) -> tuple[int, list[bytes]] | None:
    """Version and fields of what follows the kind; None where its checksum does not fit."""
    try:
        data = decode_bytes(_NOT_TEXT.sub("", text))
    except FormatError:
        return None
    payload, check = data[:-_CHECK_BYTES], data[-_CHECK_BYTES:]
    if not payload or _check(kind, payload) != check:
        return None
    if payload[0] != _VERSION:
        return payload[0], []
    values, at = [], 1
    try:
        while at < len(payload):
            length, at = uleb(payload, at)
            values.append(payload[at : at + length])
            at += length
    except FormatError:
        return None
    return (_VERSION, values) if at == len(payload) else None
