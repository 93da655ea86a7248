"""What a disk has been told to do, and at which step: die, fail, be full, refuse, lie."""

from __future__ import annotations

import errno
import os
from enum import Enum

NEVER = 1 << 62


class Died(BaseException):
    """The process has ended here. Nothing that it does afterwards reaches its disk."""


class When(Enum):
    """When, in a step, a process dies. A sync and a change of a name are never half done."""

    BEFORE = "before"
    MIDDLE = "in the middle of"
    AFTER = "after"


class Trouble:
    """The plan of one disk; `alarm` is the first step at which any of it matters."""

    def __init__(self) -> None:
        self.alarm = NEVER
        self.read_only = False
        self.lying = False
        """Syncs are answered and do nothing: a planted bug."""
        self.refused: list[int] = []
        """The steps at which there was no room, or an error."""
        self._death: tuple[int, When] = (NEVER, When.BEFORE)
        self._failing = range(NEVER, NEVER)
        self._full = NEVER
        self._wholly = False

    def die_at(self, step: int, when: When) -> None:
        """The process that makes this step dies at it."""
        self._death = (step, when)
        self._plan()

    def fail_at(self, step: int, times: int = 1) -> None:
        """The device reports an error for these steps."""
        self._failing = range(step, step + times)
        self._plan()

    def full_from(self, step: int, *, wholly: bool = False) -> None:
        """From this step on nothing grows; nothing can be written at all, if `wholly` (a quota)."""
        self._full, self._wholly = step, wholly
        self._plan()

    def refuse_writes(self) -> None:
        """The disk is mounted so that nothing can be written."""
        self.read_only = True
        self._plan()

    def mend(self) -> None:
        """Nothing is planned any more: there is room, and the device works."""
        self._death, self._failing = (NEVER, When.BEFORE), range(NEVER, NEVER)
        self._full, self.read_only, self.lying = NEVER, False, False
        self._plan()

    def verdict(self, step: int, *, grows: bool, writes: bool) -> When | None:
        """When the process dies at this step, if it does; OSError where the disk refuses."""
        if self.read_only:
            raise error(errno.EROFS)
        if step in self._failing:
            self.refused.append(step)
            raise error(errno.EIO)
        if step == self._death[0]:
            return self._death[1]
        if step >= self._full and (grows or (writes and self._wholly)):
            self.refused.append(step)
            raise error(errno.ENOSPC)
        return None

    def _plan(self) -> None:
        self.alarm = 0 if self.read_only else min(self._death[0], self._failing.start, self._full)


def error(number: int) -> OSError:
    """An OSError as the system raises it."""
    return OSError(number, os.strerror(number))
