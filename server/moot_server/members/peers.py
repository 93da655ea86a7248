"""What a relay knows of each connection.

joining --join--> proving --good proof--> in
   any of them --trouble, or the socket's end--> gone
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from moot_server.events import Close, Opened, Output, Send
from moot_server.members.feed import Feed
from moot_shared.ids import KEY_BYTES
from moot_shared.trust.waiting import Waiting
from moot_shared.wire.messages import Message, Refusal, encode
from moot_shared.wire.pages import Gathering

Stage = Literal["joining", "proving", "in", "gone"]


@dataclass(slots=True)
class Peer:
    """One connection."""

    opened: Opened
    nonce: bytes
    gathering: Gathering
    waiting: Waiting
    stage: Stage = "joining"
    sender_id: str = ""
    community: bytes = b""
    actor: bytes = b""
    role: str = ""
    """As what they came in; an invite's holder or a host becomes a member once the roster has them."""
    invite: bytes | None = None
    have: dict[bytes, int] = field(default_factory=dict)
    """actor -> seq: what they have, as they said and as was sent since."""
    settles: Literal["", "convenor", "hosting"] = ""
    """By what right they can open a community that was restored."""
    full: bool = False
    """Whether a page of theirs was refused because the community is full."""
    batch: int = 0
    """How many changes their last page brought to be judged."""
    paging: bool = False
    """Whether a page of their backlog is on its way."""
    feed: Feed | None = None
    """What they have yet to be sent; None until they say what they have."""

    @property
    def number(self) -> int:
        """By which inputs and outputs name it."""
        return self.opened.peer

    @property
    def key(self) -> bytes:
        """The member's public key."""
        return self.actor[:KEY_BYTES]

    def send(self, message: Message) -> Send:
        """A message to them."""
        return Send(self.number, encode(message))

    def dismiss(self, code: str, text: str) -> list[Output]:
        """Say why, and end it."""
        self.stage = "gone"
        return [self.send(Refusal(code, text)), Close(self.number, code)]
