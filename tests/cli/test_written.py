"""Whoever writes hears where that is, whatever the command: here, and how it goes on from there."""

from __future__ import annotations

import pytest

from moot_client.home import Home
from moot_client.replica.replica import Replica
from tests.cli.shell import Shell

WRITING = (
    ("vote", "ID", "3"),
    ("pledge", "ID", "1.5"),
    ("comment", "ID", "Night shift has a list"),
    ("issue", "edit", "ID", "--title", "Handover again"),
    ("restore", "ID", "--version", "1", "--field", "title"),
    ("issue", "close", "ID"),
    ("issue", "archive", "ID"),
    ("profile", "--about", "Nights"),
    ("community", "edit", "--purpose", "Thursdays"),
    ("convenor", "step-down", "--yes"),
)


def on_a_relay(shell: Shell) -> None:
    """This machine knows of a relay; nobody is there."""
    replica = Replica.open(Home(shell.home).place())
    replica.set_relay_url("wss://relay.example:8787")
    replica.close()


@pytest.mark.parametrize("hosted", [False, True])
def test_every_command_that_writes_says_where_that_is(ann: Shell, *, hosted: bool) -> None:
    if hosted:
        on_a_relay(ann)
    said = "it waits for the next sync" if hosted else "the community is on no relay yet"
    short = ann.id("issue", "add", "Handover")
    for words in WRITING:
        done = ann(*(short if word == "ID" else word for word in words)).good()
        assert done.err.splitlines()[-1] == f"On this machine; {said}.", words
        assert "On this machine" not in done.out
    assert "On this machine" not in ann("issues").good().err
    assert ann("pledge", short, "2", "--json").good().err == ""


def test_with_several_communities_it_says_in_which_one_and_what_a_pipe_gets_is_as_before(ann: Shell) -> None:
    assert "‘" not in ann("issue", "add", "One").good().err
    ann("found", "Southern cohort", "--as", "Ann").good()
    done = ann("issue", "add", "Two").good()
    assert done.err == "On this machine, in ‘Southern cohort’; the community is on no relay yet.\n"
    assert len(done.out.split()) == 1
