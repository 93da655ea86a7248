"""A machine that dies while its member joins or founds a community: done once more, it is done."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable

from tests.survival.victim import Running, Victim
from tests.survival.watch import Failed

STARTED_S, LASTS_S = 0.15, 0.9
ALREADY = "already"

Shoot = Callable[[Running], Awaitable[None]]


async def arrive(guest: Victim, line: str, dice: random.Random, shoot: Shoot) -> None:
    """`moot join` dies, perhaps twice; then it is let go on, and the guest can say something and sync."""
    for _ in range(dice.randint(1, 2)):
        await _dies(await guest.run("join", line, "--as", guest.name), guest, dice, shoot)
    again = await guest.run("join", line, "--as", guest.name)
    if await again.end() != 0 and ALREADY not in again.trouble:
        raise Failed(f"A join that was cut off cannot be done again: {again.trouble.strip()}")
    await _works(guest, ("sync",), ("issue", "add", f"{guest.name} is here"), ("sync",))


async def begin(guest: Victim, dice: random.Random, shoot: Shoot) -> None:
    """`moot found` dies; then it is done again, and every community that is listed can be used."""
    words = ("found", "Southern cohort", "--as", guest.name)
    await _dies(await guest.run(*words), guest, dice, shoot)
    listed = await guest.run("communities")
    await listed.end()
    if not any("Southern" in line for line in listed.lines):
        await _works(guest, words)
    await _works(guest, ("issue", "add", "First"), ("issues",), ("verify",))


async def _dies(running: Running, guest: Victim, dice: random.Random, shoot: Shoot) -> None:
    await guest.pause(dice.uniform(STARTED_S, LASTS_S))
    await shoot(running)


async def _works(guest: Victim, *commands: tuple[str, ...]) -> None:
    for words in commands:
        running = await guest.run(*words)
        if await running.end() != 0:
            raise Failed(f"moot {' '.join(words)} does not work after a kill: {running.trouble.strip()}")
