"""Copied folders, restored backups, broken-off writes: on a member's machine and on the relay's."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from moot_client.sync.joining import host
from moot_client.sync.once import sync_once
from moot_shared.document import Edit
from moot_shared.errors import ConnectionTrouble, StorageError
from moot_shared.limits import KIB
from tests.adversary.stage import Stage, plays
from tests.helpers.cohort import issue
from tests.helpers.community import Machine
from tests.helpers.relay_process import RelayProcess


def copied(replica: Replica, to: Path) -> Home:
    """A copy of a member's whole data folder, as a backup makes it: nobody writes meanwhile."""
    replica.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(replica.place.folder.parents[1], to)
    return Home(to)


def opened(home: Home) -> Replica:
    """The only community in a home."""
    (place,) = home.places()
    return Replica.open(place)


@plays("C1", "H5")
def test_whoever_goes_on_from_a_backup_forks_nothing_and_loses_nothing(stage: Stage, tmp_path: Path) -> None:
    backup = copied(stage.joon, tmp_path / "backup")
    stage.vote(stage.joon, 2)
    later = issue(stage.joon, "Written after the backup")
    stage.meet()
    stage.joon.close()
    restored = opened(backup)
    early = issue(restored, "Written from the backup, before the first sync")
    stage.honest[1] = stage.joon = restored
    restored.set_relay_url(stage.url)
    stage.meet()
    for replica in stage.honest:
        keys = {key for (key,) in replica.reader().execute("SELECT key FROM record")}
        assert {later, early} <= keys


@plays("C1", "H5")
def test_a_disk_that_was_rolled_back_as_a_whole_is_noticed_at_the_relay(stage: Stage, tmp_path: Path) -> None:
    """The same file in the same folder with older content: nothing on the machine tells them apart."""
    joon, folder = stage.joon, stage.joon.place.folder
    joon.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    stage.vote(joon, 2)
    stage.meet()
    joon.close()
    for path in folder.iterdir():
        if path in before:
            with path.open("r+b") as file:  # in place: it stays the same file
                file.write(before[path])
                file.truncate()
        elif path.is_file():
            path.unlink()
    stage.honest[1] = stage.joon = Replica.open(joon.place)
    stage.vote(stage.joon, 3)
    stage.meet()
    stage.vote(stage.joon, 4)


@plays("C2", "H5")
def test_two_copies_of_a_folder_that_both_go_on_are_two_machines_of_one_member(
    stage: Stage, tmp_path: Path
) -> None:
    twin = opened(copied(stage.joon, tmp_path / "twin"))
    twin.set_relay_url(stage.url)
    words = []
    for number, replica in enumerate((stage.joon, twin, stage.joon, twin)):
        words.append(f"Word {number}")
        replica.do(Say("comment", f"{stage.issue}/", {"text": words[-1]}))
    for _ in range(2):
        sync_once(stage.joon)
        sync_once(twin)
    stage.honest.append(twin)
    stage.meet()
    for replica in stage.honest:
        said = replica.reader().execute("SELECT value FROM statement WHERE kind = 'comment'").fetchall()
        assert all(any(word in value for (value,) in said) for word in words)
    stage.honest.remove(twin)
    twin.close()


@plays("C3", "L1")
def test_whoever_copies_the_folder_reads_all_that_is_in_it(stage: Stage, tmp_path: Path) -> None:
    """Not promised: the key and all else lie there in the clear, and the words are made from the key."""
    thief = opened(copied(stage.ines, tmp_path / "copy"))
    assert stage.votes(thief) == {cast: dots for cast, dots in stage.cast.items() if dots}
    assert thief.identity.words() == stage.ines.identity.words()
    thief.close()


@plays("H8", "H2")
def test_a_write_that_breaks_off_in_the_middle_leaves_nothing_behind(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+C, or a defect, at the worst moment: the transaction of the document is closed on every path."""
    put = Edit.put
    for trouble in (KeyboardInterrupt, ValueError, MemoryError):

        def broken(self: Edit, *given: object, error: type[BaseException] = trouble) -> None:
            put(self, *given)  # type: ignore[arg-type]
            raise error

        monkeypatch.setattr(Edit, "put", broken)
        with pytest.raises((KeyboardInterrupt, StorageError)):
            stage.joon.do(Say("vote", stage.issue, {"dots": 5, "why": str(trouble)}))
        monkeypatch.setattr(Edit, "put", put)
        gc.collect()
        stage.vote(stage.joon, stage.cast[stage.joon.me, stage.issue] % 5 + 1)


@plays("H4")
def test_a_store_that_was_cut_off_is_kept_aside_and_nothing_is_taken_for_an_empty_community(
    stage: Stage,
) -> None:
    """An empty document loads as a valid one, a truncated one not at all: so rows are the truth."""
    stage.meet()
    place = stage.ines.place
    stage.ines.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stage.ines.close()
    whole = place.store.read_bytes()
    place.store.write_bytes(whole[: len(whole) // 2 // (4 * KIB) * (4 * KIB)])
    stage.honest[2] = stage.ines = Replica.open(place)
    assert stage.ines.notice
    stage.ines.set_relay_url(stage.url)
    sync_once(stage.ines)


# -- the relay's own folder ------------------------------------------------------------------------------


@pytest.fixture
def own(stage: Stage, tmp_path: Path) -> Iterator[RelayProcess]:
    """A relay for this scenario alone, which is the community's home."""
    with RelayProcess(tmp_path / "own") as relay:
        stage.move_to(relay)
        yield relay


@plays("R11")
def test_a_relay_that_was_emptied_makes_nobody_forget_anything(stage: Stage, own: RelayProcess) -> None:
    stage.meet()
    own.kill()
    shutil.rmtree(own.folder)
    own.start()
    stage.process = own.process.pid
    with pytest.raises(ConnectionTrouble, match="safe on this machine"):
        sync_once(stage.joon)
    host(stage.ines, own.url, own.hosting_key)


def roll_back(relay: RelayProcess, to: bytes) -> None:
    """Put an old copy of the database in its place; the rest of the folder stays as it is."""
    relay.kill()
    for path in relay.folder.glob("relay.db-*"):
        path.unlink()
    (relay.folder / "relay.db").write_bytes(to)
    relay.start()


@plays("R11", "X2")
def test_a_relay_restored_from_before_a_removal_lets_the_removed_not_back_in(
    stage: Stage, own: RelayProcess
) -> None:
    ted = stage.attacker()
    stage.meet()
    own.stop()  # so that the copy is whole
    before = (own.folder / "relay.db").read_bytes()
    own.start()
    stage.mara.do(Say("removal", ted.key, {"why": "left"}))
    stage.meet()
    roll_back(own, before)
    stage.process = own.process.pid
    assert ted.knock() != ""
    assert sync_once(stage.mara).stored
    assert ted.knock() == "removed"


@plays("R11")
def test_a_relay_that_is_gone_for_good_is_replaced_by_another(stage: Stage, own: RelayProcess) -> None:
    stage.meet()
    own.kill()
    shutil.rmtree(own.folder)
    stage.vote(stage.joon, 2)
    stage.move_to(stage.first_relay)
    mara = stage.hand_of(stage.mara, nonce=12)
    assert isinstance(mara.machine, Machine)
