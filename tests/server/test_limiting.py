"""What whoever runs a relay may set, and that it is set everywhere."""

from __future__ import annotations

import asyncio
import random
import socket
from dataclasses import fields
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from moot_client.replica.replica import Replica
from moot_client.sync.connection import dial
from moot_client.sync.events import RefusedOwn
from moot_client.sync.trouble import of
from moot_server.command import main
from moot_server.limiting import SETTINGS, limited, listed
from moot_server.network.doorstep import AT_ONCE
from moot_shared.errors import ConnectionTrouble, InputError
from moot_shared.limits import DEFAULT, KIB, MIB, Limits
from tests.helpers.cohort import Cohort, issue
from tests.helpers.network import Client, Relay, hosted, run
from tests.helpers.patience import PATIENCE_S
from tests.helpers.relay_here import RelayHere, relay_here

NOT_A_RELAYS = {
    "change_extra_bytes", "document_bytes", "document_inflated_bytes", "document_changes", "document_deps",
    "document_read_operations", "sync_need", "sync_have", "sync_changes", "sync_flags",
    "bloom_bits_per_entry", "bloom_probes", "reply_bytes", "frames_at_once", "frames_at_once_bytes",
}  # fmt: skip
"""They bound what is read by others than a relay with membership."""


def test_every_limit_of_a_relay_can_be_set_and_is_listed_with_its_meaning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert {field.name for field in fields(Limits)} - set(SETTINGS) <= NOT_A_RELAYS
    assert main(["--limits", "--limit", "strangers=7"]) == 0
    said = capsys.readouterr().out
    for name, setting in SETTINGS.items():
        (line,) = [line for line in said.splitlines() if line.split()[0] == name]
        assert setting.says in line
    assert "strangers                          7  " in said
    assert "1 MiB" in listed()


@pytest.mark.parametrize(
    ("word", "name", "value"),
    [
        ("connections_per_member=10", "connections_per_member", 10),
        ("unsent_bytes=8MiB", "unsent_bytes", 8 * MIB),
        ("frame_bytes = 512 KiB", "frame_bytes", 512 * KIB),
        ("document_operations=3,000,000", "document_operations", 3_000_000),
        ("changes_per_second=2.5", "changes_per_second", 2.5),
    ],
)
def test_a_limit_is_read_as_people_write_it(word: str, name: str, value: float) -> None:
    assert getattr(limited([word]), name) == value


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("connection=10", "sets no limit"),
        ("strangers", "sets no limit"),
        ("strangers=many", "takes a number from 1 to 100,000"),
        ("strangers=0", "takes a number from 1"),
        ("strangers=2.5", "takes a number from 1"),
        ("strangers=", "takes a number from 1"),
        ("changes_per_second=nan", "takes a number from"),
        ("change_bytes=1MiB", "from 1 KiB to 256 KiB"),
        ("document_actors=20000", "to 10,000"),
    ],
)
def test_what_cannot_be_set_is_said_with_what_can(
    word: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match=r"moot relay --limits|takes a number"):
        limited([word])
    assert main(["--limit", word, "--data", str(tmp_path)]) == 1
    assert sentence in capsys.readouterr().err


def test_all_limits_are_within_their_own_bounds() -> None:
    for name, setting in SETTINGS.items():
        assert setting.least <= getattr(DEFAULT, name) <= setting.most


def test_a_relay_that_is_stricter_with_changes_says_so_of_each(tmp_path: Path) -> None:
    with Cohort(tmp_path / "members", size=1) as (mara,):
        relay = Relay(tmp_path / "relay", limits=limited(["change_operations=3"]))
        hosted(relay, mara)
        issue(mara, "Too much at once", body="One.\n\nTwo.\n\nThree.")
        client = Client(mara, relay)
        run(client)
        (refused,) = client.said(RefusedOwn)
        assert isinstance(refused, RefusedOwn)
        assert refused.text
        relay.crash()


@pytest.mark.slow
def test_a_client_sends_frames_of_the_size_that_a_relay_takes(tmp_path: Path) -> None:
    with Cohort(tmp_path / "members", size=1) as (mara,):
        relay = Relay(tmp_path / "relay", limits=limited(["frame_bytes=512KiB"]))
        hosted(relay, mara)
        write_much(mara)
        client = Client(mara, relay)
        largest = 0
        while (frame := client.session.next_frame()) or client.receive_one():
            if frame:
                largest = max(largest, len(frame))
                client.socket.send(frame)
        assert client.settled()
        assert 100 * KIB < largest <= 512 * KIB
        relay.crash()


def write_much(replica: Replica) -> None:
    """More than a mebibyte that deflates badly."""
    dice = random.Random(3)
    for number in range(40):
        issue(replica, f"Number {number}", body=dice.randbytes(24_000).hex())


async def test_a_frame_that_is_too_large_is_said_to_be(tmp_path: Path) -> None:
    async with relay_here(tmp_path, limits=limited(["frame_bytes=512KiB"])) as relay:
        async with connect(relay.url, proxy=None) as sock:
            await sock.send(bytes(600 * KIB))
            with pytest.raises(ConnectionClosedError) as caught:
                await sock.recv()
        error = of(caught.value, relay.url)
    assert "does not take messages as large" in str(error)
    assert "frame_bytes" in str(error)


async def test_sockets_that_say_nothing_at_all_are_few(tmp_path: Path) -> None:
    limits = limited(["strangers_per_address=3", f"open_timeout_s={PATIENCE_S}"])
    async with relay_here(tmp_path, limits=limits) as relay:
        silent = [socket.create_connection(("127.0.0.1", relay.port)) for _ in range(20)]
        with pytest.raises(ConnectionTrouble, match="before it answered"):
            await dial(relay.url)
        assert len(relay.shell._doorstep._waiting) == 3 * AT_ONCE
        for each in silent:
            each.close()
        await nobody_waits(relay)
        await (await dial(relay.url)).close()


async def test_sockets_that_say_nothing_at_all_are_soon_gone(tmp_path: Path) -> None:
    """Nobody is to come in here: a busy machine may need longer for it than these have."""
    async with relay_here(tmp_path, limits=limited(["open_timeout_s=0.2"])) as relay:
        silent = [await asyncio.open_connection("127.0.0.1", relay.port) for _ in range(4)]
        async with asyncio.timeout(PATIENCE_S):
            for reader, writer in silent:
                await reader.read()  # until the relay ends it
                writer.close()
        await nobody_waits(relay)


async def nobody_waits(relay: RelayHere) -> None:
    """Wait until there is room before the door."""
    async with asyncio.timeout(PATIENCE_S):
        while relay.shell._doorstep._waiting:  # noqa: ASYNC110  # a doorstep rings no bell
            await asyncio.sleep(0.01)
