"""The stage of the demo: a relay process on loopback, and three members around it, in one folder.

The relay is a process of its own, as a cohort would run it; this package never imports it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from moot_client.demo import sample
from moot_client.demo.cast import Cast, Player
from moot_client.home import Home
from moot_client.replica.commands import MakeInvite
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.joining import host, join
from moot_shared.errors import ConnectionTrouble

ADDRESS, KEY = "Address", "Hosting key"


@dataclass(frozen=True, slots=True)
class Relay:
    """A running relay: where it answers, and the key that puts a community on it."""

    url: str
    hosting_key: str


@contextmanager
def relay(folder: Path) -> Iterator[Relay]:
    """A relay on a free port of loopback, ended when the demo ends."""
    words = ["relay", "--host", "127.0.0.1", "--port", "0", "--data", str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-m", "moot_shared", *words],
        stdout=subprocess.PIPE,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    try:
        yield _announced(process)
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _announced(process: subprocess.Popen[str]) -> Relay:
    """Read the address and the key off what the relay says when it starts."""
    found: dict[str, str] = {}
    for line in process.stdout or ():
        name, _, value = line.partition(":")
        found[name.strip()] = value.strip()
        if ADDRESS in found and KEY in found:
            return Relay(found[ADDRESS], found[KEY])
    raise ConnectionTrouble("The relay of the demo did not start. What it says stands above.")


def home_of(folder: Path, name: str) -> Home:
    """Where a member of the demo lives."""
    return Home(folder / name.lower())


@contextmanager
def cast_of(folder: Path, at: Relay) -> Iterator[Cast]:
    """Found the community, put it on the relay, and bring the guest and the visitor in."""
    place = found_community(home_of(folder, sample.FOUNDER), sample.COMMUNITY, sample.FOUNDER)
    founder = Replica.open(place)
    host(founder, at.url, at.hosting_key)
    players = [Player(sample.FOUNDER, founder)]
    for name in (sample.GUEST, sample.VISITOR):
        line = founder.do(MakeInvite())
        players[0].meet()
        players.append(Player(name, Replica.open(join(home_of(folder, name), line, name))))
    try:
        yield Cast(players[0], players[1], players[2])
    finally:
        for player in players:
            player.replica.close()


@contextmanager
def cast_again(folder: Path) -> Iterator[Cast]:
    """The founder and the guest of a stage that was set before, in a process of their own."""
    names = (sample.FOUNDER, sample.GUEST)
    founder, guest = (Player(n, Replica.open(home_of(folder, n).place())) for n in names)
    try:
        yield Cast(founder, guest, guest)
    finally:
        for player in (founder, guest):
            player.replica.close()
