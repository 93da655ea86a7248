"""The engine keeps a replica and its relay together for as long as it runs, and says what it does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from moot_client.replica.commands import Create, Say, SyncOnce
from moot_client.replica.replica import Replica
from moot_client.sync import ways
from moot_client.sync.credentials import Credentials
from moot_client.sync.events import (
    Connecting,
    Elsewhere,
    HolderChanged,
    NoRelay,
    Offline,
    Online,
    Received,
    Stored,
    Synced,
)
from moot_client.sync.journey import Rhythm
from moot_client.sync.once import AT_ONCE, exchange, exchange_at
from moot_client.sync.surroundings import Surroundings
from moot_shared.errors import ConnectionTrouble, InputError
from moot_shared.wire.signed import read_hosting_key
from tests.helpers import watched
from tests.helpers.cohort import Cohort, issue
from tests.helpers.patience import PATIENT
from tests.helpers.relay_here import RelayHere, relay_here
from tests.helpers.watched import Watched

QUICK = Rhythm(inbox=0.005, writer=0.005, first_try=0.005, last_try=0.02, jitter=lambda: 0.0)


@pytest.fixture
def cohort(tmp_path: Path) -> Iterator[list[Replica]]:
    with Cohort(tmp_path / "members", size=2) as replicas:
        for replica in replicas:
            replica.set_relay_url("")
            replica.store.db.execute("UPDATE own SET value = '' WHERE name = 'relay'")
        yield replicas


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[RelayHere]:
    async with relay_here(tmp_path / "relay") as relay:
        yield relay


async def put(replica: Replica, relay: RelayHere) -> None:
    """Put the community on a relay."""
    key = read_hosting_key(relay.hosting_key)
    await exchange_at(replica, relay.url, Credentials("host", hosting_key=key), PATIENT)
    ways.arrived(replica, relay.url)
    replica.set_relay_url(relay.url)


def running(replica: Replica, rhythm: Rhythm = QUICK) -> AbstractAsyncContextManager[Watched]:
    """An engine for the length of a block, as it comes but for its haste."""
    return watched.running(replica, Surroundings(), PATIENT, rhythm)


async def in_thread(work: Callable[[], Any]) -> Any:
    return await asyncio.to_thread(work)


async def test_it_connects_syncs_and_says_so_in_order(cohort: list[Replica], relay: RelayHere) -> None:
    await put(cohort[0], relay)
    async with running(cohort[0]) as mara:
        await mara.until(Synced)
    kinds = [type(event) for event in mara.events]
    assert kinds == [Connecting, Online, Synced]


async def test_what_is_written_here_goes_out_at_once_and_arrives_there(
    cohort: list[Replica], relay: RelayHere
) -> None:
    await put(cohort[0], relay)
    cohort[1].set_relay_url(relay.url)
    async with running(cohort[0]) as mara, running(cohort[1]) as joon:
        await mara.until(Synced)
        await joon.until(Synced)
        await in_thread(lambda: issue(cohort[0]))
        await mara.until(Stored)
        assert (await joon.until(Received)).changes == 1
        await mara.until(HolderChanged, lambda event: event.actor == cohort[1].actor)
    assert cohort[0].heads() == cohort[1].heads()


async def test_a_relay_that_goes_away_and_comes_back_is_found_again(
    cohort: list[Replica], tmp_path: Path
) -> None:
    async with relay_here(tmp_path / "relay") as first:
        await put(cohort[0], first)
        cohort[1].set_relay_url(first.url)
        async with running(cohort[0]) as mara:
            await mara.until(Synced)
            await first.shell.stop()
            offline = await mara.until(Offline)
            assert "safe on this machine" in offline.reason
            refused = await mara.until(Offline, lambda event: event.code == "refused")
            assert "No relay is running" in refused.reason
            await in_thread(lambda: issue(cohort[0]))
            async with relay_here(tmp_path / "relay", first.port):
                await mara.until(Online)
                await mara.until(Synced)
                await exchange(cohort[1], PATIENT)
    assert cohort[0].heads() == cohort[1].heads()


def test_pauses_double_up_to_a_limit_and_are_spread_by_jitter() -> None:
    rhythm = Rhythm(first_try=1.0, last_try=60.0, jitter=lambda: 1.0)
    assert [rhythm.pause(n, hopeless=False) for n in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert Rhythm(jitter=lambda: 0.0).pause(3, hopeless=False) == 2.0
    assert rhythm.pause(1, hopeless=True) == 600.0
    assert rhythm.pause(10_000, hopeless=False) == 60.0


async def test_who_is_in_a_hurry_does_not_wait_for_the_next_try(
    cohort: list[Replica], tmp_path: Path
) -> None:
    slow = Rhythm(inbox=0.005, first_try=3600.0, last_try=3600.0, jitter=lambda: 1.0)
    async with relay_here(tmp_path / "relay") as first:
        await put(cohort[0], first)
    async with running(cohort[0], slow) as mara:
        offline = await mara.until(Offline)
        assert offline.next_try > 0
        async with relay_here(tmp_path / "relay", first.port):
            mara.engine.hurry()
            await mara.until(Synced)


async def test_a_community_without_a_relay_waits_for_one_and_goes_there(
    cohort: list[Replica], relay: RelayHere
) -> None:
    await put(cohort[0], relay)
    place = cohort[1]
    assert place.relay_url() in ("", place.place.relay)
    object.__setattr__(place.place, "relay", "")
    async with running(place) as joon:
        await joon.until(NoRelay)
        await in_thread(lambda: place.set_relay_url(relay.url))
        await in_thread(lambda: place.do(Say("profile", "me", {"name": "Joon-ho"})))
        await joon.until(Synced)


async def test_a_relay_that_has_moved_is_followed(
    cohort: list[Replica], relay: RelayHere, tmp_path: Path
) -> None:
    await put(cohort[0], relay)
    cohort[1].set_relay_url(relay.url)
    async with relay_here(tmp_path / "new") as new, running(cohort[1]) as joon:
        await joon.until(Synced)
        await put(cohort[0], new)
        cohort[0].set_relay_url(relay.url)
        await in_thread(lambda: cohort[0].do(Say("relay", "home", {"n": 1, "url": new.url})))
        await exchange(cohort[0], PATIENT)
        await joon.until(Online, lambda event: event.url == new.url)
        await joon.until(Synced)


async def test_where_the_new_home_does_not_answer_members_go_on_through_the_old_one(
    cohort: list[Replica], relay: RelayHere
) -> None:
    await put(cohort[0], relay)
    await exchange(cohort[0], PATIENT)
    nowhere = "ws://127.0.0.1:9"
    await in_thread(lambda: cohort[0].do(Say("relay", "home", {"n": 1, "url": nowhere})))
    await exchange(cohort[0], PATIENT)
    async with running(cohort[0]) as mara:
        await mara.until(Offline, lambda event: "127.0.0.1:9" in event.reason)
        await mara.until(Online, lambda event: event.url == relay.url)
        await mara.until(Synced)
        # It asks at the new home again and again.
        await mara.until(Connecting, lambda event: event.url == nowhere)


async def test_commands_of_other_processes_are_carried_out_while_it_runs(cohort: list[Replica]) -> None:
    async with running(cohort[0]):
        other = Replica.open(cohort[0].place)
        key = await in_thread(lambda: other.do(Create("issue", {"title": "From a script"})))
        assert key.startswith("issue/")
        other.close()


async def test_a_sync_of_another_process_is_answered_once_everything_is_exchanged(
    cohort: list[Replica], relay: RelayHere
) -> None:
    await put(cohort[0], relay)
    cohort[1].set_relay_url(relay.url)
    async with running(cohort[0]) as mara:
        await mara.until(Synced)
        await in_thread(lambda: issue(cohort[1]))
        await exchange(cohort[1], PATIENT)
        other = Replica.open(cohort[0].place)
        answer = await in_thread(lambda: other.do(SyncOnce()))
        assert answer["stored"] is True
        other.close()
    assert cohort[0].heads() == cohort[1].heads()


async def test_a_sync_of_another_process_is_told_what_stands_in_the_way(
    cohort: list[Replica], tmp_path: Path
) -> None:
    async with relay_here(tmp_path / "relay") as relay:
        await put(cohort[0], relay)
    async with running(cohort[0]):
        other = Replica.open(cohort[0].place)
        with pytest.raises(ConnectionTrouble, match="No relay is running"):
            await in_thread(lambda: other.do(SyncOnce()))
        other.close()


async def test_while_another_process_writes_it_waits_and_then_takes_over(
    cohort: list[Replica], relay: RelayHere
) -> None:
    await put(cohort[0], relay)
    waiting = Replica.open(cohort[0].place)
    async with running(waiting) as later:
        await later.until(Elsewhere)
        cohort[0].close()
        await later.until(Synced)
    waiting.close()


async def test_it_ends_where_it_stands_when_it_is_cancelled(cohort: list[Replica], relay: RelayHere) -> None:
    await put(cohort[0], relay)
    async with running(cohort[0]) as mara:
        await mara.until(Synced)
    names = {thread.name.rpartition("_")[0] for thread in threading.enumerate()}
    assert not names & {"moot-sync", "moot-inbox"}


async def test_without_a_relay_one_exchange_is_refused_in_a_sentence(cohort: list[Replica]) -> None:
    object.__setattr__(cohort[0].place, "relay", "")
    with pytest.raises(InputError, match="moot host"):
        await exchange(cohort[0], PATIENT)


async def test_one_exchange_without_an_answer_is_trouble(cohort: list[Replica], tmp_path: Path) -> None:
    async with relay_here(tmp_path / "relay") as relay:
        await put(cohort[0], relay)
    with pytest.raises(ConnectionTrouble, match="No relay is running"):
        await exchange(cohort[0], PATIENT)


def test_a_command_that_nobody_watches_signs_at_once() -> None:
    assert AT_ONCE.quiet == 0.0
