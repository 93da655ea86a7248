"""A real relay is killed while its members' pages are on the way; what anybody was told of it stays true.

    members act ─▶ at a moment of the dice's choice: kill -9 ─▶ everybody has noticed
    ─▶ its disk is held against what everybody was told ─▶ it starts again ─▶ they come back, by themselves

Its disk is looked at before it starts: afterwards those who have what it lost would bring it back.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.survival.ledger import Ledger, log_of
from tests.survival.member import Member, acting, gather
from tests.survival.peace import at_peace, check
from tests.survival.relay import Relay, ground, quiet_port
from tests.survival.watch import Watch

NAMES = ("Mara", "Joon", "Ines", "Tariq")
COMMUNITY = 100
"""So many kills of one community's relay; then another one begins, so that each stays cheap to look at."""
SAID_ENOUGH_S = 0.15

Say = Callable[[str], None]


@dataclass
class Figures:
    """What was done."""

    kills: int = 0
    while_starting: int = 0
    words: int = 0
    claims: int = 0
    looked_at: int = 0
    """Changes that somebody was told are stored, or had by the relay, counted at each kill."""
    slowest: float = 0.0

    def __str__(self) -> str:
        return (
            f"relay: {self.kills} kills ({self.while_starting} while it started), {self.words} words, "
            f"{self.claims} times 'stored', {self.looked_at} changes looked up after a kill; "
            f"slowest start {self.slowest:.2f} s"
        )


async def kill_relays(
    seed: int, number: int, say: Say = lambda _: None, program: tuple[str, ...] = ("-m", "moot_shared")
) -> Figures:
    """Kill a relay so many times; Failed, with what was promised and does not hold."""
    figures, dice = Figures(), random.Random(f"relay {seed}")
    while figures.kills < number:
        folder = ground()
        port = quiet_port(dice.randrange(10_000))
        relay = Relay(folder / "relay", port, program=program)
        try:
            await _community(folder, relay, dice, figures, min(number, figures.kills + COMMUNITY))
            say(str(figures))
        finally:
            relay.kill()
            shutil.rmtree(folder, ignore_errors=True)
    return figures


async def _community(folder: Path, relay: Relay, dice: random.Random, figures: Figures, until: int) -> None:
    await relay.up()
    replicas = await asyncio.to_thread(gather, folder, relay, NAMES)
    async with AsyncExitStack() as stack:
        town = Town(relay, dice, figures)
        for name, replica in zip(NAMES, replicas, strict=True):
            member = Member(name, replica, _dice(dice), town.ledger, town.watch, tick=town.tick)
            stack.push_async_callback(member.end)
            town.members.append(member)
        for member in town.members:
            member.begin()
        await town.at_peace()
        while figures.kills < until:
            await town.kill()
        await town.at_peace()
        relay.stop()
        check(town.members, relay, town.ledger)
        figures.words += len(town.ledger.words)
        figures.claims += town.ledger.claims
        figures.slowest = max(figures.slowest, relay.slowest)


class Town:
    """A community and its relay."""

    def __init__(self, relay: Relay, dice: random.Random, figures: Figures) -> None:
        self.members: list[Member] = []
        self.watch = Watch()
        self.ledger = Ledger(hear=self.watch.news_from_afar)
        self._relay = relay
        self._dice = dice
        self._figures = figures
        self._heard = {"dialled": 0, "sent": 0}

    def tick(self, what: str) -> None:
        """A member has dialled, or has sent a frame."""
        self._heard[what] += 1
        self.watch.news()

    async def kill(self) -> None:
        """Once, at a moment of the dice's choice; afterwards it has started again, or was killed again."""
        dice, loop = self._dice, asyncio.get_running_loop()
        threads = acting(len(self.members))
        acts = [
            loop.run_in_executor(threads, member.act)
            for member in self.members
            for _ in range(dice.choice((0, 1, 1, 2, 4)))
        ]
        await self._moment()
        self._relay.shoot()
        await asyncio.gather(*acts)
        threads.shutdown()
        await self._look()
        starting = asyncio.create_task(self._relay.up())
        if dice.random() < 0.1:
            starts = self._relay.starts
            await self.watch.within(starting.done, dice.uniform(0.0, 0.4))
            self._relay.shoot()
            await starting
            self._relay.shoot()  # it may have been too early to meet the new process
            self._figures.while_starting += self._relay.starts == starts
            await self._look()
            starting = asyncio.create_task(self._relay.up())
        await starting
        if dice.random() < 0.6:
            await self.at_peace()

    async def _moment(self) -> None:
        """Until it is time: after some frame, some connection or some 'stored', or a little later."""
        dice = self._dice
        what = dice.choice(("sent", "sent", "stored", "dialled"))
        target = self._count(what) + dice.randint(1, 6)
        await self.watch.within(lambda: self._count(what) >= target, SAID_ENOUGH_S)
        await self.watch.within(lambda: False, dice.choice((0.0, dice.uniform(0.0, 0.015))))

    def _count(self, what: str) -> int:
        return self.ledger.claims if what == "stored" else self._heard[what]

    async def _look(self) -> None:
        """Hold the dead relay's disk against what everybody was told."""
        await self.watch.until(
            lambda: not any(member.connected for member in self.members), "everybody notices that it is dead"
        )
        self._figures.kills += 1
        with self._relay.disk() as db:
            log = log_of(db)
        for member in self.members:
            self._figures.looked_at += self.ledger.hold(member.name, member.key, log, member.log())

    async def at_peace(self) -> None:
        """Until everybody is back and has everything."""
        await at_peace(self.members, self.watch)


def _dice(dice: random.Random) -> random.Random:
    return random.Random(dice.randrange(1 << 62))
