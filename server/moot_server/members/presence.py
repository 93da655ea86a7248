"""Who is here: what members say of themselves, passed on to the others who are connected.

Nothing of it is stored or logged, and of what a word says only whose it is is read here: it has to be of the
machine that proved itself on this connection. The rest is its member's, signed, and each receiver's to judge.
A connection's last word is remembered while the connection is open, and for no longer than a machine that
is here is silent, since who comes would otherwise see nobody until all have spoken again. With it comes a
farewell that its member has signed beforehand: the others hear it when the connection ends without one. What
is too large, or comes too fast, goes no further; whoever reads slowly misses some, and hears the next one.

Of several processes over one database each has its own connections: what is said at one is called across
to the others (`across`), and who comes to one asks the others for what they remember. So a word is handed
on only by the process that holds its speaker's connection, and with that process it is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from moot_server.events import Output, Send
from moot_server.members.across import KEPT, SAID, WHO, Across, read
from moot_server.members.peers import Peer
from moot_shared.errors import FormatError
from moot_shared.limits import Limits
from moot_shared.wire.fields import HIGHEST
from moot_shared.wire.messages import Ephemeral, decode, encode
from moot_shared.wire.presence import document_name, speaker

SILENT_MS = 30_000
"""Who is here speaks every 20 seconds: an older word is of somebody who may be gone."""
NEWCOMER_MS = 10_000
"""So long what others remember is for who has come; and no sooner is the same asked for them again."""


@dataclass(slots=True)
class _Voice:
    """One connection's: its last word, how many more it may say at once, and as of when."""

    left: float
    at: int
    frame: bytes = b""
    farewell: bytes = b""


class Presence:
    """Of all connections to one relay process."""

    def __init__(self, peers: Mapping[int, Peer], limits: Limits, *, shared: bool = False) -> None:
        """`shared`: there may be other processes over the same database."""
        self._peers = peers
        self._limits = limits
        self._shared = shared
        self._voices: dict[int, _Voice] = {}
        self._came: dict[int, int] = {}  # connection -> when it was last asked elsewhere who is there

    def pass_on(self, peer: Peer, message: Ephemeral, now: int) -> list[Output]:
        """A word of somebody's: to the others."""
        fits = len(message.data) <= self._limits.ephemeral_bytes
        ours = message.document_id == document_name(peer.community)
        if not (_listens(peer) and fits and ours and _own(peer, message) and self._may_speak(peer, now)):
            return []
        word = replace(message, sender_id=peer.sender_id, target_id="", farewell=None)
        frame, voice = encode(word), self._voices[peer.number]
        voice.frame, voice.farewell = frame, self._farewell(peer, word, message.farewell)
        sent = _sent(frame, self._others(peer))
        return [*sent, *self._called(Across(SAID, peer.community, peer.actor, frame))]

    def told(self, peer: Peer, now: int) -> list[Output]:
        """The last words of the others, for somebody who has just caught up."""
        if not _listens(peer):
            return []
        kept: list[Output] = []
        for frame in self._kept(self._others(peer), now).values():
            kept += _sent(frame, [peer])
        before = self._came.get(peer.number)
        if before is not None and now - before <= NEWCOMER_MS:
            return kept
        self._came[peer.number] = now
        return [*kept, *self._called(Across(WHO, peer.community))]

    def hear(self, words: Sequence[bytes], now: int) -> list[Output]:
        """What other processes have called across."""
        outputs: list[Output] = []
        here = self._here() if words else {}
        for word in words:
            try:
                across = read(word, self._limits)
            except FormatError:
                continue
            if across.community in here:
                outputs += self._heard(across, here[across.community], now)
        return outputs

    def gone(self, peer: Peer) -> list[Output]:
        """A connection has ended. The others hear its farewell, unless it is here by another one."""
        voice = self._voices.get(peer.number)
        self.forget(peer.number)
        if voice is None or not voice.farewell:
            return []
        others = self._others(peer)
        if any(each.actor == peer.actor for each in others):
            return []
        return [
            *_sent(voice.farewell, others),
            *self._called(Across(SAID, peer.community, peer.actor, voice.farewell)),
        ]

    def forget(self, number: int) -> None:
        """Nothing is remembered of a connection."""
        self._voices.pop(number, None)
        self._came.pop(number, None)

    def _farewell(self, peer: Peer, word: Ephemeral, data: bytes | None) -> bytes:
        """What is to be passed on once this connection has ended; b"" where nothing is."""
        if data is None or len(data) > self._limits.ephemeral_bytes or word.count == HIGHEST:
            return b""
        farewell = replace(word, count=word.count + 1, data=data)
        return encode(farewell) if _own(peer, farewell) else b""

    def _heard(self, across: Across, here: Sequence[Peer], now: int) -> list[Output]:
        if across.kind == WHO:
            kept = self._kept(here, now)
            return [
                call
                for actor, frame in kept.items()
                for call in self._called(Across(KEPT, across.community, actor, frame))
            ]
        if not across.fits(self._limits):
            return []
        same = [peer for peer in here if peer.actor == across.actor]
        others = [peer for peer in here if peer.actor != across.actor]
        if across.kind == KEPT:
            return _sent(across.frame, [peer for peer in others if self._has_come(peer, now)])
        for peer in same:  # the machine has gone on to another process, and its old socket is still open
            voice = self._voices.get(peer.number)
            if voice is not None and not (voice.frame and _before(across.frame, voice.frame)):
                voice.frame = voice.farewell = b""
        return _sent(across.frame, others)

    def _kept(self, peers: Iterable[Peer], now: int) -> dict[bytes, bytes]:
        """The last word of each machine that is connected, and not silent."""
        voices = ((peer.actor, self._voices.get(peer.number)) for peer in peers)
        return {
            actor: voice.frame
            for actor, voice in voices
            if voice is not None and voice.frame and now - voice.at <= SILENT_MS
        }

    def _called(self, across: Across) -> list[Output]:
        return [across.call()] if self._shared else []

    def _has_come(self, peer: Peer, now: int) -> bool:
        came = self._came.get(peer.number)
        return came is not None and now - came <= NEWCOMER_MS

    def _here(self) -> dict[bytes, list[Peer]]:
        found: dict[bytes, list[Peer]] = defaultdict(list)
        for peer in self._peers.values():
            if _listens(peer):
                found[peer.community].append(peer)
        return dict(found)

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


def _sent(frame: bytes, peers: Iterable[Peer]) -> list[Output]:
    """Who has yet to take something else misses it."""
    return [Send(peer.number, frame, droppable=True) for peer in peers]


def _own(peer: Peer, message: Ephemeral) -> bool:
    """Whether it says to be of the machine that is at the other end."""
    try:
        return speaker(message) == peer.actor
    except FormatError:
        return False


def _before(one: bytes, other: bytes) -> bool:
    """Whether a word is an earlier one of the same session: the farewell of a connection that was left."""
    first, second = decode(one), decode(other)
    if not isinstance(first, Ephemeral) or not isinstance(second, Ephemeral):
        return False
    return first.session_id == second.session_id and first.count < second.count


def _listens(peer: Peer) -> bool:
    """Whether somebody is in as a member, and has said what they have."""
    return peer.stage == "in" and peer.role == "member" and peer.feed is not None
