"""Ctrl+C: heard at once, also while the document is built, and what was asked for is not done later."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from moot_client.cli.exits import STOPPED
from moot_client.home import Home
from moot_client.replica.replica import Replica
from moot_client.store import inbox
from moot_shared import command, document
from moot_shared.document import BATCH
from tests.cli.shell import ROOT, Shell, environment
from tests.helpers import cohort

MAGIC = b"\x85\x6f\x4a\x83"
"""How each change begins."""


@pytest.fixture(autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """Whoever runs the tests in the background of a shell has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def mara(shell: Shell) -> Shell:
    """A member of a community with more changes than go into two calls."""
    replica = cohort.founder(shell.home)
    for number in range(2 * BATCH):
        cohort.issue(replica, f"Handover loses fact {number}")
    replica.close()
    return shell


def press_ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


class Pressed:
    """The binding's document, of which is asked how many changes it was given when Ctrl+C ended it."""

    given: list[int]

    def __init__(self, *_: object) -> None:
        self.given.clear()

    @classmethod
    def load(cls, chunks: bytes) -> None:
        cls._take(chunks)

    def receive_sync_message(self, _state: object, message: bytes) -> None:
        self._take(message)

    @classmethod
    def _take(cls, data: bytes) -> None:
        cls.given.append(data.count(MAGIC))
        press_ctrl_c()


class AsBytes:
    """A message as the bytes that it was made of."""

    decode = staticmethod(bytes)


def nothing_is_left_of_it(shell: Shell) -> bool:
    replica = Replica.open(Home(shell.home).place(None))
    waits = inbox.waiting(replica.store)
    replica.close()
    titles = [issue["title"] for issue in shell("issues", "--json").good().json]
    return not waits and "Said too soon" not in titles


def test_it_is_heard_between_fifty_changes_while_the_document_is_built(
    mara: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    with monkeypatch.context() as while_it_is_built:
        while_it_is_built.setattr(Pressed, "given", given, raising=False)
        while_it_is_built.setattr(document, "_Binding", Pressed)
        while_it_is_built.setattr(document, "Message", AsBytes)
        ran = mara("issue", "add", "Said too soon")
    assert given == [BATCH]
    assert (ran.code, ran.out, ran.err) == (STOPPED, "", "")
    assert nothing_is_left_of_it(mara)


def test_right_behind_the_asking_it_takes_back_what_was_asked(
    mara: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = inbox.ask

    def and_then_ctrl_c(*words: Any) -> int:
        number = ask(*words)
        press_ctrl_c()
        return number

    with monkeypatch.context() as asking:
        asking.setattr(inbox, "ask", and_then_ctrl_c)
        assert mara("issue", "add", "Said too soon").code == STOPPED
    assert nothing_is_left_of_it(mara)


def test_pressed_twice_it_takes_back_what_was_asked(mara: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    withdraw = inbox.withdraw

    def pressed_again(*words: Any) -> bool:
        press_ctrl_c()
        return withdraw(*words)

    with monkeypatch.context() as twice:
        twice.setattr(Replica, "warm", lambda _: press_ctrl_c())
        twice.setattr(inbox, "withdraw", pressed_again)
        assert mara("issue", "add", "Said too soon").code == STOPPED
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert nothing_is_left_of_it(mara)


LOADING = f"""
import signal, sys
from moot_shared import command

class WhileItLoads:
    def find_spec(self, name, *_):
        if name == {command.CLIENT!r}:
            signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, WhileItLoads())
command.run()
"""


def test_while_moot_is_still_being_loaded_it_ends_it_without_a_word(shell: Shell) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADING, "issues"],
        env=environment(shell.home), cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (STOPPED, "", "")
