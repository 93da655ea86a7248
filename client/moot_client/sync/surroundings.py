"""Signs that the network may be back, which cost nothing: another way out of this machine, or a sleep."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

ASLEEP_S = 10.0
_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses that belong to nobody. Nothing is sent there: the machine is asked which way it would take."""


def ways_out() -> tuple[str, ...]:
    """This machine's own addresses on the ways by which it would reach another network; none offline."""
    found = []
    for family, address in _ELSEWHERE:
        try:
            with closing(socket.socket(family, socket.SOCK_DGRAM)) as probe:
                probe.connect((address, 9))
                found.append(str(probe.getsockname()[0]))
        except OSError:
            continue
    return tuple(found)


@dataclass
class Surroundings:
    """Asked again and again, it says when something has changed for the better, or may have.

    Clocks: one that goes on while the machine sleeps and one that does not, in seconds.
    """

    look: Callable[[], tuple[str, ...]] = ways_out
    wall: Callable[[], float] = time.time
    awake: Callable[[], float] = time.monotonic
    _out: tuple[str, ...] = field(default=(), init=False)
    _ahead: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._out, self._ahead = self.look(), self.wall() - self.awake()

    def changed(self) -> bool:
        """Whether there is another way out than before, or this machine has slept."""
        out, ahead = self.look(), self.wall() - self.awake()
        new, slept = set(out) - set(self._out), ahead - self._ahead > ASLEEP_S
        self._out, self._ahead = out, ahead
        return bool(new) or slept
