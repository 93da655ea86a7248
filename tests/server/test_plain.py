"""What whoever runs a relay can see of it: plain HTTP on its port, its figures and its log."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from websockets.sync.client import connect

from moot_client.home import Home
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.joining import host
from moot_client.sync.once import sync_once
from moot_server.storage.sqlite import SqliteStore
from moot_shared.errors import StorageError
from moot_shared.ids import encode_bytes
from moot_shared.wire.messages import Join, encode
from tests.helpers.cohort import issue
from tests.helpers.patience import PATIENCE_S
from tests.helpers.relay_here import relay_here
from tests.helpers.relay_process import RelayProcess, environment

UNHURRIED = ("--limit", f"authentication_timeout_s={PATIENCE_S}")
"""Who does not say who they are is let go when a test says so, and by no clock."""


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[RelayProcess]:
    with RelayProcess(tmp_path / "relay", options=UNHURRIED) as relay:
        yield relay


def get(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, str, Message]:
    """Status, text and headers of an answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method, headers=named)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(asked, timeout=PATIENCE_S) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def figure(port: int, name: str) -> float:
    found = re.search(rf"^moot_relay_{re.escape(name)} (\S+)$", get(port, "/metrics")[1], re.MULTILINE)
    assert found, name
    return float(found[1])


@pytest.mark.slow
def test_it_says_that_it_is_alive_and_ready_also_below_the_path_of_a_proxy(relay: RelayProcess) -> None:
    assert get(relay.port, "/health")[:2] == (200, "alive\n")
    assert get(relay.port, "/ready")[:2] == (200, "ready\n")
    assert get(relay.port, "/moot/health?x=1")[:2] == (200, "alive\n")
    assert get(relay.port, "/health", "HEAD")[:2] == (200, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "method", "status"), [("/", "GET", 426), ("/index.html", "GET", 404), ("/health", "DELETE", 405)]
)
def test_whoever_comes_with_a_browser_reads_what_this_is(
    relay: RelayProcess, path: str, method: str, status: int
) -> None:
    code, text, headers = get(relay.port, path, method)
    assert code == status
    assert "This is a relay of Moot" in text
    assert headers["Content-Type"].startswith("text/plain")


@pytest.mark.slow
def test_the_figures_count_what_happened_and_name_nobody(relay: RelayProcess, tmp_path: Path) -> None:
    mara = Replica.open(found_community(Home(tmp_path / "mara"), "Northern cohort", "Mara"))
    host(mara, relay.url, relay.hosting_key)
    issue(mara, "Handover loses facts")
    sync_once(mara)
    with connect(relay.url, proxy=None) as socket:
        assert figure(relay.port, "connections") == 1.0
        socket.send(b"garbage")
        socket.recv()
    text = get(relay.port, "/metrics")[1]
    assert figure(relay.port, "changes_stored_total") == len(mara._writer.history)
    assert figure(relay.port, "commit_seconds_count") >= 2
    assert figure(relay.port, "batches_total") >= 2
    assert figure(relay.port, "data_bytes") > 0
    assert figure(relay.port, "storage_failing") == 0
    assert 'moot_relay_closed_total{code="protocol"} 1.0' in text
    assert "process_resident_memory_bytes" in text
    for secret in ("Mara", "Northern", "Handover", mara.me, encode_bytes(mara.community)):
        assert secret not in text
    mara.close()


@pytest.mark.slow
def test_the_figures_are_for_this_machine_unless_everybody_may_read_them(tmp_path: Path) -> None:
    with RelayProcess(tmp_path / "relay") as relay:
        assert get(relay.port, "/metrics")[0] == 200
        for name in ("X_Forwarded_For", "Forwarded", "X_Real_IP", "Via"):
            code, text, _ = get(relay.port, "/metrics", **{name: "203.0.113.9"})
            assert code == 403
            assert "--metrics" in text
    with RelayProcess(tmp_path / "relay", options=("--behind-proxy",)) as relay:
        assert get(relay.port, "/metrics")[0] == 403, "the proxy may add no header"
    with RelayProcess(tmp_path / "relay", options=("--metrics", "--behind-proxy")) as relay:
        assert get(relay.port, "/metrics", X_Forwarded_For="203.0.113.9")[0] == 200


async def test_a_relay_that_cannot_store_is_not_ready_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: SqliteStore) -> None:
        raise StorageError("The relay's disk is full. Whoever runs it has to make room.")

    async with relay_here(tmp_path, probe=True) as relay:
        assert (await asyncio.to_thread(get, relay.port, "/ready"))[0] == 200
    monkeypatch.setattr(SqliteStore, "probe", full)
    async with relay_here(tmp_path, probe=True) as relay:
        code, text, _ = await asyncio.to_thread(get, relay.port, "/ready")
        assert code == 503
        assert "disk is full" in text
        assert (await asyncio.to_thread(get, relay.port, "/health"))[0] == 200


@pytest.mark.slow
def test_the_log_has_one_line_an_event_and_nobody_in_it(tmp_path: Path) -> None:
    mara = Replica.open(found_community(Home(tmp_path / "mara"), "Northern cohort", "Mara"))
    log = tmp_path / "log"
    with (
        log.open("w") as stderr,
        RelayProcess(
            tmp_path / "relay", options=("--log", "json", *UNHURRIED), stderr=stderr.fileno()
        ) as relay,
    ):
        host(mara, relay.url, relay.hosting_key)
        issue(mara, "Handover loses facts")
        sync_once(mara)
        with connect(relay.url, proxy=None) as socket:
            socket.send(encode(Join("somebody")) + b"\x00")
            socket.recv()
        assert relay.stop() == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    events = [line["event"] for line in lines]
    assert events[0] == "started"
    assert events[-1] == "stopped"
    assert events.count("connection opened") == events.count("connection closed") == 3
    assert [line["code"] for line in lines if line["event"] == "connection closed"][-1] == "protocol"
    for secret in ("Mara", "Northern", "Handover", "somebody", mara.me, "127.0.0.1", mara.community.hex()):
        assert secret not in log.read_text()
    mara.close()


def test_the_journal_gets_levels_its_own_way_and_a_defect_no_words_of_anybody() -> None:
    script = (
        "from moot_server.watching.journal import keep, log, note\n"
        "keep('text')\n"
        "note('connection closed', connection=7, code='bad hosting key')\n"
        "try:\n    raise KeyError('what somebody wrote\\nand more')\n"
        "except KeyError:\n    log.exception('a defect')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=environment(JOURNAL_STREAM="8:1"),
        check=True,
        timeout=PATIENCE_S,
    )
    first, second = done.stderr.splitlines()
    assert first == '<6>connection closed connection=7 code="bad hosting key"'
    assert second.startswith("<3>a defect kind=KeyError")
    assert "somebody wrote" not in second
