"""The folder that holds everything: what is in it is listed, or a sentence says what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

import pytest

from moot_client.home import Home
from moot_client.replica import founding
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_shared.errors import StorageError
from tests.helpers.cohort import outside


def test_what_a_newer_moot_notes_of_a_community_is_no_damage(tmp_path: Path) -> None:
    place = found_community(Home(tmp_path), "Northern cohort", "Mara", outside=outside(1))
    noted = place.folder / "community.json"
    noted.write_text(json.dumps(json.loads(noted.read_text()) | {"colour": "red"}))
    assert Home(tmp_path).places() == (place,)


@pytest.mark.parametrize("words", ["", "[]", "{", "3", '{"community": 5}', "\xff", "[" * 100_000])
def test_a_note_that_cannot_be_read_is_named_in_a_sentence(tmp_path: Path, words: str) -> None:
    place = found_community(Home(tmp_path), "Northern cohort", "Mara", outside=outside(1))
    (place.folder / "community.json").write_bytes(words.encode("latin-1"))
    with pytest.raises(StorageError, match=r"community\.json is damaged"):
        Home(tmp_path).places()


def test_a_folder_that_may_not_be_looked_into_is_named_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_community(Home(tmp_path), "Northern cohort", "Mara", outside=outside(1))

    def forbidden(_: Path) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", forbidden)
    with pytest.raises(StorageError, match="cannot be read"):
        Home(tmp_path).places()


def test_a_community_that_could_not_begin_is_not_there_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> NoReturn:
        raise StorageError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(Replica, "begin_with", full)
        with pytest.raises(StorageError, match="full"):
            found_community(Home(tmp_path), "Northern cohort", "Mara", outside=outside(1))
    assert Home(tmp_path).places() == ()
    assert founding.member_of(Home(tmp_path)) is None
    found_community(Home(tmp_path), "Northern cohort", "Mara", outside=outside(1))


def test_what_was_opened_last_may_be_any_bytes(tmp_path: Path) -> None:
    found_community(Home(tmp_path), "Northern cohort", "Mara", outside=outside(1))
    (tmp_path / "last").write_bytes(b"\xff\xfe\x00")
    assert Home(tmp_path).place().name == "Northern cohort"
