"""A relay that is to stop: it tells everybody, loses nothing that it took, and waits for nobody for ever."""

from __future__ import annotations

import random
import signal
import socket as sockets
import sqlite3
from asyncio import to_thread
from contextlib import closing
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from moot_client.home import Home
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.joining import host
from moot_client.sync.once import sync_once
from moot_shared.limits import KIB
from tests.helpers.by_settling import settle_by_hand
from tests.helpers.cohort import issue
from tests.helpers.patience import PATIENCE_S
from tests.helpers.relay_process import RelayProcess

PATIENT = ("--limit", "changes_burst=1000000", "--limit", "ping_interval_s=3600")
"""Nobody is let go because they give no sign of life: a relay that waited for them would wait for ever."""


@pytest.mark.slow
async def test_it_stops_in_time_with_a_client_that_never_reads_and_tells_the_others(tmp_path: Path) -> None:
    mara = Replica.open(found_community(Home(tmp_path / "mara"), "Northern cohort", "Mara"))
    with RelayProcess(tmp_path / "relay", options=PATIENT) as relay:
        mara.become_writer()
        await to_thread(host, mara, relay.url, relay.hosting_key)
        dice = random.Random(1)
        for number in range(100):  # three times as much as a page, and what lies in the buffers between them
            issue(mara, f"Number {number}", body=dice.randbytes(24_000).hex())
        await to_thread(sync_once, mara)
        narrow = sockets.create_connection(("127.0.0.1", relay.port))
        narrow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 64 * KIB)
        deaf = await connect(relay.url, sock=narrow, compression=None, max_queue=1, proxy=None)
        await settle_by_hand(mara, deaf, relay.url, asks_for_everything=True)
        deaf.transport.pause_reading()
        quiet = await connect(relay.url, proxy=None)
        relay.process.send_signal(signal.SIGTERM)
        with pytest.raises(ConnectionClosed) as caught:
            await quiet.recv()
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.code == 1001
        assert await to_thread(relay.process.wait, PATIENCE_S) == 0
    mara.close()


@pytest.mark.slow
def test_what_was_called_stored_is_there_after_it_was_stopped_in_the_middle_of_a_stream(
    tmp_path: Path,
) -> None:
    mara = Replica.open(found_community(Home(tmp_path / "mara"), "Northern cohort", "Mara"))
    with RelayProcess(tmp_path / "relay") as relay:
        host(mara, relay.url, relay.hosting_key)
        for turn in range(3):
            for number in range(10):
                issue(mara, f"Number {turn} {number}")
            assert sync_once(mara).stored
            assert relay.stop() == 0
            with closing(sqlite3.connect(tmp_path / "relay" / "relay.db")) as db:
                (here,) = db.execute("SELECT count(*) FROM change").fetchone()
            assert here == len(mara._writer.history)
            assert not (tmp_path / "relay" / "relay.socket").exists()
            relay.start()
    mara.close()
