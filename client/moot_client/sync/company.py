"""Who else is here, and what this machine says of its own member: in memory only, and never sent on.

    said --every 20 s, or when it changes--> said again      heard --60 s of silence, or a bye--> forgotten

With each word goes a farewell, for the relay to pass on if this connection ends without one: by a crash, or
with the network. What others say is theirs, signed. A relay can be late with it or keep it back, so this
decides nothing: it is shown, no more. Nobody can push others out: of each member, only the newest few
machines are remembered. Expiry goes by a clock that nobody sets. Any thread may call any method.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeVar

from moot_client.replica.replica import Replica
from moot_client.sync.events import Here, Present
from moot_shared.errors import FormatError
from moot_shared.ids import KEY_BYTES, encode_bytes
from moot_shared.wire import presence
from moot_shared.wire.messages import Ephemeral
from moot_shared.wire.presence import WRITING, Whereabouts

AGAIN_S = 20.0
FORGET_S = 60.0
APART_S = 1.0  # as fast as a relay passes words on
MACHINES = 8  # of one member, who can make up as many as they like; and as many sessions: the newest stay
GONE = Whereabouts(here=False)

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Heard:
    here: Here
    until: float


class Company:
    """Of one community, for as long as a process has it open."""

    def __init__(
        self,
        replica: Replica,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[int], bytes] | None = None,
    ) -> None:
        """`clock` counts seconds."""
        self._replica = replica
        self._clock = clock
        self._lock = Lock()
        self._session = (random or replica.outside.random)(16).hex()
        self._count = -1
        self._mine: Whereabouts | None = None
        self._said: Whereabouts | None = None  # on this connection
        self._said_at = 0.0
        self._heard: OrderedDict[bytes, _Heard] = OrderedDict()  # machine -> where its member is
        self._counts: OrderedDict[bytes, int] = OrderedDict()  # machine and session -> their newest word

    # -- what I say --------------------------------------------------------------------------------

    def i_am(self, where: Whereabouts | None) -> None:
        """Where this machine's member is from now on; None: nobody is to see them."""
        with self._lock:
            self._mine = where

    def begin(self) -> None:
        """A new connection: nobody there has heard anything."""
        with self._lock:
            self._said = None

    def next_word(self) -> Ephemeral | None:
        """What is to be said now, if anything is."""
        with self._lock:
            wait = self._until_said()
            return self._say(self._mine or GONE) if wait is not None and wait <= 0 else None

    def goodbye(self) -> Ephemeral | None:
        """The last word on a connection, if I was seen there."""
        with self._lock:
            return self._say(GONE) if self._said is not None and self._said.here else None

    def _say(self, where: Whereabouts) -> Ephemeral:
        self._count += 2  # the one between is the farewell's
        self._said, self._said_at = where, self._clock()
        word = self._signed(where, self._count)
        return replace(word, farewell=self._signed(GONE, self._count + 1).data) if where.here else word

    def _signed(self, where: Whereabouts, count: int) -> Ephemeral:
        replica = self._replica
        who = replica.community, replica.actor, replica.identity
        return presence.say(where, *who, self._session, count)

    def _until_said(self) -> float | None:
        """Seconds until I speak; None for as long as nothing changes."""
        if self._said is None:
            return None if self._mine is None else 0.0
        changed = self._said != (self._mine or GONE)
        if not changed and not self._said.here:
            return None
        return self._said_at + (APART_S if changed else AGAIN_S) - self._clock()

    # -- what others say ---------------------------------------------------------------------------

    def hear(self, message: Ephemeral) -> list[Present]:
        """A word of somebody's; what is not theirs, or is old, is passed over. The news, if it is any."""
        try:
            said, where = presence.read(message)
        except FormatError:
            return []  # of a later version, or none at all
        replica, name = self._replica, said.actor + message.session_id.encode()
        with self._lock:
            if said.actor == replica.actor or message.count <= self._counts.get(name, -1):
                return []
        if not self._belongs(said.key) or not said.is_theirs(replica.community, message):
            return []
        with self._lock:
            before = self._others()
            _keep(self._counts, name, message.count)
            if where.here:
                here = Here(said.actor, where.at if where.doing == WRITING else "")
                _keep(self._heard, said.actor, _Heard(here, self._clock() + FORGET_S))
            else:
                self._heard.pop(said.actor, None)
            return self._news(before)

    def forget(self) -> list[Present]:
        """Let go of who has not spoken for a while. The news, if it is any."""
        with self._lock:
            before, now = self._others(), self._clock()
            for actor in [actor for actor, heard in self._heard.items() if heard.until <= now]:
                del self._heard[actor]
            return self._news(before)

    def end(self) -> list[Present]:
        """The connection is no more: who is here is not known. The news, if it is any."""
        with self._lock:
            before = self._others()
            self._heard.clear()
            return self._news(before)

    def rest(self) -> float:
        """Seconds until there may be something to say or to forget."""
        with self._lock:
            said = self._until_said()
            return AGAIN_S if said is None else min(max(said, 0.0), AGAIN_S)

    def _others(self) -> tuple[Here, ...]:
        return tuple(heard.here for _, heard in sorted(self._heard.items()))

    def _news(self, before: tuple[Here, ...]) -> list[Present]:
        after = self._others()
        return [Present(after)] if after != before else []

    def _belongs(self, key: bytes) -> bool:
        query = "SELECT 1 FROM member WHERE key = ? AND NOT removed"
        return bool(self._replica.store.read(query, (encode_bytes(key),)))


def _keep(kept: OrderedDict[bytes, V], name: bytes, value: V) -> None:
    """Remember this, as the newest of the member with whose key the name begins, in place of their oldest."""
    kept[name] = value
    kept.move_to_end(name)
    theirs = [other for other in kept if other.startswith(name[:KEY_BYTES])]
    if len(theirs) > MACHINES:
        del kept[theirs[0]]
