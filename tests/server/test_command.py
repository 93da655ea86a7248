"""`moot relay` says what it is and where, and one sentence about whatever stands in its way."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from moot_server.command import main
from moot_server.storage.folder import Folder, default_folder
from moot_shared.errors import InputError, StorageError
from moot_shared.wire.signed import hosting_text, read_hosting_key
from tests.helpers.patience import PATIENCE_S
from tests.helpers.relay_process import RelayProcess, environment


def failing(*words: str) -> str:
    """Run a relay that cannot start; what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "moot_shared", "relay", *words],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.slow
def test_it_starts_without_configuration_on_loopback_and_ends_cleanly_on_sigterm(tmp_path: Path) -> None:
    with RelayProcess(tmp_path / "data") as relay:
        assert relay.url.startswith("ws://127.0.0.1:")
        assert relay.said["Data folder"] == str(tmp_path / "data")
        assert len(relay.hosting_key) == 32
        assert relay.stop() == 0


def test_the_hosting_key_is_its_readers_alone_and_stays_the_same(tmp_path: Path) -> None:
    os.umask(0o022)
    first = Folder.open(tmp_path / "data")
    first.close()
    again = Folder.open(tmp_path / "data")
    assert again.hosting_key == first.hosting_key
    assert stat.S_IMODE((tmp_path / "data" / "hosting.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    again.close()


@pytest.mark.slow
def test_a_port_that_is_taken_is_said_to_be(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        text = failing("--data", str(tmp_path), "--port", str(taken.getsockname()[1]))
    assert "is taken" in text
    assert "--port" in text


def test_a_second_relay_on_one_folder_is_turned_away(tmp_path: Path) -> None:
    folder = Folder.open(tmp_path)
    with pytest.raises(StorageError, match="Another relay is using"):
        Folder.open(tmp_path)
    folder.close()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--port", "70000"], "70000 is no port"),
        (["--host", "192.0.2.1"], "no address of this machine"),
        (["--host", "nowhere.invalid"], "no address of this machine"),
    ],
)
def test_an_address_that_cannot_be_listened_on_is_said_to_be_none(
    tmp_path: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path), *words]) == 1
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.out == ""


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"cannot be used .*--data"):
        Folder.open(tmp_path / "file" / "data")


def test_a_name_that_is_none_is_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--name", "relay example", "--data", str(tmp_path)]) == 1
    assert "is no address of a relay" in capsys.readouterr().err


def test_a_damaged_hosting_key_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "hosting.key").write_text("???")
    with pytest.raises(StorageError, match="holds no hosting key"):
        Folder.open(tmp_path)


def test_the_folder_can_be_named_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOOT_RELAY_DATA", str(tmp_path))
    assert default_folder() == tmp_path


def test_a_hosting_key_is_read_as_people_paste_it() -> None:
    key = bytes(range(20))
    text = hosting_text(key)
    assert read_hosting_key(f"  {text[:16].upper()} {text[16:]}\n") == key
    for wrong in ("", text[:-8], text + "aaaaaaaa", "0" * 32, "ä" * 32):
        with pytest.raises(InputError, match="not a hosting key"):
            read_hosting_key(wrong)


@pytest.mark.slow
def test_a_relay_runs_where_neither_textual_nor_automerge_can_be_imported(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "for name in ('textual', 'rich', 'automerge', 'automerge.core'): sys.modules[name] = None\n"
        "from moot_server.command import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--data", str(tmp_path), "--host", "nowhere.invalid"],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
        timeout=PATIENCE_S,
    )
    assert "no address of this machine" in done.stderr
