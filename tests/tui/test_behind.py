"""What is read behind a screen is shown on it while it is there, and not while it is taken away."""

from __future__ import annotations

import asyncio
import threading

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static
from typing_extensions import override

from moot_client.tui.arriving.behind import Behind
from tests.helpers.patience import PATIENCE_S


class Lingering(Static):
    """Goes when it may."""

    def __init__(self) -> None:
        super().__init__("something")
        self.goes, self.may = asyncio.Event(), asyncio.Event()

    async def on_unmount(self) -> None:
        self.goes.set()
        await self.may.wait()


class Covering(Screen[None]):
    """A screen over another one."""

    def __init__(self) -> None:
        super().__init__()
        self.child = Lingering()

    @override
    def compose(self) -> ComposeResult:
        yield self.child


async def test_what_was_read_is_not_shown_on_a_screen_that_is_being_taken_away() -> None:
    """What it would be shown in may have gone before the screen itself has."""
    app, screen = App[None](), Covering()
    begun, read, shown = threading.Event(), threading.Event(), list[str]()

    def reading() -> str:
        begun.set()
        assert read.wait(PATIENCE_S)
        return "found"

    async with app.run_test():
        await app.push_screen(screen)
        behind = Behind(screen, reading, shown.append)
        behind.ask()
        await asyncio.to_thread(begun.wait, PATIENCE_S)
        leaving = app.pop_screen()
        await screen.child.goes.wait()
        read.set()
        while behind._running:  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0)
        screen.child.may.set()
        await leaving
    assert shown == []
