"""What is left of words lent to an editor: the next start finds it, and only what is a draft is put away."""

from __future__ import annotations

import stat
import sys
import time
from pathlib import Path

import pytest

from moot_client.tui.screens.base import MootScreen
from moot_client.tui.words import lending
from moot_client.tui.words.lending import FOLDER, Lent, left_behind
from moot_shared.errors import InputError
from tests.tui.stage import Sample, opened, replica_of, settled, shown, typed


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
        assert not list((folder / FOLDER).iterdir())


async def test_what_is_left_in_another_alphabet_stays_and_is_said_at_the_next_start(sample: Sample) -> None:
    lent = Lent(sample.home.place().folder, "Facts.")
    lent.file.write_bytes("Café".encode("latin-1"))
    lent.let_go()
    app = sample.app("today")
    async with opened(app) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, MootScreen)
        assert "What your editor left is not UTF-8" in app.screen.status.text
        assert not replica_of(app).drafts()
    assert lent.file.read_bytes() == "Café".encode("latin-1")


def test_what_nobody_touched_for_a_day_is_old(tmp_path: Path) -> None:
    Lent(tmp_path, "mine").let_go()
    (young,) = left_behind(tmp_path)
    young.let_go()
    (old,) = left_behind(tmp_path, lambda: time.time() + 2 * lending.DAY_S)
    assert (young.fresh, old.fresh) == (True, False)
    old.put_away()


async def test_two_texts_that_are_kept_in_one_moment_are_both_there(sample: Sample) -> None:
    for words in ("One", "Two"):
        lent = Lent(sample.home.place().folder, "")
        lent.file.write_text(words)
        lent.let_go()
    app = sample.app("today")
    async with opened(app) as pilot:
        await settled(pilot)
        replica = replica_of(app)
        texts = {replica.draft(form, subject)["text"] for form, subject, _ in replica.drafts()}
        assert texts == {"One", "Two"}


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
