"""A member's Moot is killed at any moment: what it said is in its store, and in the end with everybody.

a member who has the interface's engine open, writes and syncs        (client.py)
one command of the command line, with or without such a Moot beside it
`moot sync`, `moot join` and `moot found`
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from moot_client.replica.replica import Replica
from tests.survival.ledger import Ledger
from tests.survival.member import Member, gather
from tests.survival.peace import at_peace, check
from tests.survival.relay import Relay, ground, quiet_port
from tests.survival.scene import Figures, Scene
from tests.survival.victim import Victim
from tests.survival.watch import Watch

NAMES = ("Mara", "Ines", "Joon")
VICTIM = "Joon"
COMMUNITY = 50

Say = Callable[[str], None]


async def kill_clients(seed: int, number: int, say: Say = lambda _: None) -> Figures:
    """Kill a member's Moot so many times; Failed, with what was promised and does not hold."""
    figures, dice = Figures(), random.Random(f"client {seed}")
    while figures.kills < number:
        folder = ground()
        relay = Relay(folder / "relay", quiet_port(dice.randrange(10_000)))
        try:
            await _community(folder, relay, dice, figures, min(number, figures.kills + COMMUNITY))
            say(str(figures))
        finally:
            relay.kill()
            shutil.rmtree(folder, ignore_errors=True)
    return figures


async def _community(folder: Path, relay: Relay, dice: random.Random, figures: Figures, until: int) -> None:
    await relay.up()
    *replicas, joon = await asyncio.to_thread(gather, folder, relay, NAMES)
    joon.close()
    async with AsyncExitStack() as stack:
        watch, ledger = Watch(), Ledger()
        members: list[Member] = []

        def enter(name: str, replica: Replica) -> None:
            member = Member(name, replica, random.Random(dice.randrange(1 << 62)), ledger, watch)
            stack.push_async_callback(member.end)
            members.append(member)
            member.begin()

        for name, replica in zip(NAMES[:2], replicas, strict=True):
            enter(name, replica)
        await at_peace(members, watch)
        scene = Scene(folder, relay, members, Victim(VICTIM, folder / VICTIM, ledger, watch), dice, figures)
        while figures.kills < until:
            await scene.kill()
        enter(VICTIM, Replica.open(scene.victim.place))
        await at_peace(members, watch)
        relay.stop()
        check(members, relay, ledger)
        scene.check()
        figures.words += len(ledger.words)
        figures.drafts += len(scene.victim.drafts)
        figures.checked += scene.victim.checked
