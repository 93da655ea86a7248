"""No command prints anything that steers a terminal, whatever the community holds."""

from __future__ import annotations

import json

import pytest

from moot_client.cli.exits import NOT_ALLOWED, NOT_DONE, NOT_FOUND
from tests.helpers.hostile import harm
from tests.safety.community import Hostile
from tests.safety.reading import printed, reading


@pytest.mark.slow
@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
def test_what_is_read_holds_no_control_character(hostile: Hostile, terminal: bool) -> None:
    replica = hostile.reader()
    for words in reading(replica, hostile.folder):
        done = printed(hostile.home.path, words, terminal=terminal)
        assert done.code in (0, NOT_DONE, NOT_FOUND, NOT_ALLOWED), (words, done.all)
        assert "Something went wrong inside" not in done.all, words
        told = done.all if terminal else done.all.replace("\t", " ")  # between the cells of a record
        assert not harm(told), (words, harm(told)[:5])
        assert done.out or done.err, words
    replica.close()


@pytest.mark.slow
def test_json_escapes_whatever_it_holds(hostile: Hostile) -> None:
    replica = hostile.reader()
    for words in reading(replica, hostile.folder, most=3):
        done = printed(hostile.home.path, (*words, "--json"), terminal=False)
        assert done.out.isascii(), words
        assert not harm(done.out.decode()), words
        if done.code == 0:
            json.loads(done.out, parse_constant=_no_number)
    replica.close()


def _no_number(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")
