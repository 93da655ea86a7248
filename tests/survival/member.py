"""A member in this process: the product's replica and engine over real sockets, and what they were told."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from websockets.asyncio.client import ClientConnection

from moot_client.home import Home
from moot_client.replica.commands import Create, MakeInvite
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.connection import dial
from moot_client.sync.conversation import Means, Patience
from moot_client.sync.engine import Engine
from moot_client.sync.events import Event, Offline, Online
from moot_client.sync.joining import host, join
from moot_client.sync.journey import Rhythm
from moot_client.sync.once import sync_once
from moot_shared.errors import InputError
from tests.helpers.relay_process import RelayProcess
from tests.simulation.acts import People, something
from tests.survival.ledger import Ledger, Log, log_of
from tests.survival.watch import Watch

QUICK = Rhythm(inbox=0.25, writer=0.02, first_try=0.01, last_try=0.05)
PATIENCE = Patience(welcome=5.0, answer=20.0, quiet=0.02)
Hear = Callable[[str], None]


class Words(People):
    """Dice, and a vocabulary of one's own: nobody else types these words."""

    def __init__(self, dice: random.Random, prefix: str) -> None:
        super().__init__(dice)
        self._prefix = prefix
        self._number = 0

    def token(self) -> str:
        self._number += 1
        return f"{self._prefix}x{self._number}x"


class Member:
    """One of the community. `tick` hears 'dialled' and 'sent' in the loop's own thread."""

    def __init__(
        self, name: str, replica: Replica, dice: random.Random, ledger: Ledger, watch: Watch,
        rhythm: Rhythm = QUICK, patience: Patience = PATIENCE, tick: Hear = lambda _: None,
    ) -> None:  # fmt: skip
        self.name = name
        self.replica = replica
        self.online = False
        self.connected = False
        """Whether a connection was opened of which the end was not told yet."""
        self.socket: ClientConnection | None = None
        self.watch = watch
        self._ledger = ledger
        self._tick = tick
        self._words = Words(dice, name.lower())
        means = Means(self._dial, patience=patience)
        self._engine = Engine(replica, self._hear, means, rhythm)
        self._task: asyncio.Task[None] | None = None
        self._note_claims()

    def begin(self) -> None:
        """Keep in touch with the relay from now on."""
        self._task = asyncio.create_task(self._engine.run())
        self._task.add_done_callback(self.watch.fail)

    async def end(self) -> None:
        """Let go of everything."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._task
        self.replica.close()

    def hurry(self) -> None:
        """Try now."""
        self._engine.hurry()

    def act(self) -> None:
        """Do something, anything; what was done is in the ledger. Blocks, so not in the loop's thread."""
        act = something(self._words, self.replica)
        with suppress(InputError):  # it may not be said: nothing was
            self.replica.do(act.command)
            self._ledger.said(self.name, act.words)

    def cut(self) -> bool:
        """Drop the connection's socket, without a goodbye; whether there was one."""
        if self.socket is None or not self.connected:
            return False
        self.socket.transport.abort()
        return True

    def log(self) -> Log:
        """What is in its store."""
        with self.replica.store.lock:
            return log_of(self.replica.store.db)

    @property
    def key(self) -> bytes:
        """The member's public key."""
        return self.replica.actor[:32]

    # -- what it is told -------------------------------------------------------------------------------

    def _hear(self, event: Event) -> None:
        if isinstance(event, Online):
            self.online = True
        elif isinstance(event, Offline):
            self.online = self.connected = False
        self.watch.news()

    async def _dial(self, url: str) -> ClientConnection:
        socket = await dial(url)
        self.connected, self.socket = True, socket
        send = socket.send

        async def counted(frame: bytes) -> None:
            await send(frame)
            self._tick("sent")

        socket.send = counted  # type: ignore[method-assign,assignment]
        self._tick("dialled")
        return socket

    def _note_claims(self) -> None:
        note = self.replica.note_stored

        def noted(through: Mapping[bytes, int], at: int) -> None:
            self._ledger.stored(self.name, through)
            note(through, at)

        self.replica.note_stored = noted  # type: ignore[method-assign]


def gather(folder: Path, relay: RelayProcess, names: Sequence[str]) -> list[Replica]:
    """A new community on a relay: the first one founds it, the others come by an invite. Blocks."""
    first = Replica.open(found_community(Home(folder / names[0]), "Northern cohort", names[0]))
    host(first, relay.url, relay.hosting_key)
    first.do(Create("issue", {"title": "Handover loses facts"}))
    line = first.do(MakeInvite(uses=None))
    sync_once(first)
    return [first, *(Replica.open(join(Home(folder / name), line, name)) for name in names[1:])]


def acting(members: int) -> ThreadPoolExecutor:
    """Threads in which members act."""
    return ThreadPoolExecutor(min(members, 4), thread_name_prefix="act")
