"""The product's own stores on the simulated disk: whatever was answered is there after every crash."""

from __future__ import annotations

import inspect
import itertools
import random
from collections.abc import Callable
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
from moot_client.store import rescue
from moot_server.closed import ClosedLog, Closing
from moot_server.folder import Folder
from moot_server.sqlite import SqliteStore
from moot_shared.errors import StorageError
from moot_shared.trust.facts import facts_of
from tests.helpers import cohort
from tests.helpers.cohort import Clock, Cohort, issue, rows, settle, values, vote
from tests.helpers.community import Community, person
from tests.server import test_store
from tests.simulation.disk import Died, Image, Loss, VirtualDisk, When
from tests.simulation.process import Process

CRASHES = list(itertools.product(When, Loss))
SEAL = b"s" * 64
OF_THE_RELAY = [name for name in vars(test_store) if name.startswith("test_")]


@pytest.mark.parametrize("name", OF_THE_RELAY)
def test_a_relays_store_does_there_what_it_does_elsewhere(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process(VirtualDisk(tmp_path))
    monkeypatch.setattr(test_store, "SqliteStore", lambda path: SqliteStore(path, process.connect))
    test: Callable[..., None] = getattr(test_store, name)
    made = Community()
    made.member("ann")
    given: dict[str, Callable[[], Any]] = {
        "tmp_path": lambda: tmp_path,
        "path": lambda: tmp_path / "relay.db",
        "store": lambda: SqliteStore(tmp_path / "relay.db", process.connect),
        "made": lambda: made,
    }
    test(**{each: given[each]() for each in inspect.signature(test).parameters})
    process.kill()


def test_a_cohort_lives_there_as_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = VirtualDisk(tmp_path / "disk")
    process, real = Process(disk), cohort.outside
    monkeypatch.setattr(cohort, "outside", lambda seed: replace(real(seed), disk=process.hands))
    monkeypatch.setattr(cohort, "Home", lambda folder: Home(folder, process))
    with Cohort(disk.root) as replicas:
        key = issue(replicas[0])
        settle(*replicas)
        for replica in replicas:
            vote(replica, key, 2)
        settle(*replicas)
        assert rows(replicas[0]) == rows(replicas[1]) == rows(replicas[2])
        assert all(verify(replica.store, replica.community).good for replica in replicas)
    assert disk.steps > 500


@dataclass
class Person:
    """Who founds a community, makes an issue and votes; `said` is what they were told is kept."""

    disk: VirtualDisk
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.process = Process(self.disk)
        self.home = Home(self.disk.root / "home", self.process)
        self.outside = Outside(Clock(), random.Random(self.disk.steps).randbytes, self.process.hands)

    def founds(self) -> None:
        found_community(self.home, "Northern cohort", "Mara", outside=self.outside)
        self.said.append("founded")

    def opens(self) -> Replica:
        return Replica.open(self.home.place(), self.outside)

    def works(self) -> None:
        replica = self.opens()
        key = replica.do(Create("issue", {"title": "Handover loses facts"}))
        self.said.append(key)
        replica.do(Say("vote", key, {"dots": 3, "why": "Every week"}))
        self.said.append("voted")
        replica.close()

    def is_rescued(self) -> None:
        rescue.suspect(self.home.place().store, self.process.hands)
        self.opens().close()


def look_again(before: Person) -> None:
    """After the crash: everything that was said is there, all is sound, and work goes on."""
    person = Person(before.disk, before.said)
    if not person.said:
        for place in person.home.places():
            replica = Replica.open(place, person.outside)
            assert replica.joined()  # a community without a beginning is not listed
            replica.close()
        person.founds()
    replica = person.opens()
    assert verify(replica.store, replica.community).good
    for said in person.said[1:2]:
        assert values(replica, said)["title"] == "Handover loses facts"
    if "voted" in person.said:
        assert replica.store.read("SELECT count(*) FROM statement WHERE kind = 'vote'") == [(1,)]
    key = issue(replica, "After the crash")
    assert values(replica, key)["title"] == "After the crash"
    replica.close()


@dataclass(frozen=True)
class Scene:
    """Where a workload begins: a disk's content, and what its person was told before."""

    image: Image = field(default_factory=lambda: Image({}))
    said: tuple[str, ...] = ()

    @classmethod
    def founded(cls, folder: Path) -> Scene:
        """A community without anything in it."""
        person = Person(VirtualDisk(folder))
        person.founds()
        return cls(person.disk.snapshot(), ("founded",))

    def crash(self, folder: Path, act: Callable[[Person], None], step: int, when: When, loss: Loss) -> bool:
        """Act until the death at a step, crash, look again; whether there was such a step."""
        disk = VirtualDisk(folder, seed=step)
        disk.roll_back(self.image)
        person = Person(disk, list(self.said))
        disk.die_at(step, when)
        try:
            act(person)
        except Died:
            disk.lose_power(loss)
            look_again(person)
        else:
            return False
        finally:
            disk.kill_all()
        return True

    def crashes(
        self, folder: Path, act: Callable[[Person], None], ways: list[tuple[When, Loss]], every: int = 1
    ) -> int:
        """At every step, or every few, one way after the other; how many crashes there were."""
        count = 0
        for way in itertools.cycle(ways):
            if not self.crash(folder / f"{count}", act, 1 + count * every, *way):
                break
            count += 1
        return count


def test_work_survives_a_crash_at_every_step(tmp_path: Path) -> None:
    scene = Scene.founded(tmp_path / "founded")
    assert scene.crashes(tmp_path, Person.works, CRASHES) > 80


def test_what_was_founded_is_there_although_the_power_went_at_once(tmp_path: Path) -> None:
    for seed, loss in enumerate(Loss):
        person = Person(VirtualDisk(tmp_path / loss.name, seed))
        person.founds()
        person.disk.lose_power(loss)
        look_again(person)
        person.disk.kill_all()


def test_a_rescue_survives_a_crash_at_many_steps(tmp_path: Path) -> None:
    before = Person(VirtualDisk(tmp_path / "before"))
    before.founds()
    before.works()
    image = before.disk.snapshot()
    before.disk.kill_all()
    scene = Scene(image, tuple(before.said))
    assert scene.crashes(tmp_path, Person.is_rescued, CRASHES, every=4) > 25


def test_founding_survives_a_crash_at_many_steps(tmp_path: Path) -> None:
    assert Scene().crashes(tmp_path, Person.founds, CRASHES, every=7) > 15


@pytest.mark.slow
@pytest.mark.parametrize("how", CRASHES)
def test_both_survive_it_in_every_way(tmp_path: Path, how: tuple[When, Loss]) -> None:
    scene = Scene.founded(tmp_path / "founded")
    assert scene.crashes(tmp_path / "work", Person.works, [how]) > 80
    assert Scene().crashes(tmp_path / "founding", Person.founds, [how]) > 100


@pytest.mark.parametrize("trouble", [VirtualDisk.full_from, VirtualDisk.fail_at])
def test_a_disk_that_is_full_or_fails_at_any_step_loses_nothing_and_work_goes_on_after(
    trouble: Callable[[VirtualDisk, int], None], tmp_path: Path
) -> None:
    scene = Scene.founded(tmp_path / "founded")
    for step in itertools.count(1, 2):
        disk = VirtualDisk(tmp_path / str(step), seed=step)
        disk.roll_back(scene.image)
        person = Person(disk, list(scene.said))
        trouble(disk, step)
        with suppress(StorageError):
            person.works()
        over = disk.steps < step
        disk.mend()
        disk.lose_power(Loss.NOTHING)
        look_again(person)
        disk.kill_all()
        if over:
            break


def relay_works(process: Process, made: Community, said: list[Any]) -> None:
    """A relay opens its folder, logs who is shut out, and stores pages; `said` is what was answered."""
    folder = Folder.open(process.disk.root / "relay", process)
    store, closed = SqliteStore(folder.store, process.connect), ClosedLog(folder.closed, process)
    said.append(store.relay_id())
    said.append(folder.hosting_key)
    for number, entry in enumerate(made.history.missing_from({})):
        change = made.history.change(entry.hash)
        closing = [Closing("removal", made.id, person(f"who {number}").key, change.hash)][: number % 2]
        closed.add(closing)
        with store.transaction():
            store.add_change(made.id, change, SEAL, facts_of(change))
        closed.settle(closing)
        said.append(change.hash)
    store.close()
    closed.close()
    folder.close()


def relay_has(disk: VirtualDisk, made: Community, said: list[Any]) -> None:
    process = Process(disk)
    folder = Folder.open(disk.root / "relay", process)
    store, closed = SqliteStore(folder.store, process.connect), ClosedLog(folder.closed, process)
    assert said[:1] in ([], [store.relay_id()])
    assert said[1:2] in ([], [folder.hosting_key])
    here = [entry.hash for entry in store.entries(made.id)]
    assert here[: len(said[2:])] == said[2:]
    sure = {closing.change for closing in closed.closings()}
    unsure = {closing.change for closing in closed.unsure()}
    assert sure >= {change for number, change in enumerate(said[2:]) if number % 2}
    assert sure | unsure >= {change for number, change in enumerate(here) if number % 2}
    process.kill()


def test_what_a_relay_stored_survives_a_crash_at_every_step(tmp_path: Path) -> None:
    made = Community()
    for name in ("ann", "ben"):
        made.member(name)
    hows, deaths = itertools.cycle(CRASHES), 0
    for step in itertools.count(1):
        disk, said = VirtualDisk(tmp_path / str(step), seed=step), list[Any]()
        when, loss = next(hows)
        disk.die_at(step, when)
        try:
            relay_works(Process(disk), made, said)
        except Died:
            deaths += 1
            disk.lose_power(loss)
            disk.mend()
            relay_has(disk, made, said)
        else:
            break
    assert deaths > 100
