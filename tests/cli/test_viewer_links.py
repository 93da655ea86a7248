"""Viewer links by command line: who makes them, what is said of them, and how they are taken back."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.store import schema
from moot_shared.ids import encode_bytes
from moot_shared.wire.documents import read_document
from moot_shared.wire.viewing import read_path
from tests.cli.shell import Shell
from tests.helpers.relay_process import RelayProcess

pytestmark = pytest.mark.slow


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[RelayProcess]:
    with RelayProcess(tmp_path / "relay") as running:
        yield running


@pytest.fixture
def ann(tmp_path: Path, capsys: pytest.CaptureFixture[str], relay: RelayProcess) -> Shell:
    ann = Shell(tmp_path / "ann", capsys)
    ann("found", "North", "--as", "Ann", "--relay", relay.url, "--hosting-key", relay.hosting_key).good()
    return ann


def test_a_link_is_printed_alone_and_what_it_gives_away_is_said_beside_it(
    ann: Shell, relay: RelayProcess
) -> None:
    made = ann("invite", "--viewer").good()
    link = made.out.strip()
    assert link.startswith(f"{relay.url}/view/")
    place = Home(ann.home).place()
    found = read_path(link.removeprefix(relay.url))
    assert found is not None
    assert found.community == place.community
    assert "reads everything" in made.err
    assert "until it is taken back" in " ".join(made.err.split())
    assert "Nothing encrypts the way" in made.err
    assert "automerge:" in made.err
    said = ann("invite", "--viewer", "--expires", "7d", "--json").good().json
    assert read_document(said["document"].removeprefix("automerge:")) == place.community[:16]
    assert said["expires"]


def test_links_are_listed_among_invites_and_taken_back_there(ann: Shell) -> None:
    ann("invite", "--viewer").good()
    ann("invite").good()
    rows = {row["role"]: row for row in ann("invites", "--json").good().json}
    assert set(rows) == {"view", "member"}
    assert rows["view"]["state"] == "open"
    assert "viewer link" in ann("invites").good().out
    short = rows["view"]["key"].lstrip("-_")[:8]
    assert "Taken back" in ann("uninvite", short).good().out
    assert "taken back already" in ann("uninvite", short).refused()
    assert {row["role"]: row["state"] for row in ann("invites", "--json").good().json} == {
        "view": "taken back",
        "member": "open",
    }


def test_only_a_convenor_makes_one_and_it_is_not_counted(
    ann: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ben = Shell(tmp_path / "ben", capsys)
    ben("join", ann("invite").good().out, "--as", "Ben").good()
    assert "Only a convenor can make a viewer link" in ben("invite", "--viewer").refused()
    assert "no number of uses" in ann("invite", "--viewer", "--uses", "3").refused()
    assert "no number of uses" in ann("invite", "--viewer", "--role", "convenor").refused()
    made = ann("invite", "--viewer").good().out
    ben("sync").good()
    short = ben("invites", "--json").good().json[0]["key"].lstrip("-_")[:8]
    assert "or a convenor, can take it back" in ben("uninvite", short).refused()
    assert "This is not a line from Moot" in ben("join", made).refused()


def test_a_community_on_no_relay_has_nothing_to_link_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    eve = Shell(tmp_path / "eve", capsys)
    eve("found", "South", "--as", "Eve").good()
    assert "on no relay yet" in eve("invite", "--viewer").refused()


def test_links_that_came_before_an_update_are_shown_after_it(ann: Shell) -> None:
    ann("invite", "--viewer").good()
    store = Home(ann.home).place().store
    with closing(sqlite3.connect(store)) as file:  # as the earlier version had it
        for later in range(3, schema.VERSION + 1):
            made = re.findall(r"CREATE (?:VIRTUAL |UNIQUE )?(TABLE|INDEX) (\w+)", schema.LATER[later])
            for what, name in sorted(made):
                file.execute(f"DROP {what} IF EXISTS {name}")
            for name in re.findall(r"DROP INDEX (\w+)", schema.LATER[later]):
                file.execute(f"CREATE INDEX {name} ON {name.partition('_')[0]} (key)")
        file.execute("PRAGMA user_version = 2")
        file.execute("DELETE FROM own WHERE name IN ('roster rows', ?)", (schema.ROWS,))
        file.commit()
    assert [row["role"] for row in ann("invites", "--json").good().json] == ["view"]
    assert ann("verify").good().out


@pytest.mark.parametrize("prefix", ["", "/moot", "/a/b"])
def test_a_link_is_read_whatever_stands_before_it_and_only_whole(prefix: str) -> None:
    one, two = encode_bytes(b"c" * 32), encode_bytes(b"s" * 32)
    assert read_path(f"{prefix}/view/{one}/{two}") == (b"c" * 32, b"s" * 32)
    assert read_path(f"{prefix}/view/{one}/{two}?x=1") == (b"c" * 32, b"s" * 32)
    for odd in (f"/view/{one}", f"/view/{one}/{two}/", f"/view/{one[:-1]}/{two}", f"/view/ä/{two}", "/", ""):
        assert read_path(prefix + odd) is None
