"""Snapshots: made beside the relay, kept once they were read back, and never missed when they are gone."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from moot_server.stock.packing import digest
from moot_server.stock.snapshots import LEAST, Snapshots
from moot_server.storage.sqlite import SqliteStore
from moot_server.storage.store import Snapshot
from moot_shared.format.change import Change, decode_change
from moot_shared.format.document import decode_document
from tests.helpers import binding
from tests.helpers.relay_process import environment

DOCUMENT = b"d" * 32
PATIENCE = 60.0


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "relay.db")) as store:
        yield store


def changes(edits: int = 2 * LEAST) -> list[Change]:
    return [decode_change(bytes(change.raw_bytes)) for change in binding.honest(5, edits)]


def keep(store: SqliteStore, log: Sequence[Change]) -> None:
    with store.transaction():
        for change in log:
            store.add_change(DOCUMENT, change, None, ())


def attempt(store: SqliteStore, count: int, *command: str, **more: float) -> Snapshot | None:
    """What is kept once a document has grown to so many changes; `command` in the place of the maker."""
    options = {"command": (sys.executable, *command)} if command else {}
    snapshots = Snapshots(store, quiet=0, **options, **more)  # type: ignore[arg-type]
    with closing(snapshots):
        snapshots.grown(DOCUMENT, count)
        assert snapshots.settled(PATIENCE)
    return store.snapshot(DOCUMENT)


def heads_of(log: Sequence[Change]) -> tuple[bytes, ...]:
    built_on = {dep for change in log for dep in change.deps}
    return tuple(sorted(change.hash for change in log if change.hash not in built_on))


def test_a_snapshot_holds_every_change_of_the_log_and_nothing_else(store: SqliteStore) -> None:
    log = changes()
    keep(store, log)
    found = attempt(store, len(log))
    assert found is not None
    assert (found.heads, found.changes) == (heads_of(log), len(log))
    assert binding.accepts([found.chunk]) == set(found.heads)
    held = decode_document(found.chunk)
    assert len(held.changes) == len(log)
    assert held.heads == found.heads


def test_it_is_there_after_a_restart_and_smaller_than_what_it_stands_for(tmp_path: Path) -> None:
    log = changes()
    with closing(SqliteStore(tmp_path / "relay.db")) as store:
        keep(store, log)
        kept = attempt(store, len(log))
    with closing(SqliteStore(tmp_path / "relay.db")) as again:
        found = again.snapshot(DOCUMENT)
    assert found == kept
    assert found is not None
    assert len(found.chunk) < sum(len(change.raw) for change in log) / 3


def test_a_few_changes_are_worth_no_snapshot_and_neither_is_a_little_growth(store: SqliteStore) -> None:
    log = changes()
    keep(store, log)
    assert attempt(store, LEAST - 1) is None
    first = attempt(store, len(log))
    lying = "import sys; sys.exit('it was asked')"
    assert attempt(store, len(log) + LEAST - 1, "-c", lying) == first


@pytest.mark.slow
def test_a_document_that_has_grown_by_a_fifth_is_packed_anew(store: SqliteStore) -> None:
    log = changes(4 * LEAST)
    keep(store, log[: 2 * LEAST])
    first = attempt(store, 2 * LEAST)
    keep(store, log[2 * LEAST :])
    second = attempt(store, len(log))
    assert first is not None
    assert second is not None
    assert (first.changes, second.changes) == (2 * LEAST, len(log))
    assert second.heads == heads_of(log)


def _answering(tmp_path: Path, answer: bytes) -> tuple[str, ...]:
    """A maker that listens to everything and then says this."""
    (tmp_path / "answer").write_bytes(answer)
    path = str(tmp_path / "answer")
    return (
        "-c",
        f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(open({path!r}, 'rb').read())",
    )


def _answer(log: Sequence[Change], chunk: bytes) -> bytes:
    heads = heads_of(log)
    return digest([c.hash for c in log]) + len(heads).to_bytes(4, "big") + b"".join(heads) + chunk


LIES: dict[str, Callable[[Sequence[Change]], bytes]] = {
    "nothing": lambda log: b"",
    "garbage": lambda log: b"\xff" * 5000,
    "a part of the log": lambda log: _answer(log[:-3], binding.saved([c.raw for c in log[:-3]])),
    "the right heads and other changes": lambda log: b"x" * 32 + _answer(log, b"")[32:] + b"chunk",
    "a chunk that was cut off": lambda log: _answer(log, binding.saved([c.raw for c in log])[:-9]),
    "a chunk with a bit that fell over": lambda log: _answer(
        log, binding.saved([c.raw for c in log])[:-1] + b"\x55"
    ),
    "a change in the place of a document": lambda log: _answer(log, log[-1].raw),
}


@pytest.mark.parametrize("lie", LIES)
def test_whatever_a_maker_says_that_is_not_the_log_is_not_kept(
    store: SqliteStore, tmp_path: Path, lie: str
) -> None:
    log = changes()
    keep(store, log)
    assert attempt(store, len(log), *_answering(tmp_path, LIES[lie](log))) is None


TROUBLE = {
    "dies at once": "import os; os._exit(3)",
    "aborts while it reads": "import os, sys; sys.stdin.buffer.read(100); os.abort()",
    "dies half-way through its answer": "import sys; sys.stdin.buffer.read(); sys.stdout.write('x' * 100)",
    "talks without end": "import sys\nwhile True: sys.stdout.write('x' * 65536)",
    "never reads and never ends": "import time; time.sleep(600)",
    "reads and never ends": "import sys, time; sys.stdin.buffer.read(); time.sleep(600)",
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_a_maker_in_trouble_leaves_the_snapshot_that_there_was(store: SqliteStore, trouble: str) -> None:
    log = changes()
    keep(store, log)
    before = Snapshot((b"h" * 32,), b"an earlier one", LEAST)
    with store.transaction():
        store.set_snapshot(DOCUMENT, before)
    assert attempt(store, len(log), "-c", TROUBLE[trouble], seconds=0.3) == before


def test_a_maker_takes_no_more_memory_than_it_is_given(store: SqliteStore) -> None:
    log = changes()
    keep(store, log)
    assert attempt(store, len(log), memory=1 << 20) is None
    assert attempt(store, len(log)) is not None


def test_who_failed_once_is_not_asked_again_for_every_change(store: SqliteStore, tmp_path: Path) -> None:
    log = changes()
    keep(store, log)
    tally = tmp_path / "tally"
    dying = f"open({str(tally)!r}, 'a').write('x')"
    with closing(Snapshots(store, quiet=0, command=(sys.executable, "-c", dying))) as snapshots:
        for count in range(LEAST, 2 * LEAST):
            snapshots.grown(DOCUMENT, count)
            assert snapshots.settled(PATIENCE)
    assert tally.read_text() == "x"


def test_many_documents_are_packed_one_at_a_time(store: SqliteStore, tmp_path: Path) -> None:
    running = tmp_path / "running"
    alone = (
        f"import os, sys; fd = os.open({str(running)!r}, os.O_CREAT | os.O_EXCL); sys.stdin.buffer.read();"
        f" open({str(tmp_path / 'turns')!r}, 'a').write('x'); os.unlink({str(running)!r})"
    )
    with closing(Snapshots(store, quiet=0, command=(sys.executable, "-c", alone))) as snapshots:
        for number in range(5):
            snapshots.grown(bytes((number,)) * 32, LEAST)
        assert snapshots.settled(PATIENCE)
    assert (tmp_path / "turns").read_text() == "xxxxx"


def test_closing_ends_a_maker_that_is_at_work(store: SqliteStore) -> None:
    log = changes()
    keep(store, log)
    hanging = (sys.executable, "-c", "import time; time.sleep(600)")
    snapshots = Snapshots(store, quiet=0, command=hanging)
    snapshots.grown(DOCUMENT, len(log))
    while snapshots._process is None:
        assert not snapshots.settled(0.01)
    process = snapshots._process
    snapshots.close()
    assert process.poll() is not None
    assert store.snapshot(DOCUMENT) is None


def test_a_store_of_an_earlier_relay_is_brought_up_with_all_that_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "relay.db"
    log = changes(30)
    with closing(SqliteStore(path)) as store:
        keep(store, log)
    with closing(sqlite3.connect(path)) as file:  # as it was before there were snapshots
        file.executescript("DROP TABLE snapshot; PRAGMA user_version = 1;")
    with closing(SqliteStore(path)) as again:
        assert [entry.hash for entry in again.entries(DOCUMENT)] == [change.hash for change in log]
        assert again.snapshot(DOCUMENT) is None
        keep_one = Snapshot(heads_of(log), b"chunk", len(log))
        with again.transaction():
            again.set_snapshot(DOCUMENT, keep_one)
        assert again.snapshot(DOCUMENT) == keep_one


@pytest.mark.slow
def test_the_relays_own_process_never_loads_the_binding() -> None:
    program = (
        "import sys, moot_server.stock.snapshots, moot_server.commands.running, moot_server.members.core\n"
        "sys.exit(any(name.partition('.')[0] == 'automerge' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], env=environment(), check=False).returncode == 0
