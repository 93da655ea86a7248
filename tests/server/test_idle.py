"""Communities that nobody is connected to leave memory after a while, and come back with who asks."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from moot_client.replica.replica import Replica
from moot_server.members.pace import Pace
from moot_shared.limits import DEFAULT
from tests.helpers.cohort import issue
from tests.helpers.network import Client, Relay, run
from tests.helpers.patience import PATIENCE_S
from tests.helpers.relay_here import relay_here

MINUTE = 60_000


def passes(relay: Relay, minutes: float) -> None:
    """Time goes by, and the relay looks round as its sockets have it do."""
    relay.now += round(minutes * MINUTE)
    relay.step()


def test_a_community_leaves_memory_once_nobody_was_connected_for_a_while(
    cohort: list[Replica], relay: Relay
) -> None:
    mara, joon = cohort[:2]
    client = Client(mara, relay)
    run(client)
    passes(relay, 60)
    assert mara.community in relay.core._communities  # somebody is connected
    client.socket.close()
    passes(relay, 2)
    assert mara.community in relay.core._communities
    passes(relay, 6)
    assert relay.core._communities == {}
    assert relay.core._filling._sizes == {}
    issue(joon, "After a long while")
    again = Client(joon, relay)
    run(again)
    assert again.settled()
    assert mara.community in relay.core._communities


def test_many_communities_at_once_leave_sooner(cohort: list[Replica], relay: Relay) -> None:
    relay.crash()
    relay.limits = replace(DEFAULT, communities_idle=0)
    relay.start()
    client = Client(cohort[0], relay)
    run(client)
    assert relay.core._communities
    client.socket.close()
    passes(relay, 0)
    assert relay.core._communities == {}


def test_a_members_pace_is_forgotten_when_it_makes_no_difference_any_more() -> None:
    pace = Pace(DEFAULT)
    pace.spend(b"mara", 10_000, 0)
    pace.forget(1000)
    assert pace.spend(b"mara", 1, 1000) > 0
    pace.forget(100_000_000)
    assert pace._buckets == {}


async def test_the_sockets_have_the_core_look_round_though_nothing_comes(tmp_path: Path) -> None:
    looked = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with relay_here(tmp_path, limits=replace(DEFAULT, community_idle_s=0.1)) as relay:
        step = relay.shell._worker._core.step

        def looking(inputs: list[object], now: int) -> list[object]:
            if not inputs:
                loop.call_soon_threadsafe(looked.set)
            return step(inputs, now)  # type: ignore[arg-type,return-value]

        relay.shell._worker._core.step = looking  # type: ignore[method-assign,assignment]
        await asyncio.wait_for(looked.wait(), PATIENCE_S)
