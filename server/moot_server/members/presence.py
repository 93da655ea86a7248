"""Who is here: what members say of themselves, passed on to the others who are connected.

Nothing of it is stored, logged or read here: what a word says is its member's, signed, and each receiver's
to judge. A connection's last word is remembered while it lasts, since who comes would otherwise see
nobody until all have spoken again. What is too large, or comes too fast, goes no further; whoever reads
slowly misses some, and hears the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from moot_server.events import Output, Send
from moot_server.members.peers import Peer
from moot_shared.limits import Limits
from moot_shared.wire.messages import Ephemeral, encode
from moot_shared.wire.presence import document_name


@dataclass(slots=True)
class _Voice:
    """One connection's: its last word, how many more it may say at once, and as of when."""

    left: float
    at: int
    frame: bytes = b""


class Presence:
    """Of all connections to one relay process."""

    def __init__(self, peers: Mapping[int, Peer], limits: Limits) -> None:
        self._peers = peers
        self._limits = limits
        self._voices: dict[int, _Voice] = {}

    def pass_on(self, peer: Peer, message: Ephemeral, now: int) -> list[Output]:
        """A word of somebody's: to the others."""
        fits = len(message.data) <= self._limits.ephemeral_bytes
        ours = message.document_id == document_name(peer.community)
        if not (_listens(peer) and fits and ours and self._may_speak(peer, now)):
            return []
        frame = encode(replace(message, sender_id=peer.sender_id, target_id=""))
        self._voices[peer.number].frame = frame
        return [Send(other.number, frame, droppable=True) for other in self._others(peer)]

    def told(self, peer: Peer) -> list[Output]:
        """The last words of the others, for somebody who has just caught up."""
        if not _listens(peer):
            return []
        frames = (self._voices[other.number].frame for other in self._others(peer) if self._spoke(other))
        return [Send(peer.number, frame, droppable=True) for frame in frames if frame]

    def gone(self, number: int) -> None:
        """A connection has ended: nothing is remembered of it."""
        self._voices.pop(number, None)

    def _spoke(self, peer: Peer) -> bool:
        return peer.number in self._voices

    def _others(self, peer: Peer) -> list[Peer]:
        here = self._peers.values()
        return [
            each for each in here if each.community == peer.community and each is not peer and _listens(each)
        ]

    def _may_speak(self, peer: Peer, now: int) -> bool:
        burst = float(self._limits.ephemeral_burst)
        voice = self._voices.setdefault(peer.number, _Voice(burst, now))
        since = max(now - voice.at, 0) / 1000
        voice.left, voice.at = min(burst, voice.left + since * self._limits.ephemeral_per_second), now
        if voice.left < 1:
            return False
        voice.left -= 1
        return True


def _listens(peer: Peer) -> bool:
    """Whether somebody is in as a member, and has said what they have."""
    return peer.stage == "in" and peer.role == "member" and peer.feed is not None
