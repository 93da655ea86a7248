"""Going on in an editor of one's own: the words come back, whatever the editor or the machine does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from moot_client.tui.app import MootApp
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.screens.form import FormScreen
from moot_client.tui.widgets.prosebox import MOST_IN_A_BOX, ProseBox
from moot_client.tui.words import own_editor
from moot_client.tui.words.lending import FOLDER, Lent
from tests.helpers.terminal import CTRL_S, TAB, Terminal
from tests.tui.stage import Sample, full, opened, replica_of, settled, shown, typed

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


async def a_field(pilot: Pilot[int]) -> ProseBox:
    """A prose field of a new issue in which 'Facts.' stands."""
    await pilot.press("n", "x", "tab")
    await typed(pilot, "Facts.")
    box = pilot.app.focused
    assert isinstance(box, ProseBox)
    return box


def left(sample: Sample) -> Path:
    """The one file that is lent."""
    (folder,) = files(sample)
    return folder / "words.md"


def status_of(app: MootApp) -> str:
    assert isinstance(app.screen, MootScreen)
    return app.screen.status.text


@pytest.mark.usefixtures("stepping_aside")
async def test_what_is_written_in_a_window_after_its_command_came_back_is_found_at_the_next_start(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", an_editor(tmp_path, "t"))
    app = sample.app("agenda")
    async with opened(app) as pilot:
        box = await a_field(pilot)
        assert isinstance(app.screen, MootScreen)
        await own_editor.edit(app.screen, box, clock=lambda: 7.0)
        await settled(pilot)
        assert 'It may need --wait: EDITOR="code --wait"' in " ".join(shown(app).split())
        assert box.text == "Facts."
        assert left(sample).read_text() == "Facts.\n"
        await pilot.press("escape")
        await settled(pilot)
    again = sample.app("today")
    async with opened(again):
        assert left(sample).read_text() == "Facts.\n"  # the window may be open still
    left(sample).write_text("Facts, from a window.\n")
    last = sample.app("today")
    async with opened(last) as pilot:
        await settled(pilot)
        assert replica_of(last).draft("new issue", "")["now"] == "Facts, from a window."
        assert not files(sample)


@pytest.mark.usefixtures("stepping_aside")
async def test_an_editor_in_which_one_read_for_a_while_and_changed_nothing_leaves_nothing(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", an_editor(tmp_path, "t"))
    app = sample.app("agenda")
    seconds = iter((7.0, 10.0))
    async with opened(app) as pilot:
        box = await a_field(pilot)
        assert isinstance(app.screen, MootScreen)
        await own_editor.edit(app.screen, box, clock=lambda: next(seconds))
        await settled(pilot)
        assert "--wait" not in shown(app)
        assert box.text == "Facts."
        assert not files(sample)


@pytest.mark.usefixtures("stepping_aside")
@pytest.mark.parametrize(
    ("does", "says"),
    [
        ("os.unlink(p)", "Your editor left no file, so nothing was taken over."),
        ("os.unlink(p); os.mkdir(p)", "What your editor left cannot be read (Is a directory)"),
        (
            "open(p, 'wb').write(b'caf\\xe9')",
            "What your editor left is not UTF-8, so nothing was taken over.",
        ),
    ],
)
async def test_a_file_that_cannot_be_read_takes_nothing_from_the_field_and_stays(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, says: str
) -> None:
    script = tmp_path / "editor.py"
    script.write_text(f"import os, sys; p = sys.argv[1]; {does}")
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    app = sample.app("agenda")
    async with opened(app) as pilot:
        box = await a_field(pilot)
        await pilot.press("ctrl+g")
        await settled(pilot)
        assert says in status_of(app)
        assert box.text == "Facts."
        assert replica_of(app).draft("new issue", "")["now"] == "Facts."
        assert files(sample)


@pytest.mark.usefixtures("stepping_aside")
async def test_more_than_a_field_takes_is_a_draft_on_disk_before_its_file_is_gone(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", an_editor(tmp_path, f"'x' * {MOST_IN_A_BOX + 1}"))
    app = sample.app("agenda")
    kept: list[int] = []
    give_back = Lent.give_back

    def watched(lent: Lent) -> None:
        replica = replica_of(app)
        texts = [
            replica.draft(form, subject)["text"] for form, subject, _ in replica.drafts() if form == "pasted"
        ]
        kept.extend(map(len, texts))
        give_back(lent)

    monkeypatch.setattr(Lent, "give_back", watched)
    async with opened(app) as pilot:
        box = await a_field(pilot)
        await pilot.press("ctrl+g")
        await settled(pilot)
        assert kept == [MOST_IN_A_BOX + 1]
        assert "200,001 characters are more than this field takes: 200,000 in all." in status_of(app)
        assert box.text == "Facts."
        assert not files(sample)


@pytest.mark.usefixtures("stepping_aside")
async def test_more_than_a_field_takes_stays_in_its_file_where_the_disk_takes_no_draft(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", an_editor(tmp_path, f"'x' * {MOST_IN_A_BOX + 1}"))
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await a_field(pilot)
        assert app.desk is not None
        monkeypatch.setattr(app.desk.replica, "keep_draft", full)
        monkeypatch.setattr(FormScreen, "keep_typing", _it_is_kept)
        await pilot.press("ctrl+g")
        await settled(pilot)
        assert "The disk is full." in status_of(app)
        assert len(left(sample).read_text()) == MOST_IN_A_BOX + 1
        monkeypatch.undo()


async def _it_is_kept(screen: FormScreen) -> bool:
    return True


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
