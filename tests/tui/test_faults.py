"""What goes wrong in the background is said on the screen that one looks at, and closes nothing."""

from __future__ import annotations

import sqlite3

import pytest

from moot_client.tui.forms import keeper
from moot_client.tui.screens import search
from moot_client.views import standing
from tests.tui.stage import Sample, opened, replica_of, settled, shown


def unreadable(*_: object) -> None:
    raise sqlite3.OperationalError("disk I/O error")


def broken(*_: object, **__: object) -> str:
    raise ZeroDivisionError


async def test_a_disk_that_cannot_be_read_is_said_and_read_again_later(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        monkeypatch.setattr(standing, "standing", unreadable)
        await pilot.press("s")
        await settled(pilot)
        assert "The disk could not be read just now (disk I/O error)." in " ".join(shown(app).split())
        monkeypatch.undo()
        await pilot.press(*"handover")
        await settled(pilot)
        assert "Handover between shifts" in shown(app)
        assert {type(fault) for fault in app.faults} == {sqlite3.OperationalError}
        app.faults.clear()


async def test_a_fault_of_our_own_behind_any_screen_is_said(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("s")
        monkeypatch.setattr(search, "search", broken)
        await pilot.press("x")
        await settled(pilot)
        assert "Something went wrong inside Moot, and this was not done." in " ".join(shown(app).split())
        assert [type(fault) for fault in app.faults] == [ZeroDivisionError]
        app.faults.clear()


@pytest.mark.parametrize("keys", [("n",), ("j", "v", "tab"), ("c",)], ids=["form", "line", "remark"])
async def test_a_fault_while_a_draft_is_kept_is_said_wherever_one_types(
    sample: Sample, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    monkeypatch.setattr(keeper, "PAUSE_S", 0.01)
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press(*keys)
        monkeypatch.setattr(replica_of(app), "keep_draft", broken)
        await pilot.press("x")
        await settled(pilot)
        assert "Something went wrong inside Moot" in shown(app)
        monkeypatch.undo()
        app.faults.clear()
