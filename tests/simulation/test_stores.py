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


def look_again(before: Person) -> None:
    """After the crash: everything that was said is there, all is sound, and work goes on."""
    person = Person(before.disk, before.said)
    if not person.said:
        if (
            person.home.places()
        ):  # cut off in its middle: it has a beginning, or none that anybody was told of
            person.opens().close()
        return
    replica = person.opens()
    assert verify(replica.store, replica.community).good
    for said in person.said[1:2]:
        assert values(replica, said)["title"] == "Handover loses facts"
    if "voted" in person.said:
        assert replica.store.read("SELECT count(*) FROM statement WHERE kind = 'vote'") == [(1,)]
    key = issue(replica, "After the crash")
    assert values(replica, key)["title"] == "After the crash"
    replica.close()


def founded(folder: Path) -> Image:
    person = Person(VirtualDisk(folder))
    person.founds()
    return person.disk.snapshot()


def crash(
    folder: Path, image: Image | None, act: Callable[[Person], None], step: int, how: tuple[When, Loss]
) -> bool:
    """Act from an image until the death at a step, crash, look again; whether there was such a step."""
    disk = VirtualDisk(folder, seed=step)
    if image:
        disk.roll_back(image)
    person = Person(disk, ["founded"] if image else [])
    disk.die_at(step, how[0])
    try:
        act(person)
    except Died:
        disk.lose_power(how[1])
        look_again(person)
        disk.kill_all()
        return True
    disk.kill_all()
    return False


def crash_everywhere(
    folder: Path,
    image: Image | None,
    act: Callable[[Person], None],
    every: int,
    ways: list[tuple[When, Loss]],
) -> int:
    """How many crashes there were."""
    hows, count = itertools.cycle(ways), 0
    for step in itertools.count(1, every):
        how = next(hows)
        if not crash(folder / f"{step}", image, act, step, how):
            return count
        count += 1
    return count


def test_work_survives_a_crash_at_every_step(tmp_path: Path) -> None:
    image = founded(tmp_path / "founded")
    assert crash_everywhere(tmp_path, image, Person.works, 1, CRASHES) > 80


def test_founding_survives_a_crash_at_many_steps(tmp_path: Path) -> None:
    assert crash_everywhere(tmp_path, None, Person.founds, 7, CRASHES) > 15


@pytest.mark.slow
@pytest.mark.parametrize("how", CRASHES)
def test_both_survive_it_in_every_way(tmp_path: Path, how: tuple[When, Loss]) -> None:
    image = founded(tmp_path / "founded")
    assert crash_everywhere(tmp_path / "work", image, Person.works, 1, [how]) > 80
    assert crash_everywhere(tmp_path / "founding", None, Person.founds, 1, [how]) > 100


def test_a_full_disk_at_every_step_loses_nothing_and_work_goes_on_when_there_is_room(tmp_path: Path) -> None:
    image = founded(tmp_path / "founded")
    for step in itertools.count(1, 2):
        disk = VirtualDisk(tmp_path / str(step), seed=step)
        disk.roll_back(image)
        person = Person(disk, ["founded"])
        disk.full_from(step)
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
        if number % 2:
            closed.add([Closing("removal", made.id, person(f"who {number}").key, change.hash)])
        with store.transaction():
            store.add_change(made.id, change, SEAL, facts_of(change))
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
    logged = {closing.change for closing in closed.closings()}
    assert logged >= {change for number, change in enumerate(here) if number % 2}
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
