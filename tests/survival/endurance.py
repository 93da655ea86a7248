"""Twenty members of one relay for minutes, their sockets dropped all the time: memory stays flat.

A history that grows takes memory, and should. So times at which people write take turns with times at
which nobody writes and connections are only cut: whatever grows in those is nobody's history, and is
what is measured.

    gathering ─▶ warm: writing, cuts, the relay killed once ─▶ (writing, cuts ─▶ only cuts) … ─▶ peace
"""

from __future__ import annotations

import asyncio
import gc
import random
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

from moot_client.sync.conversation import Patience
from moot_client.sync.journey import Rhythm
from tests.survival.growth import Growth
from tests.survival.ledger import Ledger
from tests.survival.member import Member, acting, gather
from tests.survival.peace import at_peace, check
from tests.survival.relay import Relay, ground, quiet_port
from tests.survival.vitals import vitals
from tests.survival.watch import Watch

WARM = 0.2
"""Which part of the time is for coming to a steady state."""
TURN_S = 20.0
"""How long one turn of writing or of cutting is, at the most."""
BURST_S, CUT_S, RARE_CUT_S = 3.0, 0.15, 1.0
"""So often some write at once, and a connection is cut: where nobody writes, and where people do."""
RHYTHM = Rhythm(inbox=0.5, first_try=0.05, last_try=0.5)
PATIENCE = Patience(welcome=5.0, answer=20.0, quiet=0.5)

Say = Callable[[str], None]


async def endure(seed: int, seconds: float, members: int = 20, say: Say = lambda _: None) -> Growth:
    """For so many seconds; Failed where somebody lacks something, or something is not given back."""
    folder, dice = ground(), random.Random(f"endurance {seed}")
    relay = Relay(folder / "relay", quiet_port(dice.randrange(10_000)))
    try:
        return await _endure(folder, relay, dice, seconds, members, say)
    finally:
        relay.kill()
        shutil.rmtree(folder, ignore_errors=True)


async def _endure(
    folder: Path, relay: Relay, dice: random.Random, seconds: float, number: int, say: Say
) -> Growth:
    await relay.up()
    names = [f"member{index}" for index in range(number)]
    replicas = await asyncio.to_thread(gather, folder, relay, names)
    async with AsyncExitStack() as stack:
        watch, ledger = Watch(), Ledger()
        threads = stack.enter_context(acting(1))  # more would each open every store
        town = []
        for name, replica in zip(names, replicas, strict=True):
            member = Member(
                name, replica, random.Random(dice.random()), ledger, watch, rhythm=RHYTHM, patience=PATIENCE
            )
            stack.push_async_callback(member.end)
            town.append(member)
            member.begin()
        long_time = LongTime(relay, town, watch, dice, threads, say)
        figures = await long_time.pass_(seconds)
        relay.stop()
        check(town, relay, ledger)
        figures.judge()
        figures.words = len(ledger.words)
        figures.changes = sum(seq for seq, _ in replicas[0].version().values())
        return figures


class LongTime:
    """The turns, and what is measured between them."""

    def __init__(
        self, relay: Relay, members: list[Member], watch: Watch, dice: random.Random,
        threads: ThreadPoolExecutor, say: Say,
    ) -> None:  # fmt: skip
        self._relay = relay
        self._members = members
        self._watch = watch
        self._dice = dice
        self._threads = threads
        self._say = say
        self._began = time.monotonic()
        self.figures = Growth(len(members))

    async def pass_(self, seconds: float) -> Growth:
        """Turn after turn."""
        await at_peace(self._members, self._watch)
        await self._act(self._members)
        await self._writing(seconds * WARM / 2)
        self._relay.kill()
        await self._relay.up()
        await self._writing(seconds * WARM / 4)
        await self._cutting(seconds * WARM / 4)
        await self._measure("warm")
        tasks = len(asyncio.all_tasks())
        turns = max(1, round(seconds * (1 - WARM) / (2 * TURN_S)))
        turn = seconds * (1 - WARM) / (2 * turns)
        for _ in range(turns):
            await self._writing(turn)
            await self._measure("writing")
            before = self.figures.cuts
            await self._cutting(turn)
            self.figures.quiet_cuts += self.figures.cuts - before
            await self._measure("cuts")
        self.figures.seconds = time.monotonic() - self._began
        await self._watch.until(lambda: len(asyncio.all_tasks()) <= tasks, "all tasks of connections end")
        return self.figures

    async def _writing(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        bursts, cuts = 0.0, 0.0
        while (now := time.monotonic()) < until:
            if now >= bursts:
                bursts = now + BURST_S
                await self._act(self._dice.sample(self._members, 3))
            if now >= cuts:
                cuts = now + RARE_CUT_S
                self._cut()
            await self._pause(min(bursts, cuts, until) - time.monotonic())

    async def _act(self, members: list[Member]) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._threads, each.act) for each in members))

    async def _closed(self) -> None:
        """Until the last sockets that were cut are closed on either side, if they ever are."""
        if self.figures.curve:
            _, _, relay, members = self.figures.curve[0]
            for _ in range(100):
                here = vitals()
                there = vitals(self._relay.process.pid)
                if there.handles <= relay.handles and here.handles <= members.handles:
                    break
                await self._pause(0.1)

    async def _cutting(self, seconds: float) -> None:
        await at_peace(self._members, self._watch)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._cut()
            await self._pause(CUT_S)

    def _cut(self) -> None:
        self.figures.cuts += self._dice.choice(self._members).cut()

    async def _pause(self, seconds: float) -> None:
        await self._watch.within(lambda: False, max(0.0, seconds))

    async def _measure(self, what: str) -> None:
        """Once everybody is at peace, and has signed for what they have."""
        await at_peace(self._members, self._watch)
        await self._pause(2 * PATIENCE.quiet)
        await self._closed()
        gc.collect()
        at = time.monotonic() - self._began
        self.figures.curve.append((at, what, vitals(self._relay.process.pid), vitals()))
        self._say(self.figures.lines()[-1])
