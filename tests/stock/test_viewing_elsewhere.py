"""A reader by a viewer link hears what another relay of the same database has stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from tests.helpers.cohort import issue
from tests.helpers.network import Client, hosted, run
from tests.helpers.one_database import Shared
from tests.helpers.postgres import Postgres, postgres
from tests.helpers.viewer import ReadRelay
from tests.stock.test_viewing import exchange, link, take_back, viewer

__all__ = ["postgres"]


class SharedReadRelay(ReadRelay, Shared):
    """One of several relays, whose communities can be read by link."""


@pytest.fixture
def two(tmp_path: Path, cohort: list[Replica], postgres: Postgres) -> Iterator[list[SharedReadRelay]]:
    url = postgres.database()
    relays = [SharedReadRelay(tmp_path / name, url=url) for name in ("here", "there")]
    hosted(relays[0], cohort[0])
    yield relays
    for relay in relays:
        relay.crash()


@pytest.mark.slow
def test_what_is_stored_elsewhere_is_read_and_so_is_that_a_link_was_taken_back(
    two: list[SharedReadRelay], cohort: list[Replica]
) -> None:
    mara, joon, _ = cohort
    here, there = two
    path = link(here, mara)
    reader = viewer(there, path, mara)
    assert reader.let_in
    issue(joon, "Said at the other relay")
    exchange(here, joon)
    there.hear(mara.community)
    reader.follow()
    exchange(here, mara)
    assert set(reader.document.heads()) == set(mara.heads())
    mara.do(Say("profile", "me", {"name": "Mara"}))
    take_back(mara)
    run(Client(mara, here))
    there.hear(mara.community)
    reader.follow()
    assert "taken back" in reader.turned_out


@pytest.mark.parametrize("reads", [False, True])
def test_members_hear_what_was_stored_elsewhere_though_a_reader_comes_before_the_news(
    two: list[SharedReadRelay], cohort: list[Replica], *, reads: bool
) -> None:
    mara, joon, _ = cohort
    here, there = two
    path = link(here, mara)
    exchange(here, joon)
    member = Client(joon, there)
    run(member)
    issue(mara, "Said at the other relay")
    exchange(here, mara)
    if reads:
        assert viewer(there, path, mara).let_in
    there.hear(mara.community)
    run(member)
    assert set(joon.heads()) == set(mara.heads())


def test_who_was_removed_elsewhere_is_let_go_though_a_reader_comes_before_the_news(
    two: list[SharedReadRelay], cohort: list[Replica]
) -> None:
    mara, joon, _ = cohort
    here, there = two
    path = link(here, mara)
    exchange(here, joon)
    member = Client(joon, there)
    run(member)
    mara.do(Say("removal", joon.me, {"why": ""}))
    exchange(here, mara)
    assert viewer(there, path, mara).let_in
    assert member.socket.closing
