"""The ways in which a member's Moot dies, while two others go on."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from pathlib import Path

from moot_client.home import Home
from moot_client.replica.commands import MakeInvite
from tests.survival.arriving import arrive, begin
from tests.survival.ledger import Ledger, words_in
from tests.survival.member import Member, acting
from tests.survival.relay import Relay, copied
from tests.survival.victim import Running, Victim
from tests.survival.watch import Failed

DRIVER = "tests.survival.client"


@dataclass
class Figures:
    """What was done."""

    kills: int = 0
    words: int = 0
    checked: int = 0
    drafts: int = 0
    commands: int = 0
    """That ended by themselves although another process died beside them, or before they were shot at."""
    arrivals: int = 0

    def __str__(self) -> str:
        return (
            f"client: {self.kills} kills, {self.words} words and {self.drafts} drafts, {self.checked} looked "
            f"for after a kill; {self.commands} commands done meanwhile, {self.arrivals} times come or begun"
        )


class Scene:
    """One member whose processes die, and two others who go on."""

    def __init__(
        self, folder: Path, relay: Relay, members: list[Member], victim: Victim, dice: random.Random,
        figures: Figures,
    ) -> None:  # fmt: skip
        self.victim = victim
        self._folder = folder
        self._relay = relay
        self._others = list(members)
        self._dice = dice
        self._figures = figures
        self._number = 0
        self._joined: list[str] = []
        self._lasting: set[str] = set()
        """Reasons of votes: said again with the next vote, or not said where the issue was closed."""
        self._line = members[0].replica.do(MakeInvite(uses=None))
        (self._issue,) = members[0].replica.store.read(
            "SELECT handle FROM record WHERE kind = 'issue' ORDER BY created LIMIT 1"
        )[0]
        self._watch = members[0].watch

    async def kill(self) -> None:
        """Once or twice, in one of the ways; afterwards the store has been looked at."""
        self._number += 1
        threads, loop = acting(2), asyncio.get_running_loop()
        acts = [loop.run_in_executor(threads, m.act) for m in self._others if self._dice.random() < 0.5]
        ways = (self._driver, self._beside, self._command, self._sync, self._arrival)
        (way,) = self._dice.choices(ways, weights=(9, 4, 4, 1, 2))
        await way()
        await asyncio.gather(*acts)
        threads.shutdown()
        self.victim.look(self._signed(), again=self._dice.random() < 0.5)

    async def _driver(self) -> None:
        """A Moot that is open, and writes: while it starts, or after so many words."""
        running, dice = await self._open(), self._dice
        if dice.random() < 0.15:
            await self._later(0.6)
        else:
            lines = dice.randint(1, 25)
            await self._watch.until(lambda: len(running.lines) >= lines, "a Moot says something")
            await self._later(0.02)
        await self._shoot(running)
        self.victim.heard(running.lines)

    async def _beside(self) -> None:
        """Commands by way of another Moot's inbox, of which one dies meanwhile."""
        driver = await self._open()
        await self._watch.until(lambda: len(driver.lines) > 0, "a Moot is ready")
        said = [await self._saying() for _ in range(self._dice.randint(1, 2))]
        await self._later(0.6)
        if self._dice.random() < 0.3:
            await self._shoot(said[0][0])
            await self._later(0.1)
        await self._shoot(driver)
        self.victim.heard(driver.lines)
        for running, word in said:
            await self._told(running, word)

    async def _command(self) -> None:
        """One command alone."""
        running, word = await self._saying()
        await self._later(0.45)
        await self._shoot(running)
        await self._told(running, word)

    async def _sync(self) -> None:
        """`moot sync`: where it says that all is stored, all is stored."""
        running, word = await self._saying()
        await self._told(running, word)
        syncing = await self.victim.run("sync")
        if self._dice.random() < 0.7:
            await self._later(0.6)
            await self._shoot(syncing)
        await syncing.end()
        if syncing.lines and running.lines:
            with copied(self._relay.folder / "relay.db") as db:
                if word.encode() not in words_in(db):
                    raise Failed(f"moot sync said that everything is stored; the relay does not have {word}.")

    async def _arrival(self) -> None:
        """Coming to a community, or founding one, on a machine where nothing is yet."""
        name = f"new{self._number}"
        guest = Victim(name, self._folder / name, Ledger(), self._watch)
        if self._dice.random() < 0.6:
            await arrive(guest, self._line, self._dice, self._shoot)
            self._joined.append(name)
        else:
            await begin(guest, self._dice, self._shoot)
        self._figures.arrivals += 1

    # -- how -------------------------------------------------------------------------------------------

    async def _open(self) -> Running:
        prefix = f"joon{self._number}"
        seed = str(self._dice.randrange(1 << 62))
        return await self.victim.run(str(self.victim.home), prefix, seed, module=DRIVER)

    async def _saying(self) -> tuple[Running, str]:
        """A command that says a word."""
        self._number += 1
        word = f"line{self._number}x"
        ways = (
            ("issue", "add", word),
            ("comment", self._issue, word),
            ("vote", self._issue, "1", "--why", word),
        )
        words = self._dice.choice(ways)
        if words[0] == "vote":
            self._lasting.add(word)
        return await self.victim.run(*words), word

    async def _told(self, running: Running, word: str) -> None:
        """What it printed was done, once; what was not printed may have been."""
        code = await running.end()
        if code > 0 and word not in self._lasting:
            raise Failed(f"A command could not be done beside a Moot that died: {running.trouble.strip()}")
        if code == 0:
            self._figures.commands += 1
        if running.lines:
            self.victim.said([word])
            self.victim.once += {word} - self._lasting

    async def _later(self, most: float) -> None:
        await self.victim.pause(self._dice.uniform(0.0, most))

    async def _shoot(self, running: Running) -> None:
        running.shoot()
        if await running.end() < 0:
            self._figures.kills += 1

    def _signed(self) -> dict[bytes, bytes]:
        """What the victim's machines have signed for, as another member knows it."""
        rows = self._others[0].replica.store.read("SELECT actor, heads FROM receipt")
        key = self.victim.place.identity().public_key
        return {actor: heads for actor, heads in rows if actor.startswith(key)}

    def check(self) -> None:
        """At the end: drafts stayed where they were, and whoever came is a member."""
        with self._relay.disk() as db:
            said = words_in(db)
        for word in self.victim.drafts.values():
            if word.encode() in said:
                raise Failed(f"{word}, a draft of {self.victim.name}, is at the relay.")
        members = {key for (key,) in self._others[0].replica.store.read("SELECT key FROM member")}
        for name in self._joined:
            if Home(self._folder / name).place().key_text not in members:
                raise Failed(f"{name} has joined, and is no member.")
