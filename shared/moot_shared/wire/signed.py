"""What a client signs to be let in.

The relay's nonce makes each proof good for one connection; the relay's id, the community, the
actor and the role in it keep it from being used for anything else. The address that the client
dialled is in it too: who stands in between and passes a proof on was dialled under another one
than the relay's (docs/decisions/0022). The hosting key itself never travels.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Literal

from moot_shared.errors import InputError

Role = Literal["member", "invite", "host"]

HOSTING_KEY_BYTES = 20  # 160 bits, typed or pasted as 32 characters of base 32


def proof_message(
    relay: bytes, nonce: bytes, community: bytes, actor: bytes, role: str, address: str
) -> bytes:
    """The bytes that a member signs, and the invite's key as well where they come by one.

    `address` is the one that was dialled, as `wire.address` writes it.
    """
    words = role.encode("ascii", "replace") + b"\0" + address.encode("ascii", "replace")
    return b"moot proof 2\0" + relay + nonce + community + actor + words


def host_mac(hosting_key: bytes, message: bytes) -> bytes:
    """Shows that one holds a relay's hosting key: an HMAC over the proof's message."""
    return hmac.digest(hosting_key, b"moot host 1\0" + message, hashlib.sha256)


def same(one: bytes, other: bytes) -> bool:
    """Whether two macs are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)


def hosting_text(key: bytes) -> str:
    """A hosting key as people copy it: 32 letters and digits, without those that look alike."""
    return base64.b32encode(key).decode("ascii").lower()


def read_hosting_key(text: str) -> bytes:
    """The inverse of `hosting_text`; white space and case do not matter. InputError for anything else."""
    try:
        key = base64.b32decode("".join(text.split()).upper())
    except (binascii.Error, ValueError) as error:
        raise _no_key() from error
    if len(key) != HOSTING_KEY_BYTES:
        raise _no_key()
    return key


def _no_key() -> InputError:
    return InputError("This is not a hosting key: the relay prints it when it starts, 32 letters and digits.")
