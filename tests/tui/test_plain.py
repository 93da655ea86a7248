"""Narrow, without colour, without signs, with hostile words: everything is still there."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.strip import Strip

from moot_client.replica.commands import Say
from moot_client.tui.app import MootApp
from moot_client.tui.looks.signs import FULL, PLAIN, Signs, choose
from moot_client.views.begun import drafts
from tests.helpers import cohort
from tests.tui.stage import LARGE, Sample, main_screen, opened, replica_of, settled, shown, typed

HOSTILE = "[bold]not bold[/bold] [/] [@click=app.quit]x[/] \x1b[31mred\x1b[0m \u202eback\u202c \x07 é 🐝 שלום"


@pytest.mark.parametrize("size", [(80, 24), (200, 40)])
async def test_what_people_wrote_is_never_markup_and_never_steers(
    sample: Sample, size: tuple[int, int]
) -> None:
    joon = sample.other(1)
    key = cohort.issue(joon, HOSTILE, body=HOSTILE, now=HOSTILE)
    joon.do(Say("vote", key, {"dots": 1, "why": HOSTILE}))
    joon.do(Say("comment", key + "/", {"text": HOSTILE}))
    joon.do(Say("profile", "me", {"name": HOSTILE[:58], "about": HOSTILE}))
    app = sample.app("agenda")
    async with opened(app, size) as pilot:
        cohort.carry(joon, replica_of(app))
        joon.close()
        await settled(pilot)
        for keys in (
            ["g"],
            ["enter"],
            ["e"],
            ["escape"],
            ["v"],
            ["escape"],
            ["c"],
            ["escape"],
            ["1"],
            ["4"],
            ["5"],
        ):
            if keys == ["enter"]:
                main_screen(app).view.list.select(key)
            await pilot.press(*keys)
            await settled(pilot)
            assert not set(shown(app)) & {"\x1b", "\x07", "\u202e"}
            if keys == ["enter"]:
                assert "[bold]not bold[/bold] [/]" in shown(app)
        await pilot.press("ctrl+p")
        await settled(pilot)
        await typed(pilot, "not bold")
        await pilot.pause(0.3)


@pytest.mark.parametrize("place", ["today", "agenda", "lessons", "people"])
@pytest.mark.parametrize("size", [(60, 20), (40, 12)])
async def test_narrow_windows_still_work(sample: Sample, place: str, size: tuple[int, int]) -> None:
    app = sample.app(place)
    async with opened(app, size) as pilot:
        assert place.upper() in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        lines = shown(app).splitlines()
        assert max(map(len, lines)) <= size[0]
        assert "Esc back" in shown(app)
        assert "? help" in shown(app)


async def test_a_window_that_is_too_small_gets_one_sentence(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app, (38, 10)) as pilot:
        words = " ".join(shown(app).split())
        assert words.startswith("Moot needs 40 columns and 12 lines; this window has 38 and 10.")
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert "AGENDA" in shown(app)
        assert "Moot needs" not in shown(app)


@pytest.mark.parametrize("size", [(39, 12), (40, 11), (20, 5), (24, 3), (12, 4), (200, 1)])
async def test_the_sentence_stands_whole_in_the_room_there_is(sample: Sample, size: tuple[int, int]) -> None:
    app = sample.app("agenda")
    async with opened(app, size):
        words = " ".join(shown(app).split())
        assert words.startswith(("Moot needs 40 columns and 12 lines", "Too small"))
        assert words.endswith((".", "Too small"))
        assert "Ctrl+Q closes" in words or size == (12, 4)


async def test_in_a_window_that_is_too_small_no_key_acts_but_the_one_that_closes_moot(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app, (20, 5)) as pilot:
        before = replica_of(app).reader().execute("SELECT count(*) FROM change").fetchone()
        await pilot.press("n", *"abc", "escape", "a", "j", "enter", "ctrl+p", "u", "S")
        await typed(pilot, "pasted")
        replica = replica_of(app)
        assert replica.reader().execute("SELECT count(*) FROM change").fetchone() == before
        assert drafts(replica.reader()) == ()
        assert app.screen is main_screen(app)
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert not app.is_running


@pytest.mark.parametrize("keys", [["c"], ["e", "tab"], ["v", "tab"], ["n"], ["/"]])
async def test_a_window_made_too_small_for_a_moment_leaves_one_typing_where_one_was(
    sample: Sample, keys: list[str]
) -> None:
    app = sample.app("agenda")
    async with opened(app, (80, 24)) as pilot:
        await pilot.press(*keys, "x")
        await settled(pilot)
        for size in ((38, 10), (1, 1), (38, 10)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
        assert "Moot needs 40 columns" in shown(app)
        await pilot.press("a")
        await settled(pilot)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        await pilot.press("v")
        await settled(pilot)
        assert "xv" in shown(app)


def drawn(app: MootApp) -> str:
    """What reaches the terminal: behind the filters."""
    strips = app.screen._compositor.render_strips()
    for line_filter in app.get_line_filters():
        strips = [Strip(line_filter.apply(list(strip), Color(0, 0, 0))) for strip in strips]
    return "\n".join(strip.text for strip in strips)


@pytest.mark.parametrize("signs", [FULL, PLAIN])
async def test_what_stands_alone_in_a_narrow_window_has_no_rule_beside_it(
    sample: Sample, signs: Signs
) -> None:
    app = sample.app("agenda", signs)
    async with opened(app, (80, 24)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        assert not any(line.startswith(("|", "▏")) for line in drawn(app).splitlines())
        await pilot.resize_terminal(*LARGE)
        await settled(pilot)
        assert "|" in drawn(app).splitlines()[3] or "▏" in drawn(app).splitlines()[3]


async def test_plain_signs_need_nothing_but_ascii(sample: Sample) -> None:
    app = sample.app("agenda", PLAIN)
    async with opened(app, LARGE) as pilot:
        for key in (
            "j",
            "k",
            "enter",
            "v",
            "escape",
            "n",
            "escape",
            "S",
            "escape",
            "question_mark",
            "escape",
            "ctrl+p",
            "escape",
            "slash",
            "z",
            "enter",
        ):
            await pilot.press(key)
            await settled(pilot)
            assert drawn(app).isascii(), drawn(app)


async def test_without_colour_every_state_has_a_word_or_a_sign(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = sample.app("agenda")
    async with opened(app) as pilot:
        assert "▸ ●●●●●●●●●" in shown(app)
        assert "no hours yet !" in shown(app)
        await pilot.press("n", "tab", "tab", "tab")
        await settled(pilot)
        assert "[team]" in shown(app)
        styles = [part.style for strip in app.screen._compositor.render_strips() for part in strip]
        for style in styles:
            for colour in (style.color, style.bgcolor) if style else ():
                assert colour is None or colour.is_default


def test_signs_are_chosen_by_what_the_terminal_can_show() -> None:
    assert choose("utf-8", {"TERM": "xterm-256color"}) is FULL
    assert choose("UTF8", {}) is FULL
    assert choose("latin-1", {"TERM": "xterm"}) is PLAIN
    assert choose("utf-8", {"TERM": "linux"}) is PLAIN
    assert choose(None, {}) is PLAIN


def test_a_locale_that_is_not_utf8_is_believed_though_python_writes_utf8() -> None:
    for env in (
        {"LANG": "C"},
        {"LANG": "C", "LC_CTYPE": "C.UTF-8"},
        {"LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"},
        {"LANG": "de_DE.ISO-8859-1"},
    ):
        assert choose("utf-8", env) is PLAIN, env
    for env in (
        {},
        {"LANG": "C.UTF-8"},
        {"LANG": "de_DE.UTF-8@euro"},
        {"LANG": "C", "LC_ALL": "en_GB.utf8"},
        {"LC_CTYPE": "C.UTF-8"},
    ):
        assert choose("utf-8", env) is FULL, env
