"""Moot ends when it is told to, whatever the relay or a fault does at that moment."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from moot_client.replica.replica import Replica
from moot_client.sync import ways
from moot_client.sync.connection import dial
from moot_client.sync.conversation import Means
from moot_client.sync.credentials import Credentials
from moot_client.sync.engine import Engine
from moot_client.sync.events import Event, Synced
from moot_client.sync.once import exchange_at
from moot_client.tui.company import syncing
from moot_shared.wire.signed import read_hosting_key
from tests.helpers.cohort import founder, issue
from tests.helpers.relay_process import RelayProcess

SOON_S = 30.0  # of a relay that answers nothing the keepalive would find out in 40
MANY = 30
LONG = 50_000
SMALL = 8192


async def _narrow(url: str) -> ClientConnection:
    """A connection on which little lies between the two sockets, so that what is sent last soon waits."""
    connection = await dial(url)
    connection.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
    return connection


async def _ended(task: asyncio.Task[None]) -> bool:
    """Whether it has ended, and not only been told to."""
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=SOON_S)
    return task in done


@pytest.mark.slow
async def test_who_leaves_does_not_wait_for_a_relay_that_reads_nothing(tmp_path: Path) -> None:
    replica = founder(tmp_path / "mara")
    with RelayProcess(tmp_path / "relay") as relay:
        key = read_hosting_key(relay.hosting_key)
        await exchange_at(replica, relay.url, Credentials("host", hosting_key=key), Means())
        ways.arrived(replica, relay.url)
        replica.set_relay_url(relay.url)
        synced = asyncio.Event()

        def report(event: Event) -> None:
            if isinstance(event, Synced):
                synced.set()

        running = asyncio.create_task(Engine(replica, report, Means(dial=_narrow)).run())
        await synced.wait()
        os.kill(relay.process.pid, signal.SIGSTOP)
        try:
            await asyncio.to_thread(_write_much, replica)
            assert await _ended(running)
        finally:
            os.kill(relay.process.pid, signal.SIGCONT)
    replica.close()


def _write_much(replica: Replica) -> None:
    """More than lies between two sockets."""
    for number in range(MANY):
        issue(replica, f"Handover {number}", body=os.urandom(LONG // 2).hex())


class _Faulty:
    """An engine with a fault on its way out."""

    def __init__(self, replica: Replica, report: Callable[[Event], None]) -> None: ...

    def i_am(self, where: Any) -> None: ...

    async def run(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ExceptionGroup("while ending", [RuntimeError("a fault")])


async def test_a_fault_on_the_way_out_does_not_begin_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "Engine", _Faulty)
    replica = founder(tmp_path / "mara")
    running = asyncio.create_task(syncing.EngineSyncing(replica, lambda: 0).run(lambda link: None))
    await asyncio.sleep(0)
    assert await _ended(running)
    replica.close()
