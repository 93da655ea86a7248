"""The `moot` command finds the half that is asked for, and says in words when it is not there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from moot_shared import command

Halves = dict[str, list[list[str]]]


@pytest.fixture
def halves(monkeypatch: pytest.MonkeyPatch) -> Halves:
    """Stand-ins for client and relay, and the words that each was given."""
    asked: Halves = {command.CLIENT: [], command.RELAY: []}
    for name, code in ((command.CLIENT, 0), (command.RELAY, 3)):
        monkeypatch.setitem(sys.modules, name, half(answer(asked[name], code)))
        monkeypatch.setitem(sys.modules, name.partition(".")[0], ModuleType(name.partition(".")[0]))
    return asked


def answer(asked: list[list[str]], code: int) -> Callable[[list[str]], int]:
    """A `main` that remembers its words."""

    def main(argv: list[str]) -> int:
        asked.append(argv)
        return code

    return main


def half(main: Callable[[list[str]], int]) -> ModuleType:
    """A module with nothing but this `main`."""
    module = ModuleType("half")
    module.__dict__["main"] = main
    return module


def test_relay_is_the_relays_and_the_rest_is_the_clients(halves: Halves) -> None:
    assert command.main(["relay", "--port", "0"]) == 3
    assert command.main(["vote", "7xk2", "3"]) == 0
    assert command.main([]) == 0
    assert halves == {command.RELAY: [["--port", "0"]], command.CLIENT: [["vote", "7xk2", "3"], []]}


@pytest.mark.parametrize(
    "words",
    ["relay set wss://relay.example", "relay --community north set URL", "--home there relay set URL"],
)
def test_telling_members_where_the_relay_went_is_the_clients(halves: Halves, words: str) -> None:
    assert command.main(words.split()) == 0
    assert halves == {command.RELAY: [], command.CLIENT: [words.split()]}


def test_a_relay_keeps_its_data_where_set_is_only_a_name(halves: Halves) -> None:
    assert command.main(["relay", "--data", "set"]) == 3
    assert halves[command.RELAY] == [["--data", "set"]]


def test_a_members_home_is_no_place_for_a_relay(halves: Halves, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--home", "there", "relay"]) == command.MISUSED
    assert "moot relay --data" in capsys.readouterr().err
    assert halves == {command.RELAY: [], command.CLIENT: []}


def test_the_words_of_the_process_are_used_when_none_are_given(
    halves: Halves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["moot", "issues", "--json"])
    assert command.main() == 0
    assert halves[command.CLIENT] == [["issues", "--json"]]


def test_a_half_that_is_not_installed_is_named_with_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for package, program in (("moot_client", command.CLIENT), ("moot_server", command.RELAY)):
        monkeypatch.setitem(sys.modules, package, None)
        monkeypatch.delitem(sys.modules, program, raising=False)  # another test may have loaded it
    assert command.main(["issues"]) == command.NOT_INSTALLED
    assert command.main(["relay"]) == command.NOT_INSTALLED
    out, err = capsys.readouterr()
    assert out == ""
    client, relay = err.splitlines()
    assert "moot[client]" in client
    assert "moot[relay]" in relay


def test_a_library_that_is_not_installed_is_named_even_when_it_is_needed_late(
    halves: Halves, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def main(argv: list[str]) -> int:
        raise ModuleNotFoundError(f"No module named 'textual.app' for {argv}", name="textual.app")

    monkeypatch.setitem(sys.modules, command.CLIENT, half(main))
    assert command.main([]) == command.NOT_INSTALLED
    assert capsys.readouterr().err == (
        "Moot needs textual, which is not installed here. pip install 'moot[client]' brings it.\n"
    )
