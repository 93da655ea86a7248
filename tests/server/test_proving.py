"""`moot relay verify` finds whatever was changed in a store; `status` says how a relay is, running or not."""

from __future__ import annotations

import json
import re
import shutil
import socket as sockets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import MakeInvite
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.joining import host, join
from moot_client.sync.once import sync_once
from moot_server.command import main
from moot_shared.ids import encode_bytes
from tests.helpers.cohort import issue, vote
from tests.helpers.relay_process import RelayProcess

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The folder of a relay that has stopped, and the community in it."""
    folder = tmp_path_factory.mktemp("kept")
    with RelayProcess(folder / "relay") as relay:
        mara = Replica.open(found_community(Home(folder / "mara"), "Northern cohort", "Mara"))
        host(mara, relay.url, relay.hosting_key)
        line = mara.do(MakeInvite(uses=1))
        sync_once(mara)
        joon = Replica.open(join(Home(folder / "joon"), line, "Joon"))
        key = issue(joon)
        sync_once(joon)
        sync_once(mara)
        vote(mara, key, 2)
        sync_once(mara)
        relay.stop()
        yield folder / "relay", encode_bytes(mara.community)
        mara.close()
        joon.close()


@pytest.fixture
def folder(kept: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of it, to do harm to."""
    shutil.copytree(kept[0], tmp_path / "relay")
    return tmp_path / "relay"


def changed(folder: Path, sql: str) -> None:
    with closing(sqlite3.connect(folder / "relay.db")) as db:
        assert db.execute(sql).rowcount > 0
        db.commit()


def test_a_good_store_is_said_to_be_good(
    folder: Path, kept: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "relay.db").read_bytes()
    assert main(["verify", "--data", str(folder)]) == 0
    said = capsys.readouterr().out
    assert f"{kept[1]}:" in said
    assert "All is well" in said
    assert (folder / "relay.db").read_bytes() == before


LAST = "position = (SELECT max(position) FROM change)"


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (f"UPDATE change SET bytes = substr(bytes, 1, length(bytes) - 1) WHERE {LAST}", "cannot be read"),
        (f"UPDATE change SET bytes = x'00' WHERE {LAST}", "cannot be read"),
        (f"UPDATE change SET seq = seq + 1 WHERE {LAST}", "under another name"),
        (f"UPDATE change SET last_op = last_op + 1 WHERE {LAST}", "under another name"),
        (f"UPDATE change SET hash = zeroblob(32) WHERE {LAST}", "under another name"),
        (f"UPDATE change SET deps = x'' WHERE {LAST}", "under another name"),
        (f"UPDATE change SET position = -1 WHERE {LAST}", "does not belong here"),
        ("DELETE FROM change WHERE position = 3", "does not belong here"),
        ("DELETE FROM change WHERE position = 1", "its first one is missing"),
        (f"UPDATE change SET seal = zeroblob(64) WHERE {LAST}", "signed by somebody else"),
        (f"UPDATE change SET seal = NULL WHERE {LAST}", "bear no seal"),
        ("DELETE FROM fact WHERE kind = 'join'", "who belongs"),
        ("UPDATE fact SET payload = payload || ' ' WHERE kind = 'invite'", "who belongs"),
        ("UPDATE receipt SET at = at + 1", "receipt is not signed"),
    ],
)  # fmt: skip
def test_whatever_was_changed_is_found_and_said(
    folder: Path, kept: tuple[Path, str], sql: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(folder, sql)
    assert main(["verify", "--data", str(folder)]) == 3
    said = capsys.readouterr().out
    assert sentence in said
    assert kept[1] in said
    assert "moot relay restore FILE" in said


def test_bytes_that_rotted_on_the_disk_are_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = bytearray((folder / "relay.db").read_bytes())
    data[4096 * 3 : 4096 * 5] = bytes(4096 * 2)
    (folder / "relay.db").write_bytes(data)
    assert main(["verify", "--data", str(folder)]) == 3
    assert "is damaged" in capsys.readouterr().out


def test_where_there_is_nothing_to_look_at_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["verify"], ["status"], ["backup", str(tmp_path / "copy")]):
        assert main([*words, "--data", str(tmp_path / "nowhere")]) == 1
        assert "--data" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_status_of_one_that_does_not_run_is_read_from_its_files(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--data", str(folder)]) == 3
    said = capsys.readouterr().out
    assert "does not run" in said
    assert "1 community" in said
    assert "none yet" in said
    assert main(["backup", "--data", str(folder), str(tmp_path / "copy.db")]) == 0
    assert main(["restore", "--data", str(folder), str(tmp_path / "copy.db")]) == 0
    capsys.readouterr()
    assert main(["status", "--data", str(folder)]) == 3
    said = capsys.readouterr().out
    assert str(tmp_path / "copy.db") in said
    assert "1 community waits for a convenor" in said


def test_status_of_one_that_runs_is_its_own_word(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with RelayProcess(folder) as relay:
        assert main(["status", "--data", str(folder)]) == 0
        said = capsys.readouterr().out
        assert relay.url in said
        assert str(relay.process.pid) in said
        assert main(["status", "--data", str(folder), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["running"] is True
        assert found["address"] == relay.url
        assert found["communities"] == 1
        assert (found["connections"], found["members"], found["viewers"]) == (0, 0, 0)
        assert relay.hosting_key not in json.dumps(found)
        page = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()
        assert [key for key in found if f"`{key}`" not in page or not re.fullmatch("[a-z_]+", key)] == []
        relay.kill()
    assert main(["status", "--data", str(folder)]) == 3
    with RelayProcess(folder) as relay:  # the socket that the dead one left is in nobody's way
        assert main(["status", "--data", str(folder)]) == 0


def test_a_folder_with_a_long_path_is_reached_as_well(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = tmp_path / ("a long name of a folder " * 5).strip() / "relay"
    deep.parent.mkdir()
    folder.rename(deep)
    with RelayProcess(deep):
        assert main(["status", "--data", str(deep)]) == 0


def test_a_supervisor_is_told_when_it_is_ready_and_when_it_stops(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with closing(sockets.socket(sockets.AF_UNIX, sockets.SOCK_DGRAM)) as heard:
        heard.bind(str(path))
        heard.settimeout(10)
        with RelayProcess(tmp_path / "relay", more={"NOTIFY_SOCKET": str(path)}) as relay:
            assert heard.recv(100) == b"READY=1"
            assert relay.stop() == 0
        assert heard.recv(100) == b"STOPPING=1"
