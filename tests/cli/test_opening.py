"""`moot` with options alone opens the interface without argparse, just as argparse would have it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from moot_client.cli.opening import opens
from moot_client.cli.parser import build
from moot_shared.errors import WrongUsage

OPENING = (
    "",
    "--place agenda",
    "--home /tmp/somewhere",
    "--community ours --place people",
    "--place today --place lessons",
    "--ca-file ca.pem --home there --community 7xk2",
)
ELSE = (
    "issues",
    "--place nowhere",
    "--place",
    "--place --home there",
    "--home=there",
    "--json",
    "--help",
    "-h",
    "--plac today",
    "today --place agenda",
    "--home there issues",
    "--",
)


@pytest.mark.parametrize("typed", OPENING)
def test_options_alone_are_read_as_the_tree_of_commands_reads_them(typed: str) -> None:
    words = typed.split()
    found, known = SimpleNamespace(), SimpleNamespace()
    assert opens(words, found)
    build(words).parse_args(words, known)
    assert vars(known) == {**vars(found), "version": None}


@pytest.mark.parametrize("typed", ELSE)
def test_whatever_else_is_typed_is_left_to_the_tree_of_commands(typed: str) -> None:
    found = SimpleNamespace()
    assert not opens(typed.split(), found)
    assert vars(found) == {}


def test_what_is_wrong_with_a_place_is_still_said() -> None:
    with pytest.raises(WrongUsage, match="nowhere"):
        build(["--place", "nowhere"]).parse_args(["--place", "nowhere"])
