"""Going on in an editor of one's own: the words come back, whatever the editor or the machine does."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from moot_client.tui import lending
from moot_client.tui.app import MootApp
from moot_client.tui.lending import FOLDER, Lent, left_behind
from moot_client.tui.screens.form import FormScreen
from moot_shared.errors import InputError
from tests.helpers.terminal import CTRL_S, TAB, Terminal
from tests.tui.stage import Sample, opened, replica_of, settled, shown, typed

REWRITE = "import sys; p = sys.argv[1]; t = open(p).read(); open(p, 'w').write({new}); sys.exit({code})"


@contextmanager
def _terminal_is_given(app: MootApp) -> Iterator[None]:
    yield


@pytest.fixture
def stepping_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal there is nothing to step aside from."""
    monkeypatch.setattr(MootApp, "suspend", _terminal_is_given)
    monkeypatch.delenv("VISUAL", raising=False)


def an_editor(folder: Path, new: str, code: int = 0) -> str:
    """A command that puts `new` (an expression over `t`) into the file and ends with a code."""
    script = folder / "editor.py"
    script.write_text(REWRITE.format(new=new, code=code))
    return f"{sys.executable} {script}"


def files(sample: Sample) -> list[Path]:
    return list((sample.home.place().folder / FOLDER).glob("*"))


@pytest.mark.usefixtures("stepping_aside")
async def test_what_was_written_there_is_in_the_field_and_in_the_draft_and_nowhere_else(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", an_editor(tmp_path, "t.replace('corridor', 'hallway') + '\\nMore.\\n'"))
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n", "x", "tab")
        await typed(pilot, "Facts are told in the corridor.")
        await pilot.press("ctrl+g")
        await settled(pilot)
        assert isinstance(app.screen, FormScreen)
        assert app.screen.row("now").words == "Facts are told in the hallway.\n\nMore."
        assert replica_of(app).draft("new issue", "")["now"] == "Facts are told in the hallway.\n\nMore."
        assert not files(sample)
        await pilot.press("ctrl+z")
        assert app.screen.row("now").words == "Facts are told in the corridor."


@pytest.mark.usefixtures("stepping_aside")
async def test_an_editor_that_ends_badly_changes_nothing_and_what_it_left_is_kept(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", an_editor(tmp_path, "'half of \\x1b[31mit'", code=3))
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n", "x", "tab")
        await typed(pilot, "Facts.")
        await pilot.press("ctrl+g")
        await settled(pilot)
        assert "The editor ended with a trouble of its own (3): the text here is as it was." in " ".join(
            shown(app).split()
        )
        assert isinstance(app.screen, FormScreen)
        assert app.screen.row("now").words == "Facts."
        kept = [subject for form, subject, _ in replica_of(app).drafts() if form == "pasted"]
        assert replica_of(app).draft("pasted", kept[0])["text"] == "half of \x1b[31mit"
        await pilot.press("escape", "1", "G")
        await settled(pilot)
        assert "From your editor: half of ␛[31mit" in shown(app)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ("", "No editor is set. In your shell, export EDITOR=nano"),
        ("no-such-editor-here --wait", "The editor no-such-editor-here is not on this machine."),
    ],
)
async def test_where_there_is_no_editor_one_is_told_how_to_name_it(
    sample: Sample, monkeypatch: pytest.MonkeyPatch, chosen: str, words: str
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", chosen)
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n", "x", "tab", "y", "ctrl+g")
        await settled(pilot)
        assert words in " ".join(shown(app).split())
        assert isinstance(app.screen, FormScreen)
        assert app.screen.row("now").words == "y"


async def test_without_a_terminal_it_is_said_that_no_editor_can_be_opened(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", an_editor(tmp_path, "t"))
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n", "x", "tab", "y", "ctrl+g")
        await settled(pilot)
        assert "An editor can be opened from a terminal only." in shown(app)
        assert not files(sample)


async def test_words_that_were_lent_when_moot_ended_are_in_their_draft_again(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n", "x", "tab")
        await typed(pilot, "Facts.")
        await pilot.press("escape")
        await settled(pilot)
        folder = sample.home.place().folder
        for words, after in (("Facts.", "Facts, and more."), ("Nowhere kept", "Nowhere kept either")):
            lent = Lent(folder, words)
            lent.file.write_text(after + "\n")
            lent._lock.release()  # as the system does when the process is gone
    again = sample.app("today")
    async with opened(again) as pilot:
        await settled(pilot)
        await settled(pilot)
        assert replica_of(again).draft("new issue", "")["now"] == "Facts, and more."
        await pilot.press("G")
        await settled(pilot)
        assert "From your editor: Nowhere kept either" in shown(again)
        assert not files(sample)


def test_what_another_moot_has_lent_just_now_is_left_to_it(tmp_path: Path) -> None:
    lent = Lent(tmp_path, "mine")
    assert not list(left_behind(tmp_path))
    assert lent.words() == "mine\n"
    lent.give_back()
    assert not list((tmp_path / FOLDER).iterdir())


def test_the_file_is_nobody_elses_to_read(tmp_path: Path) -> None:
    lent = Lent(tmp_path, "mine")
    assert stat.S_IMODE(lent.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(lent.folder.stat().st_mode) == 0o700
    lent.give_back()


def test_visual_goes_before_editor_and_may_have_options(monkeypatch: pytest.MonkeyPatch) -> None:
    surroundings = {"VISUAL": f"'{sys.executable}' -X utf8", "EDITOR": "ed", "PATH": ""}
    assert lending.editor(surroundings) == [sys.executable, "-X", "utf8"]
    with pytest.raises(InputError, match="not on this machine"):
        lending.editor({"EDITOR": "ed", "PATH": "/nowhere"})


@pytest.mark.slow
def test_a_real_editor_has_the_terminal_and_gives_it_back(tmp_path: Path) -> None:
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\necho "HERE I AM"\nread answer < /dev/tty\necho "and $answer" >> "$1"\n')
    script.chmod(0o700)
    home = tmp_path / "home"
    first = Terminal(home)
    first.moot("found", "Northern cohort", "--as", "Mara")
    first.process.close(force=True)
    terminal = Terminal(home, EDITOR=str(script), VISUAL="")
    try:
        terminal.sees("recovery words")
        terminal.types("n")
        terminal.sees("New issue")
        terminal.types(f"Handover{TAB}Facts are lost")
        terminal.sees("Facts are lost")
        terminal.types("\x07")
        terminal.sees("HERE I AM")
        terminal.types("never found\r")
        terminal.sees("and never found")
        terminal.sees("Handover")
        terminal.types(CTRL_S)
        terminal.sees("Handover", instead_of="New issue")
        (row,) = json.loads(terminal.moot("issues", "--json"))
        assert row["title"] == "Handover"
    finally:
        terminal.process.close(force=True)
