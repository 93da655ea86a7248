"""A restore that is interrupted, or fails, while a relay runs: one of two stores is there, whole."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from websockets.sync.client import connect

from moot_client.replica.replica import Replica
from moot_server.command import main
from moot_server.commands import copying
from moot_server.commands.tending import Tending
from moot_server.network.control import Control, ask
from moot_server.network.serve import Shell
from moot_server.stock.snapshots import Snapshots
from moot_server.storage import copies
from moot_server.storage.folder import store
from moot_server.storage.store import Snapshot, Store
from moot_shared.errors import StorageError
from tests.helpers.cohort import issue
from tests.helpers.network import Client, Relay, hosted, run
from tests.helpers.patience import PATIENCE_S
from tests.helpers.relay_process import RelayProcess


@dataclass
class Scene:
    """A relay's store, a backup of it that is older by a change, and that made ready to be put back."""

    relay: Relay
    backup: Path
    fresh: Path
    failed: list[bool] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How many are stored."""
        return copies.counted(store(self.relay.folder)).changes

    def restore(self, core: Callable[[], Any] | None = None) -> None:
        """What a relay does that is asked for it by `moot relay restore`."""
        folder = self.relay.folder
        made = SimpleNamespace(
            folder=SimpleNamespace(path=folder, store=store(folder)),
            store=self.relay.store,
            core=core or (lambda: self.relay.core),
            figures=None,
        )
        shell = Shell(self.relay.core, self.relay.limits)
        tending = Tending(cast(Any, made), shell, "", lambda: self.failed.append(True))
        asyncio.run(cast(Any, tending.restore({"file": self.fresh.name})))


@pytest.fixture
def scene(tmp_path: Path, cohort: list[Replica]) -> Iterator[Scene]:
    mara = cohort[0]
    relay = Relay(tmp_path / "relay")
    relay.folder.mkdir(exist_ok=True)
    hosted(relay, mara)
    backup, fresh = tmp_path / "old.backup", relay.folder / "restoring-77.db"
    copies.back_up(store(relay.folder), backup)
    issue(mara, "Newer than the backup")
    run(Client(mara, relay))
    copies.candidate(backup, fresh)
    yield Scene(relay, backup, fresh)
    relay.crash()


def test_a_restore_whose_file_goes_away_while_the_old_store_is_set_aside_puts_back_all_of_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_aside = copies.set_aside

    def interrupted(path: Path, stamp: str) -> Path | None:
        found = set_aside(path, stamp)
        copies.remove(scene.fresh)
        return found

    monkeypatch.setattr(copies, "set_aside", interrupted)
    scene.restore()
    assert scene.changes == copies.counted(scene.backup).changes
    assert not scene.failed


def test_a_restore_whose_file_is_gone_before_changes_nothing(scene: Scene) -> None:
    before = scene.changes
    copies.remove(scene.fresh)
    with pytest.raises(StorageError):
        scene.restore()
    assert scene.changes == before
    assert not scene.failed
    assert sorted(path.name for path in scene.relay.folder.glob("*restor*")) == []


def test_a_restore_that_finds_no_room_leaves_the_old_store_in_use(
    scene: Scene, cohort: list[Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = scene.changes

    def full(_: sqlite3.Connection) -> None:
        raise StorageError("The relay's disk is full. Whoever runs it has to make room.")

    monkeypatch.setattr(scene.relay.store, "put_back", full)
    with pytest.raises(StorageError, match="full"):
        scene.restore()
    assert scene.changes == before
    assert not scene.failed
    issue(cohort[0], "And it goes on")
    member = Client(cohort[0], scene.relay)
    run(member)
    assert member.settled()
    assert not scene.fresh.exists()


def test_a_relay_that_cannot_go_on_with_what_was_put_back_has_failed(scene: Scene) -> None:
    def damaged() -> Any:
        raise ValueError("a defect")

    with pytest.raises(ValueError, match="a defect"):
        scene.restore(damaged)
    assert scene.failed


def test_an_interrupted_command_leaves_the_file_to_the_relay_that_is_at_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Path, asked: dict[str, Any], __: float) -> dict[str, Any]:
        if asked["do"] == "restore":
            raise KeyboardInterrupt
        return {}

    copies.remove(scene.fresh)
    monkeypatch.setattr(copying, "ask", interrupted)
    main(["restore", "--data", str(scene.relay.folder), str(scene.backup)])
    (left,) = scene.relay.folder.glob("restoring-*.db")
    assert copies.counted(left).changes


def a_process_that_has_ended() -> int:
    """Its number."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


@pytest.mark.slow
def test_what_a_killed_restore_was_making_goes_when_a_relay_starts_and_what_another_is_making_stays(
    tmp_path: Path,
) -> None:
    folder, dead, alive = tmp_path / "relay", a_process_that_has_ended(), os.getpid()
    folder.mkdir()
    left = [
        f"restoring-{dead}.db", f"restoring-{dead}.db-wal", f".before-restore-2026.db.{dead}.new",
        f".before-restore-2026.db.{dead}.new-journal",
    ]  # fmt: skip
    kept = [f"restoring-{alive}.db", "before-restore-2026.db", "damaged-2026.db", f"restoring-{dead}.db.mine"]
    for name in left + kept:
        (folder / name).write_bytes(b"anything")
    with RelayProcess(folder):
        there = {path.name for path in folder.iterdir()}
    assert there.isdisjoint(left)
    assert there.issuperset(kept)


def test_what_a_killed_backup_was_making_goes_with_the_next_one(scene: Scene) -> None:
    left = scene.backup.with_name(f".{scene.backup.name}.{a_process_that_has_ended()}.new")
    another = left.with_name(f".another.{left.name}")
    for path in (left, another):
        path.write_bytes(b"anything")
    copies.back_up(store(scene.relay.folder), scene.backup, force=True)
    assert not left.exists()
    assert another.exists()


def test_what_is_no_backup_is_named_by_its_own_name_in_one_sentence(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, other = tmp_path / "bad.backup", tmp_path / "another folder"
    bad.write_text("this is no database" * 1000)
    assert main(["restore", "--data", str(other), str(bad)]) == 1
    assert capsys.readouterr().err == (
        f"{bad} is no backup that can be put back: it was not written by a relay.\n"
    )
    torn = bytearray(scene.backup.read_bytes())
    torn[8192:] = b"\xff" * (len(torn) - 8192)
    bad.write_bytes(torn)
    assert main(["restore", "--data", str(other), str(bad)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{bad} is no backup that can be put back: it is damaged")
    assert "restoring" not in said


def test_a_snapshot_of_what_was_there_before_is_not_kept_in_what_was_put_back(
    scene: Scene, cohort: list[Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    document, newer = cohort[0].community, tuple(cohort[0].heads())

    def made(_: Snapshots, store: Store, __: bytes) -> Snapshot:
        scene.restore()
        return Snapshot(newer, b"chunk", 1)

    monkeypatch.setattr(Snapshots, "_make", made)
    with closing(Snapshots(scene.relay.store, quiet=0.0)) as snapshots:
        snapshots.grown(document, 1_000)
        assert snapshots.settled(PATIENCE_S)
    assert scene.relay.store.snapshot(document) is None


FAILS = """
import sys
from moot_server.commands import tending
from moot_shared.command import main
from moot_shared.errors import StorageError
put_back = tending.Tending._put_back
def fails(*words):
    put_back(*words)
    raise StorageError("The relay's disk cannot be used.")
tending.Tending._put_back = fails
sys.exit(main())
"""


@pytest.mark.slow
def test_a_relay_ends_as_failed_after_a_restore_with_which_it_cannot_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.db"
    with RelayProcess(tmp_path / "relay", program=("-c", FAILS)) as relay:
        assert main(["backup", "--data", str(relay.folder), str(copy)]) == 0
        assert main(["restore", "--data", str(relay.folder), str(copy)]) == 1
        assert "cannot be used" in capsys.readouterr().err
        assert relay.process.wait(PATIENCE_S) == 1


DEFECT = """
import sys
from moot_server.network.serve import Shell
from moot_shared.command import main
def fails(*_):
    raise ValueError("what somebody wrote")
Shell._deliver = fails
sys.exit(main())
"""


@pytest.mark.slow
def test_a_relay_that_can_hand_nothing_over_any_more_ends_and_says_so(tmp_path: Path) -> None:
    with RelayProcess(tmp_path / "relay", program=("-c", DEFECT), stderr=subprocess.PIPE) as relay:
        with connect(relay.url, proxy=None) as socket:
            socket.send(b"no message")
            assert relay.process.wait(PATIENCE_S) == 1
        assert relay.process.stderr is not None
        said = relay.process.stderr.read()
        relay.process.stderr.close()
    assert "a defect of its own" in said
    assert "what somebody wrote" not in said


async def test_a_command_is_answered_though_the_relay_is_told_to_stop_meanwhile(tmp_path: Path) -> None:
    begun, over = asyncio.Event(), asyncio.Event()

    async def long(_: object) -> dict[str, Any]:
        begun.set()
        await over.wait()
        return {"aside": "there"}

    control = Control(tmp_path / "relay.socket", {"restore": long})
    await control.start()
    asking = asyncio.create_task(
        asyncio.to_thread(ask, tmp_path / "relay.socket", {"do": "restore"}, PATIENCE_S)
    )
    await begun.wait()
    closing = asyncio.create_task(control.close())
    await asyncio.sleep(0)
    assert not closing.done()
    over.set()
    await closing
    assert await asking == {"aside": "there"}


async def test_a_command_hears_of_a_defect_at_once(tmp_path: Path) -> None:
    async def defective(_: object) -> dict[str, Any]:
        raise ZeroDivisionError

    control = Control(tmp_path / "relay.socket", {"status": defective})
    await control.start()
    with pytest.raises(StorageError, match="defect of its own"):
        await asyncio.to_thread(ask, tmp_path / "relay.socket", {"do": "status"}, PATIENCE_S)
    await control.close()
