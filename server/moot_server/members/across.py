"""What processes of one relay say to each other of who is here. Each is a word of its own, and none is kept.

    said   a member has spoken at another process: for everybody here
    who    somebody has come to another process: what is the last word of each who is connected here?
    kept   such a word: for those here who have just come

What cannot be read is of another version, and passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from moot_server.events import Call
from moot_shared.errors import FormatError
from moot_shared.ids import ACTOR_BYTES
from moot_shared.limits import Limits
from moot_shared.wire import cbor
from moot_shared.wire.fields import HASH_BYTES
from moot_shared.wire.messages import Ephemeral, decode
from moot_shared.wire.presence import document_name

Kind = Literal["said", "who", "kept"]
SAID: Final = "said"
WHO: Final = "who"
KEPT: Final = "kept"


@dataclass(frozen=True, slots=True)
class Across:
    """One of them."""

    kind: Kind
    community: bytes
    actor: bytes = b""
    """The machine that has spoken."""
    frame: bytes = b""
    """What it said, as members are sent it."""

    def call(self) -> Call:
        """To be called across. Of what a machine said only the last is worth waiting for."""
        about = b"".join((self.kind.encode(), self.community, self.actor))
        word = cbor.encode([self.kind, self.community, self.actor, self.frame])
        return Call(about, word, asks=self.kind == WHO)

    def fits(self, limits: Limits) -> bool:
        """Whether what was said is what this process, too, would pass on."""
        try:
            message = decode(self.frame, limits)
        except FormatError:
            return False
        return (
            isinstance(message, Ephemeral)
            and message.document_id == document_name(self.community)
            and len(message.data) <= limits.ephemeral_bytes
        )


def read(word: bytes, limits: Limits) -> Across:
    """What another process has called; FormatError for what this version does not know."""
    match cbor.decode(word, limits):
        case [str() as kind, bytes() as community, bytes() as actor, bytes() as frame] if (
            kind in get_args(Kind)
            and len(community) == HASH_BYTES
            and len(actor) == (0 if kind == WHO else ACTOR_BYTES)
        ):
            return Across(kind, community, actor, frame)  # type: ignore[arg-type]  # one of them, as was asked
    raise FormatError("This is nothing that a relay of this version calls to another.")
