"""How Moot looks: as the terminal does, unless somebody has said otherwise; and the keys of config.toml."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.tui.app import MootApp
from moot_client.tui.terminal.background import TerminalBackground
from tests.tui.stage import Sample, app_on, empty_community, main_screen, opened, settled, shown, typed


def config(home: Home, words: str) -> None:
    """Write the config file of a home."""
    home.config.parent.mkdir(parents=True, exist_ok=True)
    home.config.write_text(words)


def coloured(app: MootApp) -> bool:
    """Whether anything on screen has a colour of its own."""
    styles = [part.style for strip in app.screen._compositor.render_strips() for part in strip]
    colours = [colour for style in styles if style for colour in (style.color, style.bgcolor)]
    return any(colour is not None and not colour.is_default for colour in colours)


async def chosen(app: MootApp, look: str) -> None:
    """Choose a look, as the palette does."""
    await app.run_action(f"look('{look}')")


async def test_colours_follow_what_the_terminal_answers_and_it_is_known_the_next_time(tmp_path: Path) -> None:
    home = empty_community(tmp_path)
    app = app_on(home)
    async with opened(app) as pilot:
        assert (app.theme, app.asks_background) == ("moot", True)
        app.post_message(TerminalBackground(dark=False))
        await settled(pilot)
        assert app.theme == "moot-light"
    assert app_on(home).theme == "moot-light"


def test_a_hint_of_the_terminal_holds_until_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hint, theme in (("0;15", "moot-light"), ("15;default;0", "moot"), ("x", "moot"), ("", "moot")):
        monkeypatch.setenv("COLORFGBG", hint)
        assert app_on(Home(tmp_path)).theme == theme


async def test_what_was_chosen_wins_over_the_terminal_and_is_kept(tmp_path: Path) -> None:
    home = empty_community(tmp_path)
    app = app_on(home)
    async with opened(app) as pilot:
        await pilot.press("ctrl+p")
        await settled(pilot)
        await typed(pilot, "look: light")
        await pilot.pause(0.3)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert app.theme == "moot-light"
        app.post_message(TerminalBackground(dark=True))
        await settled(pilot)
        assert app.theme == "moot-light"
    again = app_on(home)
    assert (again.theme, again.asks_background) == ("moot-light", False)


async def test_the_config_file_holds_at_each_start(tmp_path: Path) -> None:
    home = empty_community(tmp_path)
    config(home, '[looks]\ntheme = "contrast"\nsigns = "plain"')
    app = MootApp(home, home.place(), sync=lambda replica, clock: None)
    async with opened(app) as pilot:
        assert (app.theme, app.signs.plain) == ("moot-contrast", True)
        await chosen(app, "light")
        await settled(pilot)
        assert app.theme == "moot-light"
        assert "until Moot closes" in " ".join(shown(app).split())
    assert app_on(home).theme == "moot-contrast"


async def test_colours_go_and_come_back_while_moot_is_open(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        assert coloured(app)
        await chosen(app, "none")
        await settled(pilot)
        assert not coloured(app)
        assert "▸ ●●●●●●●●●" in shown(app)
        await chosen(app, "dark")
        await settled(pilot)
        assert coloured(app)


@pytest.mark.parametrize(("look", "colours"), [("auto", False), ("dark", True), ("none", False)])
async def test_no_colour_holds_unless_somebody_chose_one_here(
    sample: Sample, monkeypatch: pytest.MonkeyPatch, look: str, colours: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    config(sample.home, f'[looks]\ntheme = "{look}"')
    app = sample.app("agenda")
    async with opened(app):
        assert coloured(app) is colours
        assert not app.asks_background


async def test_no_color_that_is_empty_takes_no_colour_out(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    app = sample.app("agenda")
    async with opened(app):
        assert coloured(app)
        assert app.asks_background


async def test_what_was_kept_and_is_damaged_counts_for_nothing(tmp_path: Path) -> None:
    home = empty_community(tmp_path)
    for words in (
        "",
        "[1]",
        "{",
        '{"theme": 5}',
        '{"theme": "pink", "dark": []}',
        json.dumps({"x": "y" * 99}),
    ):
        (home.path / "looks.json").write_text(words)
        assert app_on(home).theme in ("moot", "moot-light")


async def test_other_keys_work_and_everything_that_names_a_key_names_them(sample: Sample) -> None:
    config(sample.home, '[keys]\nvote = "f6"\npledge = "v"\nhelp = "f2"\nlook_light = "f9"')
    app = sample.app("agenda")
    async with opened(app, (120, 40)) as pilot:
        assert "F6 vote" in shown(app)
        assert "F2 help" in shown(app)
        await pilot.press("f6")
        await settled(pilot)
        assert "Your dots" in shown(app)
        await pilot.press("escape", "v")
        await settled(pilot)
        assert "Hours you would give" in shown(app)
        await pilot.press("escape", "p", "question_mark", "f9", "f2")
        await settled(pilot)
        assert app.theme == "moot-light"
        assert "F6" in shown(app)
        await pilot.press("f2", "ctrl+p")
        await settled(pilot)
        await typed(pilot, "vote")
        await pilot.pause(0.3)
        assert "vote (F6)" in shown(app)


async def test_a_bad_config_file_is_said_and_moot_opens(sample: Sample) -> None:
    config(sample.home, '[keys]\nvotes = "f6"\nedit = "f7"\nvote = "ctlr+x"')
    app = sample.app("agenda")
    async with opened(app) as pilot:
        said = " ".join(shown(app).split())
        assert "config.toml: there is no command votes; is vote meant?" in said
        assert "moot keys lists 1 more." in said
        await pilot.press("f7")
        await settled(pilot)
        assert main_screen(app) is not app.screen


async def test_a_bad_config_file_is_said_on_the_first_screen_too(tmp_path: Path) -> None:
    config(Home(tmp_path), "[keys")
    app = app_on(Home(tmp_path))
    async with opened(app):
        assert "config.toml line 1" in " ".join(shown(app).split())
