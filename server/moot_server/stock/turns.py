"""Who brings much at once is heard in turns, so that nobody waits long for somebody else's first message.

One turn is what takes a few hundredths of a second. What does not fit waits in its order, a part of a
message or whole frames, and little more is read from that connection until it was heard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from moot_server.events import Again, Output, Wait
from moot_server.stock.peers import Heard, Peer
from moot_shared.limits import KIB, MIB

TURN = 512 * KIB
"""What one connection may bring in one batch, as `_cost` counts: some five hundred small changes."""
BATCH = 4 * TURN
"""What all may."""
_CHANGE = KIB  # a change costs as much as so many bytes in it
_FRAME = 64
_HELD = MIB  # of frames that wait, until no more are read
_HOLD_S = 2.0


class Turns:
    """Of one relay. `read` makes of a frame what is to be done about it, if anything is."""

    def __init__(self, read: Callable[[Peer, bytes], Heard | None]) -> None:
        self._read = read
        self._busy: dict[Peer, None] = {}  # those of whom something waits; whose turn is next stands first
        self._held: set[Peer] = set()
        self._spent: dict[Peer, int] = {}
        self._left = BATCH
        self._timed = False

    def begin(self, *, due: bool) -> tuple[list[Heard], list[Peer]]:
        """A batch begins: what has waited and comes now, and those of whom nothing waits any more."""
        self._spent, self._left = {}, BATCH
        self._timed &= not due
        found: list[Heard] = []
        done: list[Peer] = []
        for peer in list(self._busy):
            del self._busy[peer]
            while peer.later and self._room(peer):
                found += self._part(peer, peer.later.popleft())
            if peer.later:
                self._busy[peer] = None
            else:
                done.append(peer)
        return found, done

    def frame(self, peer: Peer, data: bytes) -> list[Heard]:
        """A frame has come."""
        if not peer.later and self._room(peer):
            return self._part(peer, data)
        peer.later.append(data)
        self._busy[peer] = None
        return []

    def leave(self, peer: Peer) -> None:
        """A connection is over."""
        peer.later.clear()
        self._busy.pop(peer, None)
        self._held.discard(peer)

    def outputs(self) -> list[Output]:
        """A batch ends."""
        found: list[Output] = []
        full = {peer for peer in self._busy if _waiting(peer) > _HELD}
        found += [Wait(peer.number, _HOLD_S) for peer in full]
        found += [Wait(peer.number, 0.0) for peer in self._held - full]
        self._held = full
        if self._busy and not self._timed:
            self._timed = True
            found.append(Again(0.0))
        return found

    def _room(self, peer: Peer) -> bool:
        return self._left > 0 and self._spent.get(peer, 0) < TURN

    def _part(self, peer: Peer, what: bytes | Heard) -> list[Heard]:
        """As much of a frame, or of the rest of one, as fits into this turn: one change at least."""
        heard = self._read(peer, what) if isinstance(what, bytes) else what
        if heard is None or peer.gone:
            self._spend(peer, _FRAME)
            return []
        chunks, room = heard.message.chunks, min(TURN - self._spent.get(peer, 0), self._left)
        cost = count = 0
        while count < len(chunks) and cost < room:
            cost += _CHANGE + len(chunks[count])
            count += 1
        self._spend(peer, cost + _FRAME)
        if count == len(chunks):
            return [heard]
        peer.later.appendleft(replace(heard, message=replace(heard.message, chunks=chunks[count:])))
        self._busy[peer] = None
        return [replace(heard, message=replace(heard.message, chunks=chunks[:count]), last=False)]

    def _spend(self, peer: Peer, cost: int) -> None:
        self._spent[peer] = self._spent.get(peer, 0) + cost
        self._left -= cost


def _waiting(peer: Peer) -> int:
    return sum(len(each) for each in peer.later if isinstance(each, bytes))
