"""A real process in a real terminal: what is typed on a keyboard ends up on disk."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.helpers.patience import PATIENCE_S
from tests.helpers.terminal import CTRL_Q, CTRL_S, ENTER, ESC, TAB, Terminal

pytestmark = pytest.mark.slow


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A fresh machine."""
    opened = Terminal(tmp_path)
    yield opened
    opened.process.close(force=True)


def test_from_nothing_to_a_vote_with_a_keyboard_alone(terminal: Terminal) -> None:
    terminal.sees("Found a community")
    terminal.types(ENTER)
    terminal.sees("as its members will call it")
    terminal.types(f"Northern cohort{ENTER}Mara{ENTER}")
    terminal.sees("Your recovery words", instead_of="list the first issue")
    terminal.types(ESC)
    terminal.sees("list the first issue that matters to you", instead_of="Your recovery words")
    terminal.types("2")
    terminal.sees("n lists the first one.")
    terminal.types("n")
    terminal.sees("New issue")
    terminal.types(f"Handover loses facts{CTRL_S}")
    terminal.sees("Listed on the agenda")
    terminal.types(f"v3 it costs us a shift{ENTER}")
    terminal.sees("Your dots: ●●●")
    (row,) = json.loads(terminal.moot("issues", "--json"))
    assert (row["title"], row["dots"]) == ("Handover loses facts", 3)
    terminal.moot("pledge", row["id"], "4")
    terminal.sees("4 h")
    terminal.types(CTRL_Q)
    terminal.process.expect(pexpect.EOF)
    terminal.process.wait()
    assert terminal.process.exitstatus == 0


def test_a_window_that_is_closed_while_one_types_loses_nothing(terminal: Terminal, tmp_path: Path) -> None:
    terminal.moot("found", "Northern cohort", "--as", "Mara")
    again = Terminal(tmp_path)
    again.sees("recovery words")
    again.types("n")
    again.sees("New issue")
    again.types(f"Half a thought{TAB}and a bit")
    again.sees("and a bit")
    again.process.kill(signal.SIGHUP)
    again.process.expect(pexpect.EOF)
    once_more = Terminal(tmp_path)
    once_more.sees("New issue: Half a thought")
    once_more.types("n")
    once_more.sees("and a bit")
    for left in (again, once_more):
        left.process.close(force=True)


def test_a_terminal_that_is_gone_ends_moot_and_the_community_is_free(tmp_path: Path) -> None:
    """A closed window takes its terminal with it: nothing that is still drawn may wait for it."""
    gone = Terminal(tmp_path)
    gone.moot("found", "Northern cohort", "--as", "Mara")
    gone.process.close(force=True)
    gone = Terminal(tmp_path)
    gone.sees("recovery words")
    gone.types("n")
    gone.sees("New issue")
    os.close(gone.process.child_fd)
    deadline = time.monotonic() + PATIENCE_S
    while gone.process.isalive():
        assert time.monotonic() < deadline, "it waits for a terminal that is gone"
        time.sleep(0.05)  # a process that ends wakes nobody here
    gone.moot("issue", "add", "Meetings run over")
    assert "Meetings run over" in gone.moot("issues")
