"""The interface itself dies on a real terminal: what it said is saved is there when it is opened again."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pexpect
import pytest

from tests.cli.shell import process
from tests.helpers.terminal import CTRL_S, TAB, Terminal

pytestmark = pytest.mark.slow


def kill(terminal: Terminal) -> None:
    """kill -9."""
    terminal.process.kill(signal.SIGKILL)
    terminal.process.expect(pexpect.EOF)
    terminal.process.close(force=True)


def test_an_interface_that_is_killed_offers_the_draft_that_it_said_is_saved(tmp_path: Path) -> None:
    process(tmp_path, "found", "Northern cohort", "--as", "Mara").good()
    typing = Terminal(tmp_path)
    typing.sees("recovery words")
    typing.types("n")
    typing.sees("New issue")
    typing.types(f"Said and listed{CTRL_S}")
    typing.sees("Listed on the agenda")
    typing.types("n")
    typing.sees("New issue")
    typing.types(f"Half a thought{TAB}and a bit")
    typing.sees("and a bit")  # a draft that was saved before is no longer said to be
    typing.sees("draft saved")
    kill(typing)
    again = Terminal(tmp_path)
    again.sees("New issue: Half a thought")
    again.types("n")
    again.sees("and a bit")
    (row,) = json.loads(again.moot("issues", "--json"))
    assert row["title"] == "Said and listed"
    kill(again)
