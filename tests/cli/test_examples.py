"""The examples of each command do what they show: they are run, in their order, in one cohort."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.cohort_of_three import at_work, piped_in, typed
from tests.cli.page import commands
from tests.cli.shell import Shell

EXAMPLES = [line for _, parser in commands() for line in parser.examples]
NOT_HERE = {
    "a relay": ("moot host", "moot sync", "moot relay set", "moot found North --as"),
    "another machine": ("moot join", "moot recover"),
    "a word of somebody else's": ("moot member vouch", "moot convenor agree"),
    "somebody at a terminal": ("moot leave", "moot convenor step-down", "moot demo", "moot web"),
    "a home of its own": ("moot found",),
}
"""What an example needs that is not here -> how it begins. Other tests have it."""
BEFORE = {
    "moot restore 7xk2 --version 3 --field title": "moot issue edit 7xk2 --title Again",
    "moot draft forget 1": "moot drafts",
}
"""An example -> what has to be done before it, since the one before has done it already."""


def test_every_example_does_what_it_shows(
    ada: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = at_work(ada, tmp_path, monkeypatch)
    for line in EXAMPLES:
        if any(line.startswith(begin) for begins in NOT_HERE.values() for begin in begins):
            continue
        for each in filter(None, (BEFORE.get(line, ""), line)):
            piped_in(monkeypatch)
            ran = ada(*typed(each, known))
            assert ran.code == 0, (each, ran)
            assert ran.out, each
    assert "Everything holds" in ada("verify").good().out


def test_what_is_not_run_here_is_an_example_somewhere() -> None:
    for begins in NOT_HERE.values():
        for begin in begins:
            assert any(line.startswith(begin) for line in EXAMPLES), begin
