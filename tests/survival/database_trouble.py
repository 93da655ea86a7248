"""Two relays over one database; each of them dies, and so does the database, while members are at work.

    members act ─▶ a mishap: kill -9 of one relay, the database ends as if its machine had, its connections
    are cut ─▶ what was called stored is held against the database ─▶ everybody comes to have the same

Members find the relays as behind a proxy: under one name, the next one where one does not answer.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import psycopg
from typing_extensions import override
from websockets.asyncio.client import ClientConnection

from moot_client.replica.verify import derived_rows
from moot_shared.errors import ConnectionTrouble
from tests.helpers.postgres import Postgres, running
from tests.survival.ledger import Ledger, log_of, words_in
from tests.survival.member import Member, acting, gather
from tests.survival.peace import at_peace
from tests.survival.relay import Relay, ground, quiet_port
from tests.survival.watch import Failed, Watch

NAMES = ("Mara", "Joon", "Ines", "Tariq")
Mishap = Literal["nothing", "a relay", "the database", "its connections", "its listeners", "a restart"]
COMMUNITY = 24
"""So many mishaps of one community's; then another one begins, so that each stays cheap to look at."""
MISHAPS: tuple[Mishap, ...] = get_args(Mishap)
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


@dataclass
class Figures:
    """What was done."""

    mishaps: list[Mishap] = field(default_factory=list)
    words: int = 0
    claims: int = 0


class Roaming(Member):
    """A member whose machine is led to the next relay by a proxy: all of them have the first one's name."""

    relays: list[Relay]
    turn = 0

    @override
    async def _dial(self, url: str) -> ClientConnection:
        for _ in self.relays:
            relay = self.relays[self.turn % len(self.relays)]
            try:
                return await super()._dial(f"ws://127.0.0.1:{relay.port}")
            except ConnectionTrouble:
                self.turn += 1
        raise ConnectionTrouble("No relay answers.")


class Town:
    """A community, its relays, and the database behind them."""

    def __init__(self, relays: list[Relay], postgres: Postgres, url: str, dice: random.Random) -> None:
        self.relays = relays
        self.members: list[Roaming] = []
        self.watch = Watch()
        self.ledger = Ledger(hear=self.watch.news_from_afar)
        self._postgres = postgres
        self._url = url
        self._dice = dice

    async def suffer(self, mishap: Mishap) -> None:
        """Everybody is at work, and something happens; in the end everybody has everything."""
        claims, loop = self.ledger.claims, asyncio.get_running_loop()
        threads = acting(len(self.members))
        acts = [
            loop.run_in_executor(threads, member.act)
            for member in self.members
            for _ in range(self._dice.choice((1, 2, 4)))
        ]
        await self.watch.within(lambda: self.ledger.claims > claims, 5.0)
        await self._happen(mishap)
        await asyncio.gather(*acts)
        threads.shutdown()
        await at_peace(self.members, self.watch)
        self._look()

    async def _happen(self, mishap: Mishap) -> None:
        match mishap:
            case "nothing":
                pass
            case "a relay":
                relay = self._dice.choice(self.relays)
                relay.shoot()
                await relay.up()
            case "the database":
                await asyncio.to_thread(self._postgres.stop, "immediate")
                await asyncio.to_thread(self._postgres.start)
            case "a restart":
                await asyncio.to_thread(self._postgres.stop, "fast")
                await asyncio.to_thread(self._postgres.start)
            case "its connections":
                await asyncio.to_thread(self._postgres.ask, CUT, self._url)
            case "its listeners":
                await asyncio.to_thread(self._postgres.ask, f"{CUT} AND query LIKE 'LISTEN%'", self._url)

    def _look(self) -> None:
        """Hold the database against what everybody was told, and everybody against one another."""
        db: Any = psycopg.connect(self._url, options="-c search_path=moot")
        with closing(db):
            log, said = log_of(db), words_in(db)
        rows = derived_rows(self.members[0].replica.reader())
        for member in self.members:
            self.ledger.hold(member.name, member.key, log, member.log())
            if member.log() != log:
                raise Failed(f"{member.name} and the database do not have the same.")
            if derived_rows(member.replica.reader()) != rows:
                raise Failed(f"{member.name} shows other rows than {self.members[0].name}.")
        for word, name in self.ledger.words.items():
            if word.encode() not in said:
                raise Failed(f"{word}, which {name} said, is lost.")


async def suffer(seed: int, mishaps: list[Mishap], say: Callable[[str], None] = lambda _: None) -> Figures:
    """All of these, one after the other; Failed, with what was promised and does not hold."""
    folder, dice = ground(), random.Random(f"database {seed} {mishaps}")
    try:
        with running() as postgres:
            return await _suffer(folder, postgres, dice, mishaps, say)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def trouble_databases(seed: int, number: int, say: Callable[[str], None] = lambda _: None) -> None:
    """So many mishaps, each kind as often as the others, in an order of the dice's; Failed as above."""
    dice = random.Random(f"database {seed}")
    mishaps = [MISHAPS[each % len(MISHAPS)] for each in range(number)]
    dice.shuffle(mishaps)
    for first in range(0, number, COMMUNITY):
        await suffer(seed + first, mishaps[first : first + COMMUNITY], say)


async def _suffer(
    folder: Path, postgres: Postgres, dice: random.Random, mishaps: list[Mishap], say: Callable[[str], None]
) -> Figures:
    url, figures = postgres.database(), Figures()
    ports = [quiet_port(dice.randrange(10_000)) for _ in range(2)]
    more = {"MOOT_RELAY_DATABASE": url}
    options = ("--name", f"127.0.0.1:{ports[0]}", "--name", f"127.0.0.1:{ports[1]}")
    relays = [
        Relay(folder / f"relay {number}", port, more=more, options=options)
        for number, port in enumerate(ports)
    ]
    async with AsyncExitStack() as stack:
        for relay in relays:
            stack.callback(relay.kill)
            await relay.up()
        replicas = await asyncio.to_thread(gather, folder, relays[0], NAMES)
        town = Town(relays, postgres, url, dice)
        for number, (name, replica) in enumerate(zip(NAMES, replicas, strict=True)):
            member = Roaming(name, replica, random.Random(dice.randrange(1 << 62)), town.ledger, town.watch)
            member.relays, member.turn = relays, number
            stack.push_async_callback(member.end)
            town.members.append(member)
        for member in town.members:
            member.begin()
        await at_peace(town.members, town.watch)
        for mishap in mishaps:
            await town.suffer(mishap)
            figures.mishaps.append(mishap)
            say(f"{mishap}: {len(town.ledger.words)} words, {town.ledger.claims} times 'stored'")
        figures.words, figures.claims = len(town.ledger.words), town.ledger.claims
    return figures
