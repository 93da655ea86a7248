"""A full disk wiped what was there (Taskwarrior).

What happened there: the file of pending tasks was cut to nothing before it was written anew, and the disk was
full: all of them were gone (https://github.com/GothenburgBitFactory/taskwarrior/issues/2264); or half of it
was written, and could not be read any more (https://github.com/GothenburgBitFactory/taskwarrior/issues/1420).
A sync onto a full disk lost what it had fetched (https://github.com/GothenburgBitFactory/taskwarrior/issues/88),
and a server whose disk was full told its client that all was well
(https://github.com/GothenburgBitFactory/taskserver/issues/53).

What must hold here: whichever step finds no room, nothing that was there goes, what is answered is there, a
sentence says what is the matter, and with room again everything goes on - for a member's store, for the small
files beside it, for drafts, for a sync, and for a relay.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Create, Say
from moot_client.replica.founding import found_community
from moot_client.replica.outside import Outside
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_client.views.standing import standing
from moot_server.members.core import Core
from moot_server.members.names import Names
from moot_server.storage.closed import ClosedLog
from moot_server.storage.sqlite import SqliteStore
from moot_shared.errors import MootError, StorageError
from tests.field.stage import all_the_same, changes, converse, meet
from tests.helpers.cohort import issue, outside, values
from tests.helpers.drafts import save_draft
from tests.helpers.network import HOSTING_KEY, Client, Relay
from tests.simulation.disk import Loss, VirtualDisk
from tests.simulation.process import Process

EVERY = 14
"""How many steps lie between two that are tried where a community is founded."""


@dataclass
class Day:
    """A member's day on a disk that may fill up: what was done, one thing after the other, and answered."""

    disk: VirtualDisk
    place: Path
    answered: dict[str, Any] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)

    def open(self, seed: int) -> Replica:
        self.process = Process(self.disk)
        return Replica.open(Home(self.place).place(), _on(self.process, seed))

    def tries(self, what: str, act: Callable[[], Any]) -> None:
        """Do it; whatever goes wrong is one sentence, and nothing else."""
        try:
            self.answered[what] = act()
        except MootError as error:
            self.sentences.append(str(error))

    def passes(self, relay: Relay) -> None:
        """Write, draft, sync, write."""
        try:
            replica = self.open(60)
        except StorageError as error:
            self.sentences.append(str(error))
            return
        self.tries("draft", lambda: save_draft(replica, "issue", "", {"title": "Half a thought"}))
        self.tries("issue", lambda: replica.do(Create("issue", {"title": "First", "body": "One.\n\nTwo."})))
        with suppress(StorageError):  # the engine says it, and tries again later
            if replica.become_writer():
                client = Client(replica, relay)
                converse(client)
                client.socket.close()
        self.tries("profile", lambda: replica.do(Say("profile", "me", {"name": "Joon Park"})))
        self.tries("note", lambda: replica.set_own("words confirmed", True))
        with suppress(StorageError):
            replica.close()


def _on(process: Process, seed: int) -> Outside:
    return replace(outside(seed), disk=process.hands)


@pytest.fixture
def home(cohort: list[Replica], tmp_path: Path) -> Path:
    """Joon's home, closed, with an issue of his own and a draft in it."""
    joon = cohort[1]
    issue(joon, "There before")
    save_draft(joon, "comment", "x", {"text": "Typed before"})
    joon.close()
    return joon.place.folder.parents[1]


@pytest.mark.slow
@pytest.mark.parametrize(("wholly", "every"), [(True, 1), (False, 2)])
def test_a_members_disk_that_is_full_at_any_step_loses_nothing(
    home: Path, cohort: list[Replica], relay: Relay, tmp_path: Path, wholly: bool, every: int
) -> None:
    mara = cohort[0]
    issue(mara, "From Mara")
    meet(relay, mara)
    before = changes(Home(home).place().store)
    full, steps = 0, range(every, 10_000, every)
    for step in steps:
        shutil.copytree(home, tmp_path / f"day {step}")
        disk = VirtualDisk(tmp_path / f"day {step}", seed=step)
        disk.full_from(step, wholly=wholly)
        day = Day(disk, tmp_path / f"day {step}")
        day.passes(relay)
        full += bool(day.sentences)
        assert all(said.endswith(".") and ("full" in said or "space" in said) for said in day.sentences)
        over = disk.steps < step
        disk.mend()
        disk.lose_power(Loss.UNSYNCED)
        after = day.open(61)
        assert before.items() <= changes(after.place.store).items(), f"step {step}"
        assert after.draft("comment", "x") == {"text": "Typed before"}
        if "draft" in day.answered:
            assert after.draft("issue", "") == {"title": "Half a thought"}
        if "issue" in day.answered:
            assert values(after, day.answered["issue"])["body"] == "One.\n\nTwo."
        if "profile" in day.answered:
            assert values_of(after, day.answered["profile"]) == "Joon Park"
        assert verify(after.store, after.community).good
        meet(relay, after)
        assert standing(after.reader(), after.me).waiting == 0
        disk.kill_all()
        if over:
            break
    assert full > 5


def values_of(replica: Replica, key: str) -> str:
    """The name in a profile."""
    query = "SELECT json_extract(value, '$.name') FROM statement WHERE key = ?"
    return str(replica.reader().execute(query, (key,)).fetchone()[0])


@pytest.mark.slow
def test_a_disk_that_is_full_while_another_community_is_founded_costs_the_first_one_nothing(
    home: Path, tmp_path: Path
) -> None:
    """The small files of one home: keys, names, which was opened last."""
    first = Home(home).place()
    before, key = changes(first.store), (first.folder / "member.key").read_bytes()
    for step in range(1, 1_000, EVERY):
        shutil.copytree(home, tmp_path / f"home {step}")
        disk = VirtualDisk(tmp_path / f"home {step}", seed=step)
        disk.full_from(step, wholly=bool(step % 4 == 1))
        process = Process(disk)
        founded = False
        with suppress(StorageError):
            found_community(Home(disk.root, process), "Southern cohort", "Joon", outside=_on(process, step))
            founded = True
        disk.mend()
        disk.lose_power(Loss.UNSYNCED)
        process = Process(disk)
        at = Home(disk.root, process)
        names = [place.name for place in at.places()]
        assert "Northern cohort" in names
        assert not founded or "Southern cohort" in names
        again = at.place("Northern")
        assert (again.folder / "member.key").read_bytes() == key
        replica = Replica.open(again, _on(process, step + 1))
        assert changes(again.store) == before
        replica.close()
        if "Southern cohort" not in names:
            found_community(at, "Southern cohort", "Joon", outside=_on(process, step + 2))
        assert at.place("Southern").member_name == "Joon"
        disk.kill_all()
        if founded and disk.steps < step:
            break


class OnDisk(Relay):
    """A relay whose folder is on a virtual disk."""

    disk: VirtualDisk

    def start(self) -> None:
        """Begin with what is on it."""
        process = Process(self.disk)
        self.store = SqliteStore(self.folder / "relay.db", process.connect)
        self.closed = ClosedLog(self.folder / "closed.log", process)
        names = Names(self.store, self.names)
        self.core = Core(self.store, self.closed, HOSTING_KEY, bytes, self.limits, names)

    def crash(self) -> None:
        """End at once."""
        self.disk.kill_all()
        for socket in list(self.sockets.values()):
            socket.open = False
        self.sockets.clear()


@pytest.fixture
def rooms(tmp_path: Path, relay: Relay) -> Iterator[Callable[[int], OnDisk]]:
    """Copies of the relay, each on a disk of its own."""
    relay.crash()

    def copy(number: int) -> OnDisk:
        shutil.copytree(relay.folder, tmp_path / f"relay {number}")
        OnDisk.disk = VirtualDisk(tmp_path / f"relay {number}", seed=number)
        return OnDisk(tmp_path / f"relay {number}")

    yield copy
    relay.start()


@pytest.mark.slow
def test_a_relay_whose_disk_is_full_at_any_step_says_so_and_calls_nothing_stored_that_is_not(
    cohort: list[Replica], rooms: Callable[[int], OnDisk]
) -> None:
    mara, joon, _ = cohort
    told = 0
    for number in range(14):
        relay = rooms(number)
        before = changes(relay.folder / "relay.db")
        issue(joon, f"Number {number}", body="word " * 400)
        relay.disk.full_from(relay.disk.steps + 1 + number // 2, wholly=bool(number % 2))
        client = Client(joon, relay)
        converse(client)
        if client.trouble is not None:
            told += 1
            assert client.code == "storage"
            assert "disk is full" in str(client.trouble)
            assert "safe" in str(client.trouble)
        waits = standing(joon.reader(), joon.me).waiting
        relay.disk.mend()
        relay.disk.lose_power(Loss.UNSYNCED)
        relay.start()
        there = changes(relay.folder / "relay.db")
        assert before.items() <= there.items()
        mine = {entry.hash for entry in joon._writer.history.missing_from({}) if entry.actor == joon.actor}
        assert len(mine - there.keys()) <= waits, "it called something stored that is not"
        meet(relay, joon)
        meet(relay, mara)
        all_the_same(mara, joon)
        relay.crash()
    assert told > 3
