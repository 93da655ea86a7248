"""Real SQLite on the simulated disk: what it promises holds there, and what it does not promise is taken."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.simulation.disk import Died, Loss, VirtualDisk, When
from tests.simulation.process import Process

ROWS = 3  # a transaction
CRASHES = list(itertools.product(When, Loss))


@pytest.fixture
def disk(tmp_path: Path) -> VirtualDisk:
    return VirtualDisk(tmp_path / "disk", seed=1)


def database(disk: VirtualDisk, process: Process | None = None) -> sqlite3.Connection:
    db = (process or Process(disk)).connect(disk.root / "t.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE IF NOT EXISTS t (n INTEGER, part INTEGER, data BLOB)")
    return db


def insert(db: sqlite3.Connection, n: int) -> None:
    db.execute("BEGIN IMMEDIATE")
    for part in range(ROWS):
        db.execute("INSERT INTO t VALUES (?, ?, ?)", (n, part, bytes([n]) * 3000))
    db.execute("COMMIT")


def work(disk: VirtualDisk, said: list[int]) -> None:
    """Transactions, some of them across a checkpoint and a second opening; `said` are those that returned."""
    for first in (0, 4):
        db = database(disk)
        for n in range(first, first + 4):
            insert(db, n)
            said.append(n)
            if n % 3 == 0:
                db.execute("PRAGMA wal_checkpoint(RESTART)")
        db.close()


def kept(disk: VirtualDisk) -> list[int]:
    """The transactions that are there, each of them whole."""
    db = database(disk)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    rows = db.execute("SELECT n, count(*), count(DISTINCT data) FROM t GROUP BY n ORDER BY n").fetchall()
    db.close()
    assert all(row[1:] == (ROWS, 1) for row in rows), rows
    return [row[0] for row in rows]


def crash(
    folder: Path, step: int, when: When, loss: Loss, *, lying: bool = False
) -> tuple[list[int], list[int]]:
    """Work until the death at a step, lose power; what was said to be kept, and what is."""
    disk, said = VirtualDisk(folder, seed=step), list[int]()
    disk.die_at(step, when)
    disk.lying = lying
    with suppress(Died):
        work(disk, said)
    disk.lose_power(loss)
    disk.mend()
    return said, kept(disk)


def steps_of_work(folder: Path) -> int:
    disk = VirtualDisk(folder)
    work(disk, [])
    return disk.steps


def holds(said: list[int], found: list[int]) -> bool:
    """Nothing that was said is missing; at most the one that was under way is there besides."""
    return found in (said, [*said, len(said)])


@pytest.mark.slow
def test_what_was_committed_survives_a_death_at_every_step_and_what_was_not_is_gone(tmp_path: Path) -> None:
    total = steps_of_work(tmp_path / "whole")
    assert total > 100
    crashes = itertools.cycle(CRASHES)
    for step in range(1, total + 1):
        for _ in range(2):
            when, loss = next(crashes)
            said, found = crash(tmp_path / f"{step}-{when.name}-{loss.name}", step, when, loss)
            assert holds(said, found), (step, when, loss, said, found)


@pytest.mark.slow
@pytest.mark.parametrize(("when", "loss"), CRASHES)
def test_so_it_does_in_every_way_to_crash(tmp_path: Path, when: When, loss: Loss) -> None:
    for step in range(1, steps_of_work(tmp_path / "whole") + 1):
        said, found = crash(tmp_path / str(step), step, when, loss)
        assert holds(said, found), (step, said, found)


@pytest.mark.slow
def test_where_syncs_are_a_lie_a_commit_may_be_lost(tmp_path: Path) -> None:
    total = steps_of_work(tmp_path / "whole")
    lost = 0
    for step in range(total // 2, total):
        try:
            said, found = crash(tmp_path / str(step), step, When.BEFORE, Loss.UNSYNCED, lying=True)
        except sqlite3.DatabaseError:
            lost += 1
        else:
            lost += not holds(said, found)
    assert lost


def test_a_commit_that_was_torn_in_its_log_is_ignored(disk: VirtualDisk) -> None:
    db = database(disk)
    insert(db, 0)
    before = disk.steps
    insert(db, 1)
    disk.die_at(disk.steps + (disk.steps - before) - 1, When.MIDDLE)  # the last page before the sync
    with pytest.raises(Died):
        insert(db, 2)
    disk.lose_power(Loss.NOTHING)
    assert kept(disk) == [0, 1]


def test_a_full_disk_is_said_in_sqlites_words_and_there_may_be_room_again(tmp_path: Path) -> None:
    for step in range(1, steps_of_work(tmp_path / "whole"), 3):
        disk, said = VirtualDisk(tmp_path / str(step), seed=step), list[int]()
        disk.full_from(step, wholly=step % 2 == 0)
        with suppress(sqlite3.OperationalError):
            work(disk, said)
        disk.mend()
        disk.lose_power(Loss.NOTHING)
        found = kept(disk)
        assert set(said) <= set(found), (step, said, found)
        db = database(disk)
        insert(db, 9)
        db.close()
        assert kept(disk) == [*found, 9]


def test_the_words_and_classes_of_errors_are_those_of_sqlite3(disk: VirtualDisk, tmp_path: Path) -> None:
    db, plain = database(disk), sqlite3.connect(tmp_path / "plain.db", isolation_level=None)
    for sql in ("CREATE TABLE u (a INTEGER PRIMARY KEY CHECK (a > 0))", "INSERT INTO u VALUES (1)"):
        db.execute(sql)
        plain.execute(sql)
    for sql in ("INSERT INTO u VALUES (1)", "INSERT INTO u VALUES (-1)", "SELECT * FROM v", "SELEC"):
        told = []
        for each in (db, plain):
            with pytest.raises(sqlite3.Error) as error:
                each.execute(sql)
            told.append((type(error.value), str(error.value), error.value.sqlite_errorcode))
        assert told[0] == told[1]
    disk.full_from(disk.steps)
    with pytest.raises(sqlite3.OperationalError, match="database or disk is full"):
        insert(db, 1)
    disk.mend()
    disk.fail_at(disk.steps + 1)
    with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        insert(db, 1)
    disk.refuse_writes()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        insert(db, 1)
    disk.mend()
    assert not db.in_transaction
    insert(db, 1)
    db.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        db.execute("SELECT 1")


def test_a_checkpoint_that_fails_does_not_look_like_a_commit_that_failed(disk: VirtualDisk) -> None:
    db = database(disk)
    for n in range(10):
        insert(db, n)
    disk.full_from(disk.steps + 2000)  # in the checkpoint, which makes the database longer
    n, steps = 10, disk.steps
    while disk.steps < steps + 1990:
        insert(db, n % 250)
        n += 1
    disk.lose_power(Loss.UNSYNCED)
    disk.mend()
    assert len(kept(disk)) == n


def test_connections_see_one_another_as_in_the_product(disk: VirtualDisk) -> None:
    process = Process(disk)
    db = database(disk, process)
    uri = f"{(disk.root / 't.db').as_uri()}?mode=ro"
    reader = process.connect(uri, uri=True, isolation_level=None)
    version = reader.execute("PRAGMA data_version").fetchone()
    insert(db, 0)
    assert reader.execute("PRAGMA data_version").fetchone() != version
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM t")
    db.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
    db.execute("INSERT INTO words VALUES ('handover loses facts')")
    assert list(reader.execute("SELECT * FROM words WHERE words MATCH 'loses'")) == [
        ("handover loses facts",)
    ]
    db.execute("CREATE TABLE own (name TEXT PRIMARY KEY, value)")
    upsert = "INSERT INTO own VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value RETURNING value"
    assert [db.execute(upsert, ("n", n)).fetchall() for n in (1, 2)] == [[(1,)], [(2,)]]
    other = database(disk, Process(disk))
    db.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    db.execute("ROLLBACK")
    assert db.execute("INSERT INTO own VALUES ('m', 1)").lastrowid == 2
    assert db.execute("DELETE FROM own").rowcount == 2


def test_who_is_dead_writes_nothing_more_and_the_other_process_goes_on(disk: VirtualDisk) -> None:
    one, two = Process(disk), Process(disk)
    mine, theirs = database(disk, one), database(disk, two)
    insert(theirs, 0)
    steps = disk.steps
    disk.die_at(steps + 3, When.AFTER)
    with pytest.raises(Died):
        insert(mine, 1)
    with pytest.raises(Died):
        mine.execute("INSERT INTO t VALUES (7, 7, 7)")
    with pytest.raises(Died):
        _ = mine.in_transaction
    with pytest.raises(Died):
        one.mkdir(disk.root / "folder")
    mine.close()
    assert not disk.root.exists()
    assert disk.steps == steps + 3
    disk.bury()
    insert(theirs, 1)
    two.kill()
    assert kept(disk) == [0, 1]


def test_a_name_is_kept_once_its_folder_was_synced(disk: VirtualDisk) -> None:
    process, path = Process(disk), disk.root / "note"
    handle = process.open(path, 0o102)  # create, read and write
    process.pwrite(handle, b"words", 0)
    process.fsync(handle)
    without = disk.snapshot(synced=True)
    process.fsync(process.open(disk.root, 0))
    process.unlink(path)
    with_it = disk.snapshot(synced=True)
    assert "note" not in without.entries
    assert with_it.entries["note"][1] == b"words"
    assert "note" not in disk.snapshot().entries


def test_a_disk_that_is_rolled_back_has_the_same_files_and_a_restored_one_has_others(
    disk: VirtualDisk,
) -> None:
    db = database(disk)
    insert(db, 0)
    image, path = disk.snapshot(synced=True), disk.root / "t.db"
    number = Process(disk).stat(path).st_ino
    insert(db, 1)
    disk.roll_back(image)
    assert (kept(disk), Process(disk).stat(path).st_ino) == ([0], number)
    disk.restore(image)
    assert kept(disk) == [0]
    assert Process(disk).stat(path).st_ino != number


def runs(folder: Path) -> Iterator[tuple[object, ...]]:
    """What can be seen of some crashes."""
    for step, loss in ((40, Loss.SOME), (70, Loss.TORN), (100, Loss.LATER)):
        disk = VirtualDisk(folder / str(step), seed=5)
        disk.die_at(step, When.MIDDLE)
        with suppress(Died):
            work(disk, [])
        disk.lose_power(loss)
        files = {path: (number, len(data or b"")) for path, (number, data) in disk.snapshot().entries.items()}
        yield disk.steps, files, disk.dice.random()


def test_a_seed_replays_a_run_exactly(tmp_path: Path) -> None:
    assert list(runs(tmp_path / "one")) == list(runs(tmp_path / "two"))
