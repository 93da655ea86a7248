"""A cohort in one process: members with homes of their own, and changes carried by hand."""

from __future__ import annotations

import copy
import json
import os
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from moot_client.home import Home
from moot_client.replica import continuity
from moot_client.replica.commands import Create, Edit, Say
from moot_client.replica.founding import found_community, prepare_join
from moot_client.replica.outside import Outside
from moot_client.replica.replica import Replica
from moot_client.replica.verify import derived_rows
from moot_shared.identity import Identity
from moot_shared.trust.lines import InviteLine, parse_line
from moot_shared.trust.seal import Sealed

RELAY = "ws://relay.example"


@dataclass
class Clock:
    """A clock that moves a second with every look."""

    milliseconds: int = 1_760_000_000_000

    def __call__(self) -> int:
        self.milliseconds += 1000
        return self.milliseconds


def outside(seed: int) -> Outside:
    """A clock and dice that are the same in every run."""
    return Outside(now=Clock(), random=random.Random(seed).randbytes)


def founder(folder: Path, name: str = "Mara", community: str = "Northern cohort", seed: int = 1) -> Replica:
    """A new community, and its founder's replica."""
    around = outside(seed)
    place = found_community(Home(folder), community, name, outside=around)
    replica = Replica.open(place, around)
    replica.set_relay_url(RELAY)
    return replica


def joiner(folder: Path, host: Replica, name: str, seed: int, role: str = "member") -> Replica:
    """A member who came by an invite of `host`, and has everything."""
    from moot_client.replica.commands import MakeInvite

    line = parse_line(host.do(MakeInvite(role=role)))
    assert isinstance(line, InviteLine)
    around = outside(seed)
    identity = Identity.generate(around.random)
    place = prepare_join(
        Home(folder), line.community, identity, name, line.name_of_community, line.url, around
    )
    replica = Replica.open(place, around)
    carry(host, replica)
    replica.join(line.secret)
    carry(replica, host)
    return replica


def carry(source: Replica, target: Replica) -> int:
    """Bring everything that `target` lacks; how many changes were new. Nothing honest is refused."""
    batch: list[Sealed] = list(source.lacking(target.version()))
    received = target.receive(batch, home=True)
    assert not received.refused, received.refused
    assert not received.waiting
    return received.new


def settle(*replicas: Replica) -> None:
    """Carry everything to everybody."""
    for _ in range(2):
        for source in replicas:
            for target in replicas:
                if source is not target:
                    carry(source, target)


def rows(replica: Replica) -> dict[str, list[str]]:
    """Every derived row, as it must be equal on all machines."""
    return {table: found for table, found in derived_rows(replica.reader()).items() if table != "fact"}


def values(replica: Replica, key: str) -> dict[str, Any]:
    """A record's values, prose as text."""
    (value,) = replica.reader().execute("SELECT value FROM record WHERE key = ?", (key,)).fetchone()
    plain = json.loads(value)
    return {n: "\n\n".join(p[1] for p in v) if isinstance(v, list) else v for n, v in plain.items()}


def paragraphs(replica: Replica, key: str, name: str) -> list[list[Any]]:
    """A prose field's paragraphs: element, text, author, doubled."""
    (value,) = replica.reader().execute("SELECT value FROM record WHERE key = ?", (key,)).fetchone()
    found: list[list[Any]] = json.loads(value)[name]
    return found


@dataclass(frozen=True)
class Made:
    """A cohort that was founded, each in a folder by number, and where the clock and dice of each stand."""

    folder: tempfile.TemporaryDirectory[str]
    around: list[Outside]


def _founded(folder: Path, size: int) -> list[Replica]:
    first = founder(folder / "0")
    replicas = [first]
    for number, name in list(enumerate(("Joon", "Ines", "Tariq"), 1))[: size - 1]:
        replicas.append(joiner(folder / str(number), first, name, seed=10 + number))
    settle(*replicas)
    return replicas


def prepare() -> None:
    """Found those that are copied, before any test has put something else in the place of something."""
    for size in range(1, 5):
        _made(size)


@cache
def _made(size: int) -> Made:
    """Founded once a process: whoever wants a cohort gets a copy, which costs a fifth."""
    made = Made(tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")), [])
    for replica in _founded(Path(made.folder.name), size):
        made.around.append(replica.outside)
        replica.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        replica.close()
    return made


def _again(around: Outside) -> Outside:
    """A clock and dice that go on from there, however often."""
    return replace(around, now=copy.deepcopy(around.now), random=copy.deepcopy(around.random))


def _the_same(replica: Replica) -> Replica:
    """The copy goes on as the machine that it is a copy of: nobody opens that one any more."""
    with replica.store.writing():
        replica.store.set_own("file", continuity._file(replica.store.path, replica.outside.disk.files))
    assert replica.become_writer()
    return replica


@dataclass
class Cohort:
    """Three members who have everything of one another."""

    folder: Path
    size: int = 3
    replicas: list[Replica] = field(default_factory=list)
    anew: bool = False
    """Whether to found it here and now, under whatever a test has put in place of something."""

    def __enter__(self) -> list[Replica]:
        if self.anew:
            self.replicas += _founded(self.folder, self.size)
            return self.replicas
        made = _made(self.size)
        for number, around in enumerate(made.around):
            shutil.copytree(Path(made.folder.name) / str(number), self.folder / str(number))
            place = Home(self.folder / str(number)).place()
            self.replicas.append(_the_same(Replica.open(place, _again(around))))
        return self.replicas

    def __exit__(self, *_: object) -> None:
        for replica in self.replicas:
            replica.close()


def issue(replica: Replica, title: str = "Handover loses facts", **fields: Any) -> str:
    """A new issue; its key."""
    key: str = replica.do(Create("issue", {"title": title, **fields}))
    return key


def vote(replica: Replica, key: str, dots: int, why: str = "") -> None:
    """Dots on an issue."""
    replica.do(Say("vote", key, {"dots": dots, "why": why}))


def rewrite(replica: Replica, key: str, name: str, text: str) -> None:
    """Replace a prose field's text, from what stands now."""
    replica.do(Edit(key, {name: text}))


def each_pair(replicas: list[Replica]) -> Iterator[tuple[Replica, Replica]]:
    """All ordered pairs."""
    for source in replicas:
        for target in replicas:
            if source is not target:
                yield source, target


def ballots(db: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """(person, issue, dots) of everybody's ballots with dots on them, whether they count or not."""
    return db.execute("SELECT person, issue, dots FROM ballot WHERE dots > 0").fetchall()


def votes_on(db: sqlite3.Connection, key: str) -> dict[str, int]:
    """person -> their dots on one issue."""
    return {person: dots for person, on, dots in ballots(db) if on == key}
