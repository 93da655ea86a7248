"""What is typed in place: one bar at a time, opened, kept or left, and said.

no bar --open--> open --close, said--> no bar; its words are on their way
open --another is asked for, or another place--> no bar, and a draft; it stays open where that cannot be kept
its words could be neither said nor kept--> open with them again, or behind the one that is open by then
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar, cast

from textual.widget import Widget

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.screens.doing import Doing
from moot_client.tui.widgets.bars import Bar, Line

if TYPE_CHECKING:
    from moot_client.replica.commands import Command
    from moot_client.tui.forms.keeper import Keeper

L = TypeVar("L", bound=Bar)
Begin = Callable[[], Bar]
"""A line that is told what it is about, or a box that is made: to be opened, and opened again."""
MOSTLY_S = 0.01


class InPlace(Doing):
    """For a screen that has a `view` with something selected."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.bar: Bar | None = None
        """The one that is open."""
        self._begin: Begin | None = None
        self._unkept: list[tuple[Begin, Mapping[str, str], Keeper]] = []
        self._before_bar: Widget | None = None
        self._lines: dict[str, Bar] = {}
        self._putting_up = asyncio.Lock()

    def line(self, name: str, make: Callable[[], L]) -> L:
        """A line that is opened again and again."""
        if name not in self._lines:
            self._lines[name] = make()
        return cast(L, self._lines[name])

    async def put_up(self, bar: Bar) -> None:
        """Out of sight: a line before it is asked for, since that takes longer than a key may."""
        async with self._putting_up:  # it is whole when this returns, whoever began it
            if not bar.is_attached:
                bar.display = False
                await self.query_one("#bottom").mount(bar, before="#rule")

    async def no_bar(self) -> bool:
        """Close what is open, to open another one; False where it has to stay: its words are nowhere else."""
        if self.bar is not None and not await self.bar.keep_typing():
            return False
        self.close_bar()
        self.status.hush()
        return True

    async def open_bar(self, begin: Begin) -> None:
        """Put one line (or a small box) above the bottom lines, instead of the one that is there."""
        if await self.no_bar():
            await self._open(begin)

    async def _open(self, begin: Begin) -> Bar:
        """It has the focus when this returns: whoever types 'v3' does not type the 3 into the list."""
        bar = begin()
        self.bar, self._begin, self._before_bar = bar, begin, self.focused
        with self.app.batch_update():  # one picture, in which it has the focus
            await self.put_up(bar)
            self._show_bar(bar, True)
            self.focus_on(bar.first)
        self.paint()
        return bar

    def _show_bar(self, bar: Bar, shown: bool) -> None:
        bar.display = shown
        if isinstance(bar, Line):  # it stands where the rule is
            self.query_one("#rule").display = not shown

    def close_bar(self) -> None:
        """Take it away, once its words are said or kept; the focus goes back to where it was."""
        bar, self.bar = self.bar, None
        if bar is None:
            return
        if bar.keeper is not None:
            bar.keeper.closed()
        self.focus_on(self._before_bar or self.view.list)  # first: else another one has it in between
        self._show_bar(bar, False)
        if not isinstance(bar, Line):
            bar.remove()  # it is out of sight from the next picture on; to be taken away takes longer
        if self._unkept:
            self.run_worker(self._open_again(*self._unkept.pop()), group="doing", exit_on_error=False)

    async def _open_again(self, begin: Begin, held: Mapping[str, str], keeper: Keeper) -> None:
        """With what is nowhere else."""
        if self.bar is not None:
            self._unkept.append((begin, held, keeper))
            return
        (await self._open(begin)).hold(held)

    async def bars_kept(self) -> bool:
        """Moot is about to close: put what was typed on disk; False where it did not work."""
        return all([await keeper.save() for keeper in self._keepers()])

    def bars_kept_now(self) -> None:
        """The same where nothing can be waited for any more."""
        for keeper in self._keepers():
            keeper.save_now()

    def _keepers(self) -> Iterator[Keeper]:
        if self.bar is not None and self.bar.keeper is not None:
            yield self.bar.keeper
        yield from (keeper for _, _, keeper in self._unkept)

    async def leave_bar(self, bar: Bar) -> None:
        """Close it with a draft of what was typed; where that cannot be kept, it stays."""
        if not await bar.keep_typing():
            return
        keeper = bar.keeper
        self.close_bar()
        if keeper is not None and keeper.keeps:
            self.status.say(f"Your draft is kept; {keeper.goes_on(f'{key_of(bar.command)} goes on with it')}")

    async def say_from(self, bar: Bar, command: Command, done: str, undo: str) -> None:
        """Say what was typed in one line; it is a draft for as long as it is not said.

        A write mostly takes less than the interface needs to put the line away, as long as the two do not
        take turns at the interpreter.
        """
        begin, held, keeper = self._begin, bar.held, bar.keeper
        writing = asyncio.ensure_future(self.desk.do(command, undo))
        await asyncio.wait({writing}, timeout=MOSTLY_S)
        picture = self.one_picture()
        self.close_bar()

        async def say() -> bool:
            with picture:
                return await self.carried_out(command, done, undo, writing)

        async def settle(said: bool | None = None) -> None:
            said = await say() if said is None else said
            if keeper is not None and said:
                await keeper.forget()
            elif begin and keeper and not (keeper.fields and await keeper.save()):
                await self._open_again(begin, held, keeper)

        said = await say() if writing.done() else None
        self.run_worker(settle(said), group="doing", exit_on_error=False)
