"""A backup is taken, and put back, while a relay runs and its members are connected."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import MakeInvite, Say
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.engine import Engine
from moot_client.sync.events import Event, Offline, Synced
from moot_client.sync.joining import host, join
from moot_client.sync.journey import Rhythm
from moot_client.sync.once import sync_once
from moot_client.sync.trouble import RelayRefused
from moot_server.command import main
from moot_server.storage import copies
from tests.helpers.cohort import issue
from tests.helpers.patience import PATIENCE_S, PATIENT
from tests.helpers.relay_process import RelayProcess

QUICK = Rhythm(inbox=0.02, writer=0.005, first_try=0.02, last_try=0.1, jitter=lambda: 0.0)


@dataclass
class Scene:
    """A relay's process with a community of three on it."""

    relay: RelayProcess
    mara: Replica
    joon: Replica
    ines: Replica
    folder: Path
    opened: list[Replica] = field(default_factory=list)

    def moot(self, *words: str) -> int:
        """`moot relay …` on the relay's folder; its exit code."""
        return main(["--data", str(self.relay.folder), *words])


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with RelayProcess(tmp_path / "relay") as relay:
        mara = Replica.open(found_community(Home(tmp_path / "mara"), "Northern cohort", "Mara"))
        host(mara, relay.url, relay.hosting_key)
        line = mara.do(MakeInvite(uses=2))
        sync_once(mara)
        joon, ines = (Replica.open(join(Home(tmp_path / name), line, name)) for name in ("joon", "ines"))
        yield Scene(relay, mara, joon, ines, tmp_path)
        for replica in (mara, joon, ines):
            replica.close()


@dataclass
class Live:
    """A member who stays connected."""

    heard: list[Event] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, event: Event) -> None:
        self.heard.append(event)
        self.news.set()

    async def until(self, true: Callable[[], bool]) -> None:
        """Look again with every event until it is so."""
        async with asyncio.timeout(PATIENCE_S):
            while not true():
                self.news.clear()
                await self.news.wait()

    def said(self, kind: type[Event]) -> int:
        """How often."""
        return sum(isinstance(event, kind) for event in self.heard)


@asynccontextmanager
async def connected(replica: Replica) -> AsyncIterator[Live]:
    live = Live()
    running = asyncio.create_task(Engine(replica, live.hear, PATIENT, QUICK).run())
    await live.until(lambda: live.said(Synced) > 0)
    yield live
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@pytest.mark.slow
async def test_it_is_put_back_under_connected_members_who_bring_back_what_is_newer_but_nobody_who_was_removed(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    mara, joon, ines = scene.mara, scene.joon, scene.ines
    copy = scene.folder / "copy.db"
    async with connected(mara) as marah, connected(ines) as inesh:
        assert await asyncio.to_thread(scene.moot, "backup", str(copy)) == 0
        assert "Backed up and checked: 1 community" in capsys.readouterr().out
        mara.do(Say("removal", joon.me, {"why": ""}))
        issue(ines, "Newer than the backup")
        await marah.until(lambda: mara.heads() == ines.heads())
        syncs = marah.said(Synced), inesh.said(Synced)
        assert await asyncio.to_thread(scene.moot, "restore", str(copy)) == 0
        said = capsys.readouterr().out
        assert "everybody connects again by themselves" in said
        assert "waits until a convenor has synced" in said
        with pytest.raises(RelayRefused, match="ended your membership"):
            await asyncio.to_thread(sync_once, joon)
        await marah.until(lambda: marah.said(Offline) > 0 and marah.said(Synced) > syncs[0])
        await inesh.until(lambda: inesh.said(Offline) > 0 and inesh.said(Synced) > syncs[1])
        await marah.until(lambda: mara.heads() == ines.heads())
        with pytest.raises(RelayRefused, match="ended your membership"):
            await asyncio.to_thread(sync_once, joon)
    assert scene.moot("verify") == 0
    (aside,) = scene.relay.folder.glob("before-restore-*.db")
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    assert scene.moot("verify", "--file", str(aside)) == 0
    assert sorted(path.name for path in scene.relay.folder.glob("restoring-*")) == []
    assert scene.relay.stop() == 0


@pytest.mark.slow
def test_a_backup_that_is_taken_while_somebody_writes_is_whole_and_of_one_moment(scene: Scene) -> None:
    written, over = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            issue(scene.mara, f"Number {number}", body="One.\n\nTwo.")
            sync_once(scene.mara)
            number += 1
            if number == 3:
                written.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(PATIENCE_S)
    copied = [scene.folder / f"copy-{number}.db" for number in range(5)]
    codes = [scene.moot("backup", str(path)) for path in copied]
    over.set()
    writer.join()
    assert codes == [0] * len(copied)
    assert [scene.moot("verify", "--file", str(path)) for path in copied] == [0] * len(copied)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in copied)
    changes = [copies.counted(path).changes for path in copied]
    assert changes == sorted(changes)
    assert [path.name for path in scene.folder.glob("*.new*")] == []


@pytest.mark.slow
def test_a_relay_that_does_not_run_and_whose_data_is_damaged_is_restored(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = scene.folder / "copy.db"
    assert scene.moot("backup", str(copy)) == 0
    scene.relay.stop()
    store = scene.relay.folder / "relay.db"
    store.write_bytes(store.read_bytes()[:8192] + b"\xff" * 8192)
    assert scene.moot("verify") == 3
    assert "moot relay restore FILE" in capsys.readouterr().out
    assert scene.moot("restore", str(copy)) == 0
    assert "damaged-" in capsys.readouterr().out
    scene.relay.start()
    with pytest.raises(RelayRefused) as caught:
        sync_once(scene.ines)
    assert caught.value.code == "restored"
    assert sync_once(scene.mara).stored
    assert sync_once(scene.ines).stored


@pytest.mark.slow
def test_on_a_new_machine_a_backup_is_all_that_it_takes(scene: Scene) -> None:
    copy, other = scene.folder / "copy.db", scene.folder / "other machine"
    assert scene.moot("backup", str(copy)) == 0
    scene.relay.stop()
    assert main(["restore", "--data", str(other), str(copy)]) == 0
    scene.relay.folder = other
    scene.relay.start()
    assert sync_once(scene.mara).stored
    assert sync_once(scene.joon).stored


def stored(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as db:
        return repr(db.execute("SELECT hash FROM change ORDER BY position").fetchall()).encode()


@pytest.mark.slow
def test_what_is_no_backup_changes_nothing(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    before = stored(scene.relay.folder / "relay.db")
    text, empty, other, newer = (scene.folder / name for name in ("text", "empty", "other.db", "newer.db"))
    text.write_text("this is no database" * 1000)
    empty.write_bytes(b"")
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE person (name TEXT)")
    assert scene.moot("backup", str(newer)) == 0
    with closing(sqlite3.connect(newer)) as db:
        db.execute("PRAGMA user_version = 999")
    capsys.readouterr()
    for path, sentence in (
        (text, "is no backup"),
        (empty, "was not written by a relay"),
        (other, "was not written by a relay"),
        (newer, "newer relay"),
        (scene.folder / "nowhere", "There is no file"),
    ):
        assert scene.moot("restore", str(path)) == 1
        assert sentence in capsys.readouterr().err
    assert stored(scene.relay.folder / "relay.db") == before
    assert sync_once(scene.ines).stored
    assert sorted(path.name for path in scene.relay.folder.glob("restoring-*")) == []


@pytest.mark.slow
def test_a_backup_writes_over_nothing_unless_it_is_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, copy = tmp_path / "relay", tmp_path / "copy.db"
    with RelayProcess(folder):
        assert main(["backup", "--data", str(folder), str(copy)]) == 0
        assert main(["backup", "--data", str(folder), str(copy)]) == 1
        assert "--force" in capsys.readouterr().err
        assert main(["backup", "--data", str(folder), str(copy), "--force"]) == 0
        (tmp_path / "link").symlink_to(folder / "closed.log")
        for own in ("relay.db", "relay.db-wal", "relay.db-journal", "closed.log", "hosting.key", "../link"):
            assert main(["backup", "--data", str(folder), str(folder / own), "--force"]) == 1
            assert "own file" in capsys.readouterr().err
        assert main(["backup", "--data", str(folder), str(folder / "mine.db")]) == 0
        assert main(["backup", "--data", str(folder), str(tmp_path)]) == 1
        assert main(["backup", "--data", str(folder), str(tmp_path / "no folder" / "copy.db")]) == 1
        assert main(["backup", "--data", str(tmp_path / "nowhere"), str(tmp_path / "b.db")]) == 1
        assert "There is no relay's data" in capsys.readouterr().err


@pytest.mark.slow
def test_a_backup_of_a_relay_of_communities_is_not_put_back_into_an_open_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copies_of = {}
    for name, options in (("members", ()), ("open", ("--open",))):
        with RelayProcess(tmp_path / name, options=options):
            copies_of[name] = str(tmp_path / f"{name}.db")
            assert main(["backup", "--data", str(tmp_path / name), copies_of[name]]) == 0
            assert main(["restore", "--data", str(tmp_path / name), copies_of[name]]) == 0
            assert "convenor" not in capsys.readouterr().out  # there is nothing in it that waits
    for name, other in (("members", "open"), ("open", "members")):
        assert main(["restore", "--data", str(tmp_path / name), copies_of[other]]) == 1
        assert "Nothing was changed" in capsys.readouterr().err


@pytest.mark.slow
def test_a_backup_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, copy = tmp_path / "relay", tmp_path / "copy.db"
    with RelayProcess(folder) as relay:
        relay.stop()
    copy.write_bytes(b"the one before")

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "_sync", full)
    assert main(["backup", "--data", str(folder), str(copy), "--force"]) == 1
    assert copy.read_bytes() == b"the one before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "relay"]
