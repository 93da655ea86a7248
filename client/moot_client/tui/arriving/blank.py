"""Taking all screens away, before another community is shown."""

from __future__ import annotations

from textual.app import App
from textual.screen import Screen

from moot_client.tui.screens.main import MainScreen


async def take_screens_away(app: App[int]) -> None:
    """Down to an empty one: whatever works on the community that is let go of has left."""
    while app.is_running and len(app.screen_stack) > 1:
        await app.pop_screen()
    if app.is_running and isinstance(app.screen, MainScreen):
        base = app.screen  # it was never pushed: what switching takes off its stack is put there
        base._push_result_callback(base, None)
        await app.switch_screen(Screen())
