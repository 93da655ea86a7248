"""What --json answers is complete, and its names stay: each command that reads or writes is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.answers import LISTS, ONE, OTHERWISE
from tests.cli.cohort_of_three import at_work, piped_in, typed
from tests.cli.page import commands
from tests.cli.shell import Shell

COMMANDS = dict(commands())
NOT_HERE = ("found", "join", "recover", "host", "relay set", "sync", "demo", "web", "leave", "complete")
NOT_HERE_EITHER = ("member vouch", "convenor agree")
"""What needs a relay, a terminal or somebody else: test_together.py, test_belonging.py."""
ASKED = "convenor step-down"  # its last example is unasked
PREPARED = {"draft forget": "draft show 1", "restore": "issue edit 7xk2 --title Again"}


def test_every_command_is_here_or_said_to_be_elsewhere() -> None:
    assert set(COMMANDS) == {*LISTS, *ONE, *NOT_HERE, *NOT_HERE_EITHER}


def test_each_command_answers_with_its_names_in_json(
    ada: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = at_work(ada, tmp_path, monkeypatch)

    def answer(line: str) -> object:
        piped_in(monkeypatch)
        words = [word for word in typed(f"moot {line}", known) if word != "--json"]
        ran = ada(*words, "--json")
        assert ran.code == 0, (line, ran)
        assert ran.out.isascii()
        return ran.json

    asked = [(name, _example(name)) for name in COMMANDS if name in LISTS or name in ONE]
    first, *others = ((line, line) for line in OTHERWISE)  # a viewer link, while one convenes
    for name, line in [first, *asked, *others]:
        if name in PREPARED:
            answer(PREPARED[name])
        found = answer(line)
        assert isinstance(found, list) == (name in LISTS), name
        for entry in found if isinstance(found, list) else [found]:
            assert isinstance(entry, dict)
            assert " ".join(sorted(entry)) == " ".join(sorted({**LISTS, **ONE, **OTHERWISE}[name].split()))
        assert found, name


def _example(name: str) -> str:
    """Its first example, without `moot` and what a shell does around it."""
    line = COMMANDS[name].examples[-1 if name == ASKED else 0].removeprefix("source <(").rstrip(")")
    return line.removeprefix("moot ")
