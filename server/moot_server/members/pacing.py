"""A member's pace, kept after each of their frames; with several processes over one database, by all of them.

Whoever is too fast at one process has it called across what they have cost, and is that much slower at the
others. Within their burst nothing is called: a member who works at their own speed costs no process a word.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from moot_server.events import Call, Output, Wait
from moot_server.members.pace import Pace, cost
from moot_server.members.peers import Peer
from moot_shared.errors import FormatError
from moot_shared.ids import KEY_BYTES
from moot_shared.limits import Limits
from moot_shared.wire import cbor
from moot_shared.wire.messages import Message


class Pacing:
    """Of all connections to one relay process."""

    def __init__(self, limits: Limits, *, shared: bool = False) -> None:
        """`shared`: there may be other processes over the same database."""
        self._limits = limits
        self._shared = shared
        self._pace = Pace(limits)
        self._calls = itertools.count(1)

    def after(self, peer: Peer, message: Message | None, now: int) -> list[Output]:
        """Whoever causes much work is read later; a community that is put here is not kept waiting."""
        if peer.stage != "in" or peer.role == "host":
            return []
        changes = cost(message, peer.batch)
        seconds = self._pace.spend(peer.key, changes, now)
        if not seconds:
            return []
        return [Wait(peer.number, seconds), *self._called(peer.key, changes)]

    def hear(self, words: Iterable[bytes], now: int) -> None:
        """What other processes have called across; most of it is about something else."""
        for word in words:
            try:
                found = cbor.decode(word, self._limits)
            except FormatError:
                continue
            match found:
                case ["spent", bytes() as key, int() as changes] if len(key) == KEY_BYTES and changes > 0:
                    self._pace.spend(key, changes, now)

    def forget(self, now: int) -> None:
        """Let go of whose pace makes no difference any more."""
        self._pace.forget(now)

    def _called(self, key: bytes, changes: int) -> list[Output]:
        if not self._shared:
            return []
        about = b"spent %d" % next(self._calls)  # all of them add up
        return [Call(about, cbor.encode(["spent", key, changes]))]
