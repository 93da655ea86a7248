"""Real processes and real disks: what was called stored is stored, whatever ends when."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import MakeInvite
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.joining import host, join
from moot_client.sync.once import sync_once
from moot_shared.errors import ConnectionTrouble
from tests.helpers.cohort import issue, rows, vote
from tests.helpers.relay_process import RelayProcess


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[RelayProcess]:
    with RelayProcess(tmp_path / "relay") as relay:
        yield relay


@pytest.fixture
def members(tmp_path: Path, relay: RelayProcess) -> Iterator[list[Replica]]:
    """Three who have joined by invites, over the relay."""
    mara = Replica.open(found_community(Home(tmp_path / "mara"), "Northern cohort", "Mara"))
    host(mara, relay.url, relay.hosting_key)
    line = mara.do(MakeInvite(uses=2))
    sync_once(mara)
    others = [Replica.open(join(Home(tmp_path / name.lower()), line, name)) for name in ("Joon", "Ines")]
    yield [mara, *others]
    for replica in (mara, *others):
        replica.close()


def settle(members: list[Replica]) -> None:
    for _ in range(2):
        for replica in members:
            assert sync_once(replica).stored


def same(members: list[Replica]) -> bool:
    return all(rows(replica) == rows(members[0]) for replica in members)


@pytest.mark.slow
def test_three_members_who_were_apart_have_the_same_when_they_are_back(members: list[Replica]) -> None:
    mara, joon, ines = members
    key = issue(mara, "Handover loses facts", body="One.\n\nTwo.")
    settle(members)
    vote(mara, key, 3)
    vote(joon, key, 5)
    issue(ines, "Rosters come late")
    settle(members)
    assert same(members)


@pytest.mark.slow
def test_members_who_sync_at_the_same_moment_all_come_through(members: list[Replica]) -> None:
    for number in range(5):
        for replica in members:
            issue(replica, f"{replica.place.member_name} {number}")
    threads = [threading.Thread(target=sync_once, args=(replica,)) for replica in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    settle(members)
    assert same(members)


@pytest.mark.slow
def test_a_relay_that_is_killed_right_after_it_said_stored_still_has_it(
    members: list[Replica], relay: RelayProcess
) -> None:
    mara, joon, _ = members
    for number in range(5):
        issue(mara, f"Number {number}")
        assert sync_once(mara).stored
        relay.kill()
        relay.start()
    assert sync_once(joon).received == 5 + 2  # and how Ines joined
    assert rows(mara)["record"] == rows(joon)["record"]


@pytest.mark.slow
def test_a_relay_that_is_away_costs_nothing(members: list[Replica], relay: RelayProcess) -> None:
    mara, joon, _ = members
    relay.stop()
    issue(mara)
    with pytest.raises(ConnectionTrouble, match="No relay is running"):
        sync_once(mara)
    relay.start()
    assert sync_once(mara).stored
    sync_once(joon)
    assert mara.heads() == joon.heads()


@pytest.mark.slow
def test_an_emptied_relay_is_filled_again_by_any_member_with_its_hosting_key(
    members: list[Replica], relay: RelayProcess, tmp_path: Path
) -> None:
    settle(members)
    relay.kill()
    shutil.rmtree(tmp_path / "relay")
    relay.start()
    with pytest.raises(ConnectionTrouble, match="moot host"):
        sync_once(members[1])
    host(members[1], relay.url, relay.hosting_key)
    settle(members)
    assert same(members)
