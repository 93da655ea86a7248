"""What every screen works with: one community, the time, the signs, and what can be taken back."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

from moot_client.store.glance import Glance
from moot_client.tui.company.around import NOBODY, Around
from moot_client.tui.looks.signs import FULL, Signs
from moot_client.tui.words.taken_back import UndoStack
from moot_client.views.times import when

if TYPE_CHECKING:
    from moot_client.home import Place
    from moot_client.replica.commands import Command
    from moot_client.replica.replica import Replica

T = TypeVar("T")


def clock() -> int:
    """Now, in Unix milliseconds."""
    return int(time.time() * 1000)


class Desk:
    """One community, as the interface sees it.

    `rows` is what is read: a glance at the file at first, the replica as soon as that is open (`whole`).
    Reading is quick and happens where it is asked for; whatever writes goes through `do` or
    `write`, off the interface's own thread and in the order in which it was asked.
    """

    def __init__(
        self,
        rows: Glance | Replica,
        now: Callable[[], int] = clock,
        zone: tzinfo | None = None,
        signs: Signs = FULL,
    ) -> None:
        self.rows = rows
        self.now = now
        self.zone = zone  # None: this machine's own
        self.signs = signs
        self.undo = UndoStack()
        self.doing = 0
        self.around: Around = NOBODY
        self.busy = ""  # what takes a moment just now
        self._order = asyncio.Lock()
        self._whole = asyncio.Event()

    @property
    def replica(self) -> Replica:
        """What writes; it is there when `whole` has returned."""
        assert not isinstance(self.rows, Glance), "asked to write before the replica was open"
        return self.rows

    @property
    def is_whole(self) -> bool:
        """Whether it can be written to."""
        return not isinstance(self.rows, Glance)

    async def whole(self) -> None:
        """Wait until it can be written to."""
        if not self.is_whole:
            await self._whole.wait()

    def go_on_with(self, replica: Replica) -> None:
        """The replica is open: from now on it is read as well."""
        self.rows = replica
        self._whole.set()

    @property
    def place(self) -> Place:
        """The community's folder, and what is known of it without opening it."""
        return self.rows.place

    @property
    def db(self) -> sqlite3.Connection:
        """A connection for reading, on the thread that asks."""
        return self.rows.reader()

    @property
    def me(self) -> str:
        """My own key text."""
        return self.rows.me

    def when(self, ms: int) -> str:
        """A time as people say it."""
        return when(ms, self.now(), self.zone)

    async def write(self, work: Callable[[], T]) -> T:
        """Do something that writes, in a thread, after what was asked for before."""
        async with self._order:
            return await asyncio.to_thread(work)

    async def do(self, command: Command, undo: str = "") -> Any:
        """Carry out a command and answer once it is on disk; with `undo` words it can be taken back."""
        self.doing += 1
        try:
            return await self.write(lambda: self._do(command, undo))
        finally:
            self.doing -= 1

    def _do(self, command: Command, undo: str) -> Any:
        from moot_client.tui.words.undo import inverse_after, state_before

        before = state_before(self.db, self.me, command) if undo else None
        answer = self.replica.do(command)
        if before is not None:
            self.undo.push(undo, inverse_after(self.db, before, command, answer))
        return answer
