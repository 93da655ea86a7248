"""Full, damaged and shared disks: a clear sentence, and nothing that was said to be saved is lost."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Create, MakeInvite, Say, SyncOnce, Together, from_json, to_json
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_client.replica.writer import Writer
from moot_client.store import rescue
from moot_client.store.disk import Disk
from moot_shared.errors import InputError, StorageError
from tests.helpers.cohort import founder, issue, rows, values, vote
from tests.helpers.drafts import forget_draft, save_draft


@pytest.fixture
def mara(tmp_path: Path) -> Iterator[Replica]:
    replica = founder(tmp_path / "mara")
    yield replica
    replica.close()


def again(replica: Replica) -> Replica:
    """The same folder as another process would open it."""
    return Replica.open(replica.place, replica.outside)


def test_a_full_disk_is_said_and_what_was_saved_before_stands(mara: Replica) -> None:
    key = issue(mara, "Saved before")
    (pages,) = mara.store.db.execute("PRAGMA page_count").fetchone()
    mara.store.db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageError, match="disk is full"):
        issue(mara, "Does not fit", body="word " * 9_000)
    assert values(mara, key)["title"] == "Saved before"
    mara.store.db.execute("PRAGMA max_page_count = 1000000")
    later = issue(mara, "Room again", body="word " * 9_000)
    assert values(mara, later)["title"] == "Room again"
    assert verify(mara.store, mara.community).good


class NoRoom(sqlite3.Connection):
    """As on a disk without a single free block: SQLite cannot even share the file between connections."""

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if "journal_mode" in sql:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
            raise error
        return super().execute(sql, *parameters)


def without_room(path: object, *, factory: type[sqlite3.Connection] = NoRoom, **how: Any) -> Any:
    return sqlite3.connect(str(path), factory=factory, **how)


def test_on_a_disk_without_any_room_a_community_can_be_read_and_goes_on_once_there_is_some(
    mara: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = issue(mara, "Saved before")
    mara.close()
    full = Replica.open(mara.place, replace(mara.outside, disk=Disk(without_room)))
    assert values(full, key)["title"] == "Saved before"
    with pytest.raises(StorageError, match="disk is full"):
        issue(full, "Does not fit")
    with monkeypatch.context() as room:
        room.delattr(NoRoom, "execute")
        later = issue(full, "Room again")
        assert values(full, later)["title"] == "Room again"
        assert verify(full.store, full.community).good
        full.close()


def test_where_there_is_room_for_a_part_only_it_is_tried_again_later(
    mara: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara.close()
    full = Replica.open(mara.place, replace(mara.outside, disk=Disk(without_room)))

    def still_full(_: NoRoom, sql: str, *parameters: Any) -> sqlite3.Cursor:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as some:
        some.setattr(NoRoom, "execute", still_full)
        with pytest.raises(StorageError, match="disk is full"):
            issue(full, "Does not fit")
    monkeypatch.delattr(NoRoom, "execute")
    assert values(full, issue(full, "Room again"))["title"] == "Room again"
    full.close()


def test_there_what_a_crash_has_left_in_the_log_is_not_passed_over(mara: Replica) -> None:
    issue(mara, "Saved before")  # and not closed: it is in the log alone
    with pytest.raises(StorageError, match="disk is full"):
        Replica.open(mara.place, replace(mara.outside, disk=Disk(without_room)))


def test_a_full_disk_does_not_lose_the_draft_that_was_saved(mara: Replica) -> None:
    save_draft(mara, "issue", "", {"title": "Half a thought"})
    (pages,) = mara.store.db.execute("PRAGMA page_count").fetchone()
    mara.store.db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageError, match="full"):
        save_draft(mara, "issue", "", {"title": "x" * 100_000})
    assert mara.draft("issue", "") == {"title": "Half a thought"}


def test_a_file_that_is_no_database_any_more_is_kept_aside_and_said(mara: Replica) -> None:
    issue(mara)
    mara.close()
    mara.place.store.write_bytes(b"some other file")
    replica = again(mara)
    assert "damaged" in replica.notice
    assert (mara.place.folder / "store.db.damaged-1").read_bytes() == b"some other file"
    assert not replica.joined()
    replica.close()


def test_an_emptied_file_beside_what_was_not_written_into_it_yet_is_damaged(mara: Replica) -> None:
    mara.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    issue(mara)
    left = mara.place.store.with_name("store.db-wal").read_bytes()
    mara.close()
    mara.place.store.write_bytes(b"")
    mara.place.store.with_name("store.db-wal").write_bytes(left)
    replica = again(mara)
    assert "damaged" in replica.notice
    replica.close()


def test_a_closed_store_is_whole_in_its_one_file(mara: Replica, tmp_path: Path) -> None:
    key = issue(mara, "In the file itself")
    mara.close()
    (tmp_path / "alone.db").write_bytes(mara.place.store.read_bytes())
    db = sqlite3.connect(tmp_path / "alone.db")
    assert db.execute("SELECT 1 FROM record WHERE key = ?", (key,)).fetchone()
    db.close()


def test_what_can_be_read_of_a_damaged_file_is_rebuilt(mara: Replica) -> None:
    keys = [issue(mara, f"Issue {n}", body="word " * 500) for n in range(20)]
    save_draft(mara, "issue", "", {"title": "Half a thought"})
    chunks = [bytes(chunk) for (chunk,) in mara.store.ask("SELECT bytes FROM change")]
    mara.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    mara.close()
    path = mara.place.store
    data = bytearray(path.read_bytes())
    place = data.index(next(chunk for chunk in chunks if b"Issue 12" in chunk)[:100])  # in a change's page
    data[place : place + 3000] = bytes(3000)
    path.write_bytes(data)
    rescue.suspect(path)
    replica = again(mara)
    assert "changes were read from it" in replica.notice
    found = {key for (key,) in replica.reader().execute("SELECT key FROM record WHERE kind = 'issue'")}
    assert found
    assert found <= set(keys)
    assert replica.draft("issue", "") == {"title": "Half a thought"}
    assert verify(replica.store, replica.community).good
    assert issue(replica, "And it goes on")
    assert replica.actor != mara.identity.public_key
    replica.close()


def test_a_home_that_is_a_file_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be read"):
        found_community(Home(tmp_path / "file"), "Northern cohort", "Mara")


def test_a_second_process_has_its_command_carried_out_by_the_first(mara: Replica) -> None:
    key = issue(mara, "Here")
    mara.become_writer()
    script = again(mara)
    answers: list[object] = []
    thread = threading.Thread(target=lambda: answers.append(script.do(Say("vote", key, {"dots": 4}))))
    thread.start()
    while not answers and thread.is_alive():
        mara.serve_inbox()
    thread.join()
    assert answers == [f"{mara.me}/vote/{key}"]
    assert mara.reader().execute("SELECT count(*) FROM statement WHERE kind = 'vote'").fetchone() == (1,)
    assert rows(mara) == rows(script)
    script.close()


def test_a_command_that_cannot_be_carried_out_is_answered_with_the_same_sentence(mara: Replica) -> None:
    key = issue(mara, "Here")
    mara.become_writer()
    script = again(mara)
    errors: list[Exception] = []

    def ask() -> None:
        try:
            vote(script, key, 9)
        except InputError as error:
            errors.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    while not errors and thread.is_alive():
        mara.serve_inbox()
    thread.join()
    assert "from 0 to 5" in str(errors[0])
    script.close()


def test_a_command_left_by_a_process_that_waits_is_taken_over_when_the_writer_ends(mara: Replica) -> None:
    key = issue(mara, "Here")
    script = again(mara)
    mara.close()
    vote(script, key, 2)
    assert script.reader().execute("SELECT count(*) FROM statement WHERE kind = 'vote'").fetchone() == (1,)
    script.close()


def test_a_draft_stays_on_this_machine_and_goes_when_it_is_said(mara: Replica) -> None:
    save_draft(mara, "review", "x", {"happened": "A secret"})
    assert mara.drafts()[0][:2] == ("review", "x")
    assert b"A secret" not in b"".join(sealed.chunk for sealed in mara.lacking({}))
    forget_draft(mara, "review", "x")
    assert mara.drafts() == ()


@pytest.mark.parametrize(
    "command",
    [
        Create("issue", {"title": "x"}),
        Say("vote", "issue/a/b", {"dots": 1}),
        MakeInvite(uses=None),
        SyncOnce(),
        Together((Create("issue", {"title": "x"}), Together((Say("vote", "x", {}),)))),
    ],
)
def test_every_command_travels_through_the_inbox_unchanged(
    command: Create | Say | MakeInvite | SyncOnce | Together,
) -> None:
    assert from_json(to_json(command)) == command


def test_every_draft_is_read_from_a_damaged_file(mara: Replica) -> None:
    for subject in ("a", "b", "c"):
        save_draft(mara, "comment", subject, {"text": f"About {subject}"})
    mara.close()
    rescue.suspect(mara.place.store)
    replica = again(mara)
    assert {replica.draft("comment", s)["text"] for s in ("a", "b", "c")} == {"About a", "About b", "About c"}
    replica.close()


def test_a_damaged_file_is_not_taken_away_from_the_process_that_writes_it(mara: Replica) -> None:
    issue(mara, "Before")
    rescue.suspect(mara.place.store)
    with pytest.raises(StorageError, match="open"):
        again(mara)
    key = issue(mara, "And after")
    mara.close()
    replica = again(mara)
    assert values(replica, key)["title"] == "And after"
    replica.close()


@pytest.mark.parametrize("at", ["_copy_changes", "_copy_own", "_swap", "rename", "replace", "rebuild"])
def test_a_rescue_that_is_cut_off_anywhere_is_done_again_and_loses_nothing(
    mara: Replica, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = issue(mara, "Saved")
    save_draft(mara, "issue", "", {"title": "Half a thought"})
    actor = mara.actor
    mara.close()
    rescue.suspect(mara.place.store)

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        if at == "rebuild":
            patched.setattr(Writer, "rebuild", cut_off)
        elif at in ("rename", "replace"):
            really = os.replace

            def renaming(source: Path, target: Path) -> None:
                if at == "replace" and target == mara.place.store:
                    raise KeyboardInterrupt
                really(source, target)
                if at == "rename":
                    raise KeyboardInterrupt

            patched.setattr(os, "replace", renaming)
        else:
            patched.setattr(rescue, at, cut_off)
        with pytest.raises(KeyboardInterrupt):
            again(mara)
    replica = again(mara)
    assert "damaged" in replica.notice
    assert values(replica, key)["title"] == "Saved"
    assert replica.draft("issue", "") == {"title": "Half a thought"}
    assert replica.actor != actor
    assert verify(replica.store, replica.community).good
    replica.close()
    once_more = again(mara)
    assert once_more.notice == ""
    assert len(list(mara.place.folder.glob("store.db.damaged-?"))) == 1
    once_more.close()
