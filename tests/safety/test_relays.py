"""A relay that lies, a peer that does, and a line that was pasted: their words are words."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cbor2
import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.sync.server import ServerConnection, serve

from moot_client.cli.exits import AWAY, NOT_ALLOWED, NOT_DONE
from moot_client.home import Home
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.trouble import RelayRefused
from moot_client.tui.company.syncing import Link
from moot_client.tui.looks.signs import FULL
from moot_client.tui.screens.joining import JoinScreen
from moot_shared.outlet import outlets
from moot_shared.trust.lines import CommunityLine, DeviceLine, InviteLine, Line
from moot_shared.wire.messages import Error, Message, Refusal, encode
from tests.helpers.cohort import founder, outside
from tests.helpers.hostile import CATALOGUE, everything, groups, harm
from tests.helpers.patience import PATIENCE_S
from tests.helpers.relay_process import environment
from tests.safety.community import Hostile
from tests.safety.reading import Printed, printed
from tests.safety.test_interface import drawn, press
from tests.tui.stage import app_on, opened, settled, typed

WORDS = everything()[:1000]
CODES = [code for words in groups(2) for code in (words[:40],)]
PIECES = [words[:900] for words in groups(4)]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http", "https", "all", "ws", "wss"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_proxy".upper(), raising=False)


@contextmanager
def lying(*answers: Message | bytes) -> Iterator[str]:
    """A relay that says these things whatever it hears; its address."""

    def answer(connection: ServerConnection) -> None:
        connection.recv(5)
        for message in answers:
            connection.send(message if isinstance(message, bytes) else encode(message))

    with serve(answer, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join()


@contextmanager
def speaking(*answers: bytes) -> Iterator[str]:
    """Something that answers anybody with these bytes, one answer a connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            for data in answers:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(4096)
                    connection.sendall(data)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"ws://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def synced(home: Path, url: str, *words: str) -> Printed:
    """What a sync with the relay at an address says."""
    replica = Replica.open(Home(home).place(), outside(3))
    replica.set_relay_url(url)
    replica.close()
    done = printed(home, words or ("sync",), terminal=True)
    assert done.code in (NOT_DONE, AWAY, NOT_ALLOWED)
    assert "Something went wrong" not in done.all
    assert not harm(done.all), harm(done.all)
    return done


@pytest.fixture
def home(tmp_path: Path) -> Path:
    founder(tmp_path / "home").close()
    return tmp_path / "home"


def test_what_a_relay_says_is_words(home: Path) -> None:
    for words in PIECES[:4]:
        with lying(Refusal(words[:40], words)) as url:
            synced(home, url)
    with lying(Error(WORDS)) as url:
        synced(home, url)
    with lying(cbor2.dumps({"type": WORDS, "senderId": WORDS, "text": WORDS})) as url:
        synced(home, url)


def test_what_a_web_server_says_is_words(home: Path) -> None:
    bad = CATALOGUE["the window's title"].encode() + CATALOGUE["a colour"].encode()
    for answer in (
        bad,
        b"HTTP/1.1 200 " + bad + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/" + bad + b"\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nUpgrade: " + bad + b"\r\nConnection: " + bad + b"\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\n" + bad + b"\r\n\r\n",
    ):
        with speaking(answer) as url:
            synced(home, url)


def test_json_says_the_same_and_escapes_it(home: Path) -> None:
    with lying(Refusal(CODES[0], WORDS)) as url:
        done = synced(home, url, "sync", "--json")
        assert not done.out


@pytest.mark.slow
async def test_what_a_relay_says_is_words_on_every_screen(hostile: Hostile) -> None:
    app = app_on(hostile.home, "today")
    async with opened(app) as pilot:
        for words in (PIECES[0], PIECES[5][:300]):
            refused = str(RelayRefused(Refusal(words[:40], words)))
            app.link = Link(trouble=refused, url=f"ws://{words}", since=1)
            app.say(refused, care=True)
            await settled(pilot)
            drawn(app)
            await press(pilot, "S")
            await press(pilot, "escape")


LINES = [
    *(InviteLine(f"ws://{w}", b"\1" * 32, b"\2" * 32, w, w, w, 2**63, 2**63) for w in PIECES[:3]),
    InviteLine("ws://127.0.0.1:1", b"\1" * 32, b"\2" * 32, WORDS, WORDS, "member"),
    DeviceLine("ws://127.0.0.1:1", b"\1" * 32, b"\2" * 32, WORDS, WORDS),
    DeviceLine(WORDS, b"\1" * 32, b"\2" * 32, "x", "y"),
    CommunityLine("ws://127.0.0.1:1", b"\1" * 32, WORDS),
]


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_a_pasted_line_is_words_on_the_command_line(line: Line, tmp_path: Path) -> None:
    verb = "recover" if isinstance(line, CommunityLine) else "join"
    extra = ("--words", WORDS) if verb == "recover" else ("--as", "Ann")
    done = printed(tmp_path, (verb, str(line), *extra), terminal=True)
    assert done.code in (NOT_DONE, AWAY, NOT_ALLOWED)
    assert "Something went wrong" not in done.all
    assert not harm(done.all), harm(done.all)


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
async def test_a_pasted_line_is_words_on_its_screen(line: Line, tmp_path: Path) -> None:
    app = app_on(Home(tmp_path / "none"))
    async with opened(app) as pilot:
        await app.push_screen(JoinScreen(Home(tmp_path / "none"), FULL))
        await settled(pilot)
        await typed(pilot, str(line))
        drawn(app)


def test_names_from_the_environment_and_the_disk_are_words(tmp_path: Path) -> None:
    found_community(Home(tmp_path / "a\x1b[31m\u202eb"), "Cohort", "Ann", outside=outside(4))
    place = next((tmp_path / "a\x1b[31m\u202eb" / "communities").iterdir())
    for words in (("status",), ("export", str(place)), ("--community", WORDS, "issues"), ("words",)):
        done = printed(tmp_path / "a\x1b[31m\u202eb", words, terminal=True)
        assert not harm(done.all)
    (place / "store.db").write_bytes(b"\x1b[2J" * 1000)
    for words in (("issues",), ("verify",)):
        done = printed(tmp_path / "a\x1b[31m\u202eb", words, terminal=True)
        assert not harm(done.all)
    (place / "community.json").write_text("\x1b[2J")
    assert not harm(printed(tmp_path / "a\x1b[31m\u202eb", ("issues",), terminal=True).all)


def test_an_unexpected_fault_keeps_its_details_without_what_steers(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(WORDS + "\ud800")

    monkeypatch.setattr("moot_client.cli.look.today", broken)
    done = printed(home, ("today",), terminal=True)
    assert done.code == 1
    assert not harm(done.all)
    kept = (home / "moot-trouble.log").read_text(encoding="utf-8")
    assert "RuntimeError" in kept
    assert not harm(kept)


def test_a_warning_and_a_log_line_pass_the_gate(capsys: pytest.CaptureFixture[str]) -> None:
    with outlets():
        handler = logging.StreamHandler()
        logging.getLogger("moot.test").addHandler(handler)
        logging.getLogger("moot.test").error("%s", WORDS)
        logging.getLogger("moot.test").removeHandler(handler)
        sys.stderr.write(warnings.formatwarning(WORDS, UserWarning, "x\x1b[2J", 1))
        sys.stdout.writelines([WORDS, "\n"])
        print(WORDS)
    out, err = capsys.readouterr()
    assert out
    assert err
    assert not harm(out + err), harm(out + err)


@pytest.mark.slow
def test_a_relay_logs_and_prints_nothing_that_steers(tmp_path: Path) -> None:
    bad = CATALOGUE["the window's title"] + CATALOGUE["a colour"] + "\x9b2J\u202e"
    relay = subprocess.Popen(
        [sys.executable, "-m", "moot_shared", "relay", "--port", "0", "--data", str(tmp_path / bad[:20])],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(PYTHONUTF8="1"),
    )  # fmt: skip
    assert relay.stdout
    said = relay.stdout.readline() + relay.stdout.readline()
    port = int(said.decode().strip().rpartition(":")[2])
    for data in (
        bad.encode() + b"\r\n\r\n",
        f"GET /{bad} HTTP/1.1\r\nHost: {bad}\r\nUpgrade: {bad}\r\nX: {bad}\r\n\r\n".encode(),
        f"{bad} / HTTP/9.9{bad}\r\n\r\n".encode(),
    ):
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(data)
            raw.settimeout(5)
            try:
                raw.recv(4096)
            except OSError:
                pass
    for message in (
        {"type": bad, "senderId": bad},
        {
            "type": "join",
            "senderId": bad,
            "peerMetadata": {bad: bad},
            "supportedProtocolVersions": [bad, "1"],
        },
        {bad: bad},
        [bad],
    ):
        with connect(f"ws://127.0.0.1:{port}", proxy=None) as peer:
            peer.send(cbor2.dumps(message))
            try:
                peer.recv(5)
            except (WebSocketException, TimeoutError):
                pass
    with connect(f"ws://127.0.0.1:{port}", proxy=None) as peer:
        peer.send(bad)
        peer.close(1000, bad[:100])
    relay.terminate()
    out, err = relay.communicate(timeout=PATIENCE_S)
    everything_said = (said + out + err).decode()
    assert not harm(everything_said), (harm(everything_said), everything_said)
