"""`moot relay --open` as a process, and clients over real sockets."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cbor2
import pytest
from websockets.asyncio.client import connect

from moot_client.home import Home
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.joining import host
from moot_shared.errors import ConnectionTrouble
from moot_shared.wire.signed import hosting_text
from tests.helpers.patience import PATIENCE_S
from tests.helpers.relay_process import RelayProcess, environment
from tests.helpers.stock import Wired, join


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[RelayProcess]:
    with RelayProcess(tmp_path / "relay", options=("--open",)) as relay:
        yield relay


@pytest.mark.slow
async def test_what_was_declared_outlives_kill_9_and_clients_go_on_where_they_were(
    relay: RelayProcess,
) -> None:
    mara, joon = await Wired(relay.url, "mara").connect(), await Wired(relay.url, "joon").connect()
    for number in range(30):
        await mara.put("a", number)
    await mara.stored()
    await joon.until(lambda: joon.replica.get("a") == 29)
    relay.kill()
    mara.replica.put("away", 1)
    relay.start()
    ines = await Wired(relay.url, "ines").connect()
    await ines.until(lambda: ines.replica.get("a") == 29)
    await mara.connect()
    await mara.stored()
    await ines.until(lambda: ines.replica.get("away") == 1)
    for client in (mara, ines):
        await client.close()


@pytest.mark.slow
async def test_who_takes_nothing_off_its_socket_slows_nobody(relay: RelayProcess) -> None:
    mara, joon = await Wired(relay.url, "mara").connect(), await Wired(relay.url, "joon").connect()
    await mara.put("a", 0)
    await joon.until(lambda: joon.replica.get("a") == 0)
    deaf = Wired(relay.url, "deaf")
    await deaf.connect()
    await deaf.until(lambda: deaf.replica.get("a") == 0)
    deaf._listener.cancel()
    deaf._socket.transport.pause_reading()
    for number in range(100):
        for key in "bcdefgh":
            mara.replica.put(key, number)
        await mara.put("a", number)
        await joon.until(lambda number=number: joon.replica.get("a") == number)
    assert joon.replica.heads() == mara.replica.heads()
    deaf._socket.transport.abort()
    for client in (mara, joon):
        await client.close()


@pytest.mark.slow
async def test_text_and_garbage_end_their_connection_only(relay: RelayProcess) -> None:
    mara = await Wired(relay.url, "mara").connect()
    for bad in ("text", b"", b"\xff" * 100, b"\xa1" * 5):
        async with connect(relay.url, proxy=None) as socket:
            await socket.send(bad)
            async for _ in socket:
                pass
            assert socket.close_code == 1000
    await mara.put("a", 1)
    await mara.stored()
    await mara.close()


@pytest.mark.slow
async def test_a_message_in_fragments_is_a_message(relay: RelayProcess) -> None:
    async with connect(relay.url, proxy=None) as socket:
        whole = cbor2.dumps(join("mara"))
        await socket.send([whole[:10], whole[10:20], whole[20:]])
        assert cbor2.loads(await socket.recv(decode=False))["type"] == "peer"


@pytest.mark.slow
def test_it_says_that_it_is_open_and_names_no_hosting_key(relay: RelayProcess) -> None:
    assert "Moot relay, open to everybody\n" in relay.said
    assert "Hosting key" not in relay.said
    assert relay.url.startswith("ws://127.0.0.1:")


@pytest.mark.slow
@pytest.mark.parametrize("first", [("--open",), ()])
def test_a_folder_is_for_communities_or_open_and_never_both(tmp_path: Path, first: tuple[str, ...]) -> None:
    other = () if first else ("--open",)
    with RelayProcess(tmp_path / "relay", options=first):
        pass
    words = ["-m", "moot_shared", "relay", "--port", "0", "--data", str(tmp_path / "relay"), *other]
    ended = subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=PATIENCE_S,
        check=False,
    )
    assert ended.returncode == 1
    assert "Choose another with --data" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_moot_itself_does_not_put_a_community_on_it(relay: RelayProcess, tmp_path: Path) -> None:
    mara = Replica.open(found_community(Home(tmp_path / "mara"), "Northern cohort", "Mara"))
    with pytest.raises(ConnectionTrouble, match="is an open relay"):
        host(mara, relay.url, hosting_text(bytes(20)))
    mara.close()
