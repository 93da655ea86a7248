"""Behind a reverse proxy: below a path, counted by whom the proxy names, kept alive when nobody speaks."""

from __future__ import annotations

import asyncio
from asyncio import to_thread
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from moot_client.home import Home
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.joining import host
from moot_client.sync.once import sync_once
from tests.helpers.cohort import issue
from tests.helpers.patience import PATIENCE_S
from tests.helpers.relay_process import RelayProcess
from tests.helpers.reverse_proxy import PREFIX, reverse_proxy
from tests.server.test_plain import get

pytestmark = pytest.mark.slow

ONE_AT_A_TIME = (
    *("--behind-proxy", "--limit", "strangers_per_address=1"),
    *("--limit", f"authentication_timeout_s={PATIENCE_S}"),
)


async def test_members_come_through_a_proxy_and_below_a_path(tmp_path: Path) -> None:
    mara = Replica.open(found_community(Home(tmp_path / "mara"), "Northern cohort", "Mara"))
    with RelayProcess(tmp_path / "relay", options=ONE_AT_A_TIME) as relay:
        async with reverse_proxy(relay.port) as port:
            url = f"ws://localhost:{port}{PREFIX}"
            await to_thread(host, mara, url, relay.hosting_key)
            issue(mara)
            assert (await to_thread(sync_once, mara)).stored
            assert (await to_thread(get, port, f"{PREFIX}/health"))[:2] == (200, "alive\n")
            assert (await to_thread(get, port, f"{PREFIX}/ready"))[:2] == (200, "ready\n")
            assert (await to_thread(get, port, f"{PREFIX}/metrics"))[0] == 403
            assert (await to_thread(get, relay.port, "/metrics"))[0] == 403
    mara.close()


async def test_whom_the_proxy_names_is_who_is_counted(tmp_path: Path) -> None:
    with RelayProcess(tmp_path / "relay", options=ONE_AT_A_TIME) as relay:
        async with reverse_proxy(relay.port) as one, reverse_proxy(relay.port, "203.0.113.8") as other:
            first = await connect(f"ws://localhost:{one}", proxy=None)
            second = await connect(f"ws://localhost:{one}", proxy=None)
            third = await connect(f"ws://localhost:{other}", proxy=None)
            assert await second.recv()  # that there is one too many at this address
            await second.wait_closed()
            assert (await to_thread(get, one, "/health"))[0] == 200
            for socket in (first, third):
                pong = await socket.ping()
                await pong
                await socket.close()


async def test_signs_of_life_keep_a_connection_and_end_one_that_gives_none(tmp_path: Path) -> None:
    limits = ("ping_interval_s=1", "ping_timeout_s=3", "authentication_timeout_s=60")
    words = ("--behind-proxy", "--metrics", *(word for limit in limits for word in ("--limit", limit)))
    with RelayProcess(tmp_path / "relay", options=words) as relay:
        async with reverse_proxy(relay.port) as port:
            alive = await connect(f"ws://localhost:{port}", proxy=None, ping_interval=None)
            dead = await connect(f"ws://localhost:{port}", proxy=None, ping_interval=None)
            dead.transport.pause_reading()
            async with asyncio.timeout(PATIENCE_S):
                while not await to_thread(silent, relay.port):  # noqa: ASYNC110  # another process's
                    await asyncio.sleep(0.1)
            pong = await alive.ping()
            await pong
            dead.transport.abort()
            await alive.close()


def silent(port: int) -> bool:
    """Whether one was let go that gave no sign of life."""
    return 'closed_total{code="silent"} 1.0' in get(port, "/metrics")[1]
