"""One store, several processes and threads: one writes, and each command is carried out once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from moot_client.replica import continuity
from moot_client.replica import replica as replica_module
from moot_client.replica.commands import Create, MakeInvite, Say, to_json
from moot_client.replica.replica import Replica
from moot_client.store import inbox
from moot_shared.errors import ConnectionTrouble, StorageError
from tests.helpers.cohort import founder, issue, vote


@pytest.fixture
def mara(tmp_path: Path) -> Iterator[Replica]:
    replica = founder(tmp_path / "mara")
    yield replica
    replica.close()


def again(replica: Replica) -> Replica:
    """The same folder as another process would open it."""
    return Replica.open(replica.place, replica.outside)


def comments(replica: Replica) -> int:
    found: int = (
        replica.reader().execute("SELECT count(*) FROM statement WHERE kind = 'comment'").fetchone()[0]
    )
    return found


def asked(replica: Replica, key: str) -> tuple[int, str]:
    command = to_json(Say("comment", key + "/", {"text": "Once."}))
    return inbox.ask(replica.store, command, 0), command


def test_a_command_that_was_taken_back_is_not_carried_out_by_whoever_had_seen_it(mara: Replica) -> None:
    key = issue(mara)
    number, command = asked(mara, key)
    assert inbox.withdraw(mara.store, number)
    mara._serve(number, command)
    assert comments(mara) == 0


def test_a_command_that_two_threads_have_seen_is_carried_out_once(mara: Replica) -> None:
    key = issue(mara)
    number, command = asked(mara, key)
    mara._serve(number, command)
    mara._serve(number, command)
    assert comments(mara) == 1


@pytest.mark.parametrize(
    "command",
    ['{"do":"Edit","key":5,"values":{}}', '{"do":"Say","kind":[],"subject":"x","values":3}', "[]", "{"],
)
def test_a_command_that_makes_no_sense_is_answered_and_the_next_one_carried_out(
    mara: Replica, command: str
) -> None:
    key = issue(mara)
    odd = inbox.ask(mara.store, command, 0)
    number, _ = asked(mara, key)
    mara.serve_inbox()
    assert mara.waiting_syncs() == ()
    with pytest.raises(Exception, match=r"\.$"):
        inbox.take(mara.store, odd)
    assert inbox.take(mara.store, number)[0]


def test_an_answer_that_cannot_be_cleared_away_is_told_all_the_same(mara: Replica) -> None:
    key = issue(mara)
    mara.become_writer()
    script = again(mara)
    number, _ = asked(script, key)
    mara.serve_inbox()
    script.store.db.execute("PRAGMA query_only = 1")
    assert inbox.take(script.store, number)[0]
    script.close()


def test_what_a_relay_did_to_somebody_else_is_told_as_that(mara: Replica) -> None:
    number = inbox.ask(mara.store, '{"do":"SyncOnce"}', 0)
    mara.answer_sync(number, ConnectionTrouble("The relay is away."))
    with pytest.raises(ConnectionTrouble, match="away"):
        inbox.take(mara.store, number)


def test_who_gives_up_waiting_takes_the_command_along(mara: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    key = issue(mara)
    mara.become_writer()
    script = again(mara)
    monkeypatch.setattr(replica_module, "ANSWER_SECONDS", 0.05)
    with pytest.raises(StorageError, match="Nothing was changed"):
        script.do(Say("comment", key + "/", {"text": "Late."}))

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        script.do(Say("comment", key + "/", {"text": "Late."}))
    assert mara.serve_inbox() == 0
    assert comments(mara) == 0
    script.close()


def test_who_cannot_take_over_takes_the_command_along(mara: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    key = issue(mara)
    mara.become_writer()
    script = again(mara)
    number_of_tries = []

    def full(*_: Any) -> bool:
        number_of_tries.append(1)
        raise StorageError("The disk is full.")

    monkeypatch.setattr(replica_module, "ASK_AGAIN_SECONDS", 0.0)
    monkeypatch.setattr(time, "sleep", lambda _: mara.close())
    monkeypatch.setattr(continuity, "begin_writing", full)
    with pytest.raises(StorageError, match="full"):
        script.do(Say("comment", key + "/", {"text": "Late."}))
    assert inbox.waiting(script.store) == []
    assert not script._lock.held
    script.close()


def test_who_could_not_begin_to_write_does_not_hold_the_lock_and_begins_anew(mara: Replica) -> None:
    mara.close()
    opened = mara.place.folder / "opened"
    opened.unlink()
    opened.mkdir()
    replica, other = again(mara), again(mara)
    with pytest.raises(StorageError, match="opened"):
        issue(replica)
    opened.rmdir()
    assert other.become_writer()
    assert not replica.become_writer()
    assert other.store.own("opened") is not None
    replica.close()
    other.close()


def test_the_lock_is_let_go_even_where_the_file_cannot_be_closed(
    mara: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara.become_writer()

    def broken() -> None:
        raise StorageError("No.")

    with monkeypatch.context() as patched:
        patched.setattr(mara.store, "close", broken)
        with pytest.raises(StorageError):
            mara.close()
    assert not mara._lock.held


def test_a_thread_that_has_ended_leaves_no_open_file_behind(mara: Replica) -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = open_files()
    for _ in range(12):
        thread = threading.Thread(target=mara.joined)
        thread.start()
        thread.join()
    assert open_files() <= before + 3


def test_who_still_reads_while_the_community_is_closed_reads_to_the_end(mara: Replica) -> None:
    issue(mara)
    reading, closed, found = threading.Event(), threading.Event(), []

    def read() -> None:
        rows = mara.reader().execute("SELECT hash FROM change")
        found.append(rows.fetchone())
        reading.set()
        closed.wait()
        found.extend(rows)

    thread = threading.Thread(target=read)
    thread.start()
    reading.wait()
    mara.close()
    closed.set()
    thread.join()
    assert len(found) >= 3


def test_the_revision_is_the_same_for_every_thread_and_moves_with_every_change(mara: Replica) -> None:
    def elsewhere() -> int:
        seen: list[int] = []
        thread = threading.Thread(target=lambda: seen.append(mara.revision()))
        thread.start()
        thread.join()
        return seen[0]

    key = issue(mara)
    first = mara.revision()
    assert elsewhere() == first
    vote(mara, key, 1)
    assert elsewhere() != first
    assert mara.revision() == elsewhere()


def test_a_home_may_have_any_name(tmp_path: Path) -> None:
    replica = founder(tmp_path / "100% #1? [x] %20")
    assert replica.do(Create("issue", {"title": "Here"}))
    assert replica.joined()
    replica.close()


def test_a_file_that_breaks_while_it_is_read_is_told_in_a_sentence(mara: Replica) -> None:
    mara.reader().execute("SELECT 1")
    mara.store.db.execute("DROP TABLE member")
    with pytest.raises(StorageError):
        mara.joined()
    with pytest.raises(StorageError):
        mara.do(MakeInvite())
