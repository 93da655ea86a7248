"""A member whose Moot processes are killed: what they said on stdout, and what their store has of it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from moot_client.home import Home, Place
from moot_client.replica.replica import Replica
from tests.helpers.relay_process import ROOT, environment
from tests.survival.ledger import Ledger, log_of, words_in
from tests.survival.relay import copied
from tests.survival.watch import PATIENCE_S, Failed, Watch


class Running:
    """One process: its lines as they come, and its end."""

    def __init__(self, process: Process, watch: Watch) -> None:
        self.lines: list[str] = []
        self.trouble = ""
        self._process = process
        self._watch = watch
        self._reading = asyncio.gather(self._read(), self._listen())

    async def _read(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            self.lines.append(line.decode().rstrip("\n"))
            self._watch.news()

    async def _listen(self) -> None:
        assert self._process.stderr
        self.trouble = (await self._process.stderr.read()).decode()

    def shoot(self) -> None:
        """kill -9, if it still runs."""
        if self._process.returncode is None:
            self._process.kill()

    async def end(self) -> int:
        """Its exit code, once it has ended and all that it said was read; Failed where it does not end."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._reading
                code = await self._process.wait()
        except TimeoutError as error:
            self.shoot()
            raise Failed(f"A Moot process does not end; it said: {self.lines[-3:]}") from error
        if "Traceback" in self.trouble or "inside Moot" in self.trouble:
            raise Failed(f"A Moot process broke: {self.trouble}")
        return code


class Victim:
    """A home, and everything that its processes said is in it."""

    def __init__(self, name: str, home: Path, ledger: Ledger, watch: Watch) -> None:
        self.name = name
        self.home = home
        self.drafts: dict[str, str] = {}
        self.once: list[str] = []
        """Words that were said exactly once."""
        self.checked = 0
        """How many words, drafts and claims were looked for after a kill."""
        self._claims: dict[bytes, int] = {}
        self._fresh: list[str] = []
        self._ledger = ledger
        self._watch = watch

    @property
    def place(self) -> Place:
        """The community's folder."""
        return Home(self.home).place()

    async def run(self, *words: str, module: str = "moot_shared") -> Running:
        """A process at this home."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *words, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=ROOT,
            env=environment(MOOT_HOME=str(self.home)),
        )  # fmt: skip
        return Running(process, self._watch)

    async def pause(self, seconds: float) -> None:
        """Let its processes go on for so long."""
        await self._watch.within(lambda: False, seconds)

    def heard(self, lines: list[str]) -> None:
        """What a driver said before it died (see client.py) is written down."""
        for line in lines:
            what, _, rest = line.partition(" ")
            words = rest.split()
            if what == "said":
                self.said(words)
            elif what == "draft":
                self.drafts[words[0]] = words[1]
            elif what == "stored":
                actor = bytes.fromhex(words[0])
                self._claims[actor] = max(int(words[1]), self._claims.get(actor, 0))
            elif what == "broken":
                raise Failed(f"{self.name}'s Moot found trouble when it began: {rest}")

    def said(self, words: list[str]) -> None:
        """Some process said that these words are on this machine."""
        self._ledger.said(self.name, words)
        self._fresh += words

    # -- after a kill ----------------------------------------------------------------------------------

    def look(self, signed: Mapping[bytes, bytes], *, again: bool) -> None:
        """Failed where anything that was said is not there.

        `signed`: actor -> the heads that its receipt names at another member. `again`: open it as the
        next Moot would; else look at a copy, so that the next Moot finds it as it was left.
        """
        if again:
            with closing(Replica.open(self.place)) as replica:
                if replica.notice:
                    raise Failed(f"{self.name}'s store was damaged: {replica.notice}")
                if not replica.become_writer():
                    raise Failed(f"{self.name}'s dead Moot still holds the lock.")
                self._look(replica.store.db, signed)
        else:
            with copied(self.place.store) as db:
                self._look(db, signed)

    def _look(self, db: sqlite3.Connection, signed: Mapping[bytes, bytes]) -> None:
        said = words_in(db)
        for word in self._fresh:
            if word.encode() not in said:
                raise Failed(f"{self.name} was told that {word} is on this machine; it is not.")
        for word in self.once:
            if said.count(word.encode()) != 1:
                raise Failed(f"{word} was said once, and is there {said.count(word.encode())} times.")
        drafts = dict(db.execute("SELECT subject, fields FROM draft").fetchall())
        for subject, word in self.drafts.items():
            if word not in json.loads(drafts.get(subject, "{}")).values():
                raise Failed(f"{self.name} was told that the draft {word} is saved; it is not there.")
        self._look_at_claims(db, signed)
        self.checked += len(self._fresh) + len(self.once) + len(self.drafts)
        self._fresh, self.once = [], []

    def _look_at_claims(self, db: sqlite3.Connection, signed: Mapping[bytes, bytes]) -> None:
        stored = dict(db.execute("SELECT actor, seq FROM stored").fetchall())
        for actor, seq in self._claims.items():
            if stored.get(actor, 0) < seq:
                raise Failed(f"{self.name} was told that {seq} changes are stored, and no longer knows it.")
        here = {change_hash for log in log_of(db).values() for change_hash in log.values()}
        for actor, heads in signed.items():
            missing = [at for at in range(0, len(heads), 32) if heads[at : at + 32] not in here]
            if missing:
                raise Failed(f"{self.name}'s machine {actor[32:].hex()} signed for what it does not have.")
        self.checked += len(self._claims) + len(signed)
