"""A viewer link: the address at which whoever has it reads a community with any automerge-repo client.

    ws(s)://<the relay>[/<what a proxy puts before it>]/view/<community>/<secret>

Community and secret are 32 bytes each, as base64url. The secret is an invite's (`trust.invite.VIEW`). The
document that such a client asks for has the first 16 bytes of the community's id as its own.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from moot_shared.errors import FormatError
from moot_shared.ids import KEY_BYTES, decode_bytes, encode_bytes
from moot_shared.wire.documents import ID_BYTES, document_text

_WORD = "view"
_LONGEST = 1_000  # characters


class Viewing(NamedTuple):
    """What a link holds."""

    community: bytes
    secret: bytes


def viewer_link(url: str, community: bytes, secret: bytes) -> str:
    """The link to a community at a relay's address."""
    parts = urlsplit(url)
    path = "/".join((parts.path.rstrip("/"), _WORD, encode_bytes(community), encode_bytes(secret)))
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def document_of(community: bytes) -> bytes:
    """By which id a community's document is asked for: 16 bytes."""
    return community[:ID_BYTES]


def document_url(community: bytes) -> str:
    """The same as automerge-repo writes it."""
    return f"automerge:{document_text(document_of(community))}"


def is_viewers(path: str) -> bool:
    """Whether a connection to this path is a viewer's, with a good link or not."""
    return _WORD in path.partition("?")[0].split("/")[-3:-2]


def read_path(path: str) -> Viewing | None:
    """What is in the path of a link, whatever stands before it; None where it is not whole."""
    parts = path[:_LONGEST].partition("?")[0].split("/")
    if len(parts) < 3 or parts[-3] != _WORD:
        return None
    try:
        return Viewing(decode_bytes(parts[-2], KEY_BYTES), decode_bytes(parts[-1], KEY_BYTES))
    except FormatError:
        return None
