"""A folder that a build from before any release made: said in a sentence, and left as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from moot_server.command import main

EARLY = """
CREATE TABLE own (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE change (
    position INTEGER PRIMARY KEY, community BLOB NOT NULL, hash BLOB NOT NULL, actor BLOB NOT NULL,
    seq INTEGER NOT NULL, start_op INTEGER NOT NULL, last_op INTEGER NOT NULL, deps BLOB NOT NULL,
    bytes BLOB NOT NULL, seal BLOB
);
CREATE TABLE fact (position INTEGER PRIMARY KEY, community BLOB NOT NULL, kind TEXT NOT NULL);
CREATE TABLE receipt (community BLOB NOT NULL, actor BLOB NOT NULL);
PRAGMA user_version = 1;
"""
"""As a build before any release made it: of a version that is known, with fewer tables than that has."""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--port", "0"], 1), (["status"], 1), (["backup", "{copy}"], 1), (["verify"], 3),
        (["restore", "{early}", "--data", "{copy}"], 1),
    ],
    ids=lambda words: words[0] if isinstance(words, list) else "",
)  # fmt: skip
def test_a_file_from_before_the_first_release_is_said_to_be_and_left_alone(
    tmp_path: Path, words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "relay.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(EARLY)
    before = path.read_bytes()
    given = [word.format(copy=tmp_path / "copy", early=path) for word in words]
    assert main(["--data", str(tmp_path), *given]) == code
    said = capsys.readouterr()
    assert "was made by a Moot from before the first release" in said.out + said.err
    assert code == 3 or "relay.db" in said.err
    assert path.read_bytes() == before
