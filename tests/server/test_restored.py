"""A relay whose database was put back from an older copy lets in nobody who was shut out since."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import MakeInvite, Say
from moot_client.replica.founding import found_community, prepare_join
from moot_client.replica.replica import Replica
from moot_client.sync.credentials import Credentials
from moot_client.sync.joining import host, join
from moot_client.sync.once import sync_once
from moot_client.sync.trouble import RelayRefused
from moot_server.storage.closed import ClosedLog, Closing
from moot_shared.errors import StorageError
from moot_shared.identity import Identity
from moot_shared.trust.lines import InviteLine, parse_line
from tests.helpers.cohort import RELAY, issue, outside
from tests.helpers.network import MEMBER, Client, Relay, credentials_of_a_host, run
from tests.helpers.relay_process import RelayProcess


class Backup:
    """A copy of the database, as somebody would make one: without the log of closings."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        relay.crash()
        shutil.copy(relay.folder / "relay.db", relay.folder / "copy")
        relay.start()

    def put_back(self) -> None:
        """In its place, and start the relay."""
        self.relay.crash()
        for name in ("relay.db-wal", "relay.db-shm"):
            (self.relay.folder / name).unlink(missing_ok=True)
        shutil.copy(self.relay.folder / "copy", self.relay.folder / "relay.db")
        self.relay.start()


def come(replica: Replica, relay: Relay, credentials: Credentials = MEMBER) -> str:
    """Connect, say and hear everything, sign, hang up: what the matter was."""
    client = Client(replica, relay, credentials)
    run(client, sign=True)
    client.socket.close()
    return client.code


def remove(relay: Relay, by: Replica, whom: Replica) -> None:
    by.do(Say("removal", whom.me, {"why": ""}))
    assert come(by, relay) == ""
    assert come(whom, relay) == "removed"


def test_the_removed_stay_out_members_wait_and_a_convenor_who_synced_opens_the_door(
    cohort: list[Replica], relay: Relay
) -> None:
    mara, joon, ines = cohort
    backup = Backup(relay)
    remove(relay, mara, joon)
    backup.put_back()
    assert come(joon, relay) == "removed"
    waiting = Client(ines, relay)
    run(waiting)
    assert waiting.code == "restored"
    assert "waits for a convenor" in str(waiting.trouble)
    assert "safe on this machine" in str(waiting.trouble)
    assert waiting.trouble is not None
    assert waiting.trouble.retry
    assert come(mara, relay) == ""
    assert come(ines, relay) == ""
    assert come(joon, relay) == "removed"
    relay.crash()
    relay.start()
    assert come(ines, relay) == ""
    assert come(joon, relay) == "removed"


def test_it_stays_shut_over_restarts_until_the_convenor_has_sent_everything(
    cohort: list[Replica], relay: Relay
) -> None:
    mara, joon, ines = cohort
    backup = Backup(relay)
    remove(relay, mara, joon)
    backup.put_back()
    client = Client(mara, relay)
    while not client.session.online:
        assert client.send_one() or client.receive_one()
    client.socket.close()  # it was let in, and no more
    assert come(ines, relay) == "restored"
    relay.crash()
    relay.start()
    assert come(ines, relay) == "restored"
    assert come(mara, relay) == ""
    assert come(ines, relay) == ""


def test_an_invite_that_was_taken_back_stays_closed(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    mara = cohort[0]
    mara.set_relay_url(RELAY)
    line = parse_line(mara.do(MakeInvite()))
    assert isinstance(line, InviteLine)
    assert come(mara, relay) == ""
    backup = Backup(relay)
    invite = Identity.from_seed(line.secret)
    mara.do(Say("revoke", invite.key_text, {}))
    assert come(mara, relay) == ""
    backup.put_back()
    around = outside(50)
    who = Identity.generate(around.random)
    place = prepare_join(Home(tmp_path / "tariq"), line.community, who, "Tariq", "x", RELAY, around)
    tariq = Replica.open(place, around)
    assert come(tariq, relay, Credentials("invite", invite)) == "revoked invite"
    assert come(mara, relay) == ""
    assert come(tariq, relay, Credentials("invite", invite)) == "revoked invite"
    tariq.close()


def test_where_what_is_missing_is_lost_the_hosting_key_opens_the_door_and_who_was_shut_out_stays_out(
    cohort: list[Replica], relay: Relay
) -> None:
    mara, joon, ines = cohort
    backup = Backup(relay)
    mara.do(Say("removal", joon.me, {"why": ""}))
    client = Client(mara, relay)
    run(client)
    client.socket.close()
    backup.put_back()  # and Mara's machine is gone with the only other copy
    assert come(ines, relay) == "restored"
    assert come(ines, relay, credentials_of_a_host()) == ""
    assert come(ines, relay) == ""
    assert come(joon, relay) == "removed"
    relay.crash()
    relay.start()
    assert come(ines, relay) == ""
    assert come(joon, relay) == "removed"
    assert come(joon, relay, credentials_of_a_host()) == "removed"


def test_a_relay_that_was_told_that_it_was_restored_waits_for_a_convenor(
    cohort: list[Replica], relay: Relay
) -> None:
    mara, _, ines = cohort
    with relay.store.transaction():
        relay.store.mark_restored()
    relay.crash()
    relay.start()
    assert come(ines, relay) == "restored"
    assert come(mara, relay) == ""
    assert come(ines, relay) == ""


def test_a_disk_that_is_full_when_the_log_is_written_stores_nothing(
    cohort: list[Replica], relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, joon, ines = cohort
    mara.do(Say("removal", joon.me, {"why": ""}))
    before = list(relay.store.entries(mara.community))

    def full(file: int, data: bytes, at: int) -> int:
        os.lseek(file, 0, os.SEEK_END)
        os.write(file, data[:10])  # what fits
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("moot_server.storage.closed.os.pwrite", full)
        client = Client(mara, relay)
        run(client)
    assert client.code == "storage"
    assert "disk is full" in str(client.trouble)
    assert list(relay.store.entries(mara.community)) == before
    assert come(joon, relay) == ""  # as it was
    assert come(mara, relay) == ""
    assert come(joon, relay) == "removed"
    relay.crash()
    relay.start()
    assert len(list(relay.closed.closings())) == 1
    assert come(ines, relay) == ""


def test_a_commit_that_fails_leaves_nobody_waiting(
    cohort: list[Replica], relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, joon, ines = cohort
    mara.do(Say("removal", joon.me, {"why": ""}))
    add = ClosedLog.add

    def then_fail(log: ClosedLog, closings: Iterator[Closing]) -> list[Closing]:
        if add(log, closings):
            relay.store._db.execute("ROLLBACK")  # so that the commit has nothing to commit
            relay.store._db.execute("COMMIT")
        return []

    with monkeypatch.context() as patch:
        patch.setattr(ClosedLog, "add", then_fail)
        client = Client(mara, relay)
        run(client)
    assert client.code == "storage"
    relay.crash()
    relay.start()
    assert come(ines, relay) == "", "nothing was stored, so nothing was rolled back"
    assert come(mara, relay) == ""
    assert come(ines, relay) == ""
    assert come(joon, relay) == "removed"


def test_what_is_missing_is_not_given_up_for_lost_where_that_could_not_be_stored(
    cohort: list[Replica], relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, joon, ines = cohort
    backup = Backup(relay)
    mara.do(Say("removal", joon.me, {"why": ""}))
    client = Client(mara, relay)
    run(client)
    client.socket.close()
    backup.put_back()
    awaited = list(relay.closed.awaited(mara.community))
    assert awaited

    def full(_: bytes) -> None:
        raise StorageError("The relay's disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(relay.store, "settle_restored", full)
        assert come(ines, relay, credentials_of_a_host()) == "storage"
    assert list(relay.closed.awaited(mara.community)) == awaited
    assert come(ines, relay) == "restored"
    assert come(ines, relay, credentials_of_a_host()) == ""
    assert list(relay.closed.awaited(mara.community)) == []
    assert come(ines, relay) == ""


def test_a_defect_before_the_commit_leaves_nothing_in_the_log(
    cohort: list[Replica], relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, joon, _ = cohort
    mara.do(Say("removal", joon.me, {"why": ""}))
    transaction = relay.store.transaction

    @contextmanager
    def defective(communities: Iterable[bytes] = ()) -> Iterator[None]:
        with transaction(communities):
            yield
            raise ZeroDivisionError

    monkeypatch.setattr(relay.store, "transaction", defective)
    client = Client(mara, relay)
    with pytest.raises(ZeroDivisionError):
        run(client)
    assert relay.closed.unsure() == []


# -- the log ------------------------------------------------------------------------------------------------

A, B = (Closing("removal", b"c" * 32, bytes([n]) * 32, b"h" * 32) for n in (1, 2))


def logged(log: ClosedLog, *closings: Closing) -> list[Closing]:
    """Written before a commit and after it; those that were new."""
    fresh = log.add(closings)
    log.settle(fresh)
    return fresh


def test_the_log_is_its_owners_alone_and_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "closed.log"
    log = ClosedLog(path)
    assert logged(log, A, B) == [A, B]
    assert logged(log, A) == []
    log.undo([B])
    log.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    log = ClosedLog(path)
    assert list(log.closings()) == [A]
    assert logged(log, B) == [B]
    log.give_up([A])
    log.close()
    log = ClosedLog(path)
    assert list(log.closings()) == [A, B]
    assert list(log.awaited(A.community)) == [B]
    log.close()


def test_what_was_logged_before_a_commit_that_a_crash_prevented_is_unsure_and_shuts_out_nobody(
    tmp_path: Path,
) -> None:
    log = ClosedLog(tmp_path / "closed.log")
    log.add([A])
    log.close()
    log = ClosedLog(tmp_path / "closed.log")
    assert log.unsure() == [A]
    assert not list(log.closings())
    assert not list(log.awaited(A.community))
    log.close()


def test_what_there_was_no_room_to_settle_is_settled_with_the_next_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = ClosedLog(tmp_path / "closed.log")
    log.add([A])
    with monkeypatch.context() as full:
        full.setattr(os, "pwrite", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        log.settle([A])
    logged(log, B)
    log.close()
    log = ClosedLog(tmp_path / "closed.log")
    assert list(log.closings()) == [A, B]
    assert log.unsure() == []
    log.close()


@pytest.mark.parametrize("kept", range(1, 30, 7))
def test_a_line_that_was_cut_off_is_dropped_and_written_over(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "closed.log"
    log = ClosedLog(path)
    logged(log, A)
    whole = path.read_bytes()
    log.add([B])
    log.close()
    path.write_bytes(path.read_bytes()[: len(whole) + kept])
    log = ClosedLog(path)
    assert list(log.closings()) == [A]
    logged(log, B)
    log.close()
    log = ClosedLog(path)
    assert list(log.closings()) == [A, B]
    log.close()


@pytest.mark.parametrize("change", [(b"closing", b"undone"), (b"removal", b"revoke"), (b" ", b"  ")])
def test_a_line_that_was_changed_is_said_to_be_damaged(tmp_path: Path, change: tuple[bytes, bytes]) -> None:
    path = tmp_path / "closed.log"
    log = ClosedLog(path)
    log.add([A, B])
    log.close()
    path.write_bytes(path.read_bytes().replace(*change, 1))
    with pytest.raises(StorageError, match=r"Line 1 of .* is damaged"):
        ClosedLog(path)


@pytest.mark.slow
def test_a_real_relay_that_is_put_back_lets_nobody_back_in(tmp_path: Path) -> None:
    folder = tmp_path / "relay"
    with RelayProcess(folder) as relay:
        mara = Replica.open(found_community(Home(tmp_path / "mara"), "Northern cohort", "Mara"))
        host(mara, relay.url, relay.hosting_key)
        line = mara.do(MakeInvite(uses=2))
        sync_once(mara)
        joon, ines = (Replica.open(join(Home(tmp_path / name), line, name)) for name in ("joon", "ines"))
        relay.stop()
        shutil.copy(folder / "relay.db", tmp_path / "copy")
        relay.start()
        sync_once(mara)
        issue(mara)
        mara.do(Say("removal", joon.me, {"why": ""}))
        sync_once(mara)
        relay.kill()
        for name in ("relay.db-wal", "relay.db-shm"):
            (folder / name).unlink(missing_ok=True)
        shutil.copy(tmp_path / "copy", folder / "relay.db")
        relay.start()
        for replica, code in ((joon, "removed"), (ines, "restored")):
            with pytest.raises(RelayRefused) as caught:
                sync_once(replica)
            assert caught.value.code == code
        assert sync_once(mara).stored
        assert sync_once(ines).stored
        assert mara.heads() == ines.heads()
        with pytest.raises(RelayRefused, match="ended your membership"):
            sync_once(joon)
        for replica in (mara, joon, ines):
            replica.close()
