"""Who is here, as each machine says it of itself: signed, passed on while it is of use, and kept by nobody.

It travels as automerge-repo's `ephemeral` message on the community's document. Its data is a map of the
machine, what it says (a map again, as bytes), and the signature over those bytes; so whoever passes it on
puts words into nobody's mouth. `count` rises within a session, so what was heard before is old.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moot_shared.errors import FormatError
from moot_shared.identity import Identity, verify
from moot_shared.ids import ACTOR_BYTES, KEY_BYTES
from moot_shared.limits import DEFAULT
from moot_shared.wire import cbor
from moot_shared.wire.documents import document_text
from moot_shared.wire.fields import SIGNATURE_BYTES, exactly, octets, text, yes
from moot_shared.wire.messages import Ephemeral
from moot_shared.wire.viewing import document_of

WRITING = "writing"
_PLACE = 200  # characters of a record's key; those of today have fewer than 100
_DOING = 20


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What a machine says: whether its member is here; and in which record (its key) they are writing."""

    here: bool = True
    at: str = ""
    doing: str = ""
    """'writing', where `at` names a record; '' otherwise, and what a later Moot may say besides."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said, by which machine; whose signature it bears is to be checked."""

    actor: bytes
    what: bytes
    signature: bytes

    @property
    def key(self) -> bytes:
        """The member's public key."""
        return self.actor[:KEY_BYTES]

    def is_theirs(self, community: bytes, message: Ephemeral) -> bool:
        """Whether the member has signed just this, for this community, session and count."""
        signed = _signed(community, self.actor, message.session_id, message.count, self.what)
        return verify(self.key, signed, self.signature)


def say(
    where: Whereabouts, community: bytes, actor: bytes, identity: Identity, session: str, count: int
) -> Ephemeral:
    """The message by which a machine says where its member is."""
    said: dict[str, object] = {"here": where.here}
    said |= {name: value for name, value in (("at", where.at), ("doing", where.doing)) if value}
    what = cbor.encode(said)
    signature = identity.sign(_signed(community, actor, session, count, what))
    data = cbor.encode({"actor": actor, "what": what, "signature": signature})
    return Ephemeral(document_name(community), "", "", session, count, data)


def read(message: Ephemeral) -> tuple[Said, Whereabouts]:
    """What a message says, and of whom it says that; FormatError for anything else."""
    fields = _map(message.data)
    said = Said(
        exactly(ACTOR_BYTES)(fields.get("actor"), DEFAULT),
        octets(fields.get("what"), DEFAULT),
        exactly(SIGNATURE_BYTES)(fields.get("signature"), DEFAULT),
    )
    what = _map(said.what)
    return said, Whereabouts(
        yes(what.get("here"), DEFAULT),
        text(_PLACE)(what.get("at", ""), DEFAULT),
        text(_DOING)(what.get("doing", ""), DEFAULT),
    )


def speaker(message: Ephemeral) -> bytes:
    """The machine that a message says to be of, and nothing else of it; FormatError where it names none."""
    return exactly(ACTOR_BYTES)(_map(message.data).get("actor"), DEFAULT)


def document_name(community: bytes) -> str:
    """How the community's document is called in such a message: as by a viewer link."""
    return document_text(document_of(community))


def _signed(community: bytes, actor: bytes, session: str, count: int, what: bytes) -> bytes:
    name = session.encode()
    length = len(name).to_bytes(2, "big")
    return b"moot presence 1\0" + community + actor + length + name + count.to_bytes(8, "big") + what


def _map(data: bytes) -> dict[Any, Any]:
    value = cbor.decode(data)
    if not isinstance(value, dict):
        raise FormatError("This says nothing of where somebody is.")
    return value
