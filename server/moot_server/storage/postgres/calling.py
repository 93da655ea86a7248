"""Calls across to the other processes over the same database: by NOTIFY, and stored nowhere.

On a channel and a connection of its own, since it must hold up nothing that is kept: nobody waits for it,
and what cannot be called now is not called later. It commits nothing but the notification, so PostgreSQL
waits for no disk; and it goes out at most four times a second, as much as there is room for, however many
have spoken. Where nobody else was heard for a while, nobody is there: then only questions are called, and
now and then that one is here. A process to which nobody is connected is silent.

    PROCESS WORD WORD ...       each in base64; without any, it says only that it is here
"""

from __future__ import annotations

import asyncio
import binascii
import time
from base64 import b64decode, b64encode
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress

import psycopg

from moot_server.events import Call, Called
from moot_server.storage.postgres.link import RETRY_S, conninfo

CHANNEL = "moot_now"
APART_S = 0.25
HERE_S = 20.0
"""So often one says that one is here, where there is nothing else to say."""
ALONE_S = 60.0
"""Who was not heard for so long is not there."""
STALE_S = 5.0
MOST_BYTES = 7_900  # of a notification; PostgreSQL takes fewer than 8,000
MOST_AT_ONCE = 4  # notifications: half a millisecond of PostgreSQL's each
WAITING = 1_000  # words, each way
CALL = f"SELECT pg_notify('{CHANNEL}', said) FROM unnest(%s::text[]) AS said"


class Calling:
    """Of one process. All of it is called in the sockets' loop."""

    def __init__(
        self,
        url: str,
        token: str,
        anybody: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`token` is this process's; `anybody` whether anybody is connected to it; `clock` counts seconds."""
        self._conninfo = conninfo(url)
        self._token = token
        self._anybody = anybody
        self._clock = clock
        self._waiting: OrderedDict[bytes, tuple[float, Call]] = OrderedDict()
        self._stirred = asyncio.Event()
        self._heard: deque[bytes] = deque(maxlen=WAITING)
        self._came = asyncio.Event()
        self._due = clock()  # when it is to say that it is here
        self._alone_from = clock() + ALONE_S

    def call(self, call: Call) -> None:
        """Call this across soon. What waits too long, or is too much, is left out: the oldest first."""
        self._waiting.pop(call.about, None)
        self._waiting[call.about] = self._clock(), call
        if len(self._waiting) > WAITING:
            self._waiting.popitem(last=False)
        self._stirred.set()

    def listens(self) -> None:
        """From now on it hears the others; who there is, is not known, and they are to know of it."""
        self._due = self._clock()
        self._alone_from = self._due + ALONE_S
        self._stirred.set()

    def hear(self, said: str) -> None:
        """A notification has come."""
        token, *words = said.split(" ")
        if token != self._token:
            self._alone_from = self._clock() + ALONE_S
            self._heard += _read(words)
            self._came.set()

    def next(self) -> list[str]:
        """The notifications that are to go out now."""
        now = self._clock()
        said = [self._token]
        while self._waiting:
            about, (at, call) = next(iter(self._waiting.items()))
            word = b64encode(call.word).decode()
            wanted = now - at <= STALE_S and (call.asks or now < self._alone_from)
            if wanted and len(self._token) + 1 + len(word) <= MOST_BYTES:
                if len(said[-1]) + 1 + len(word) > MOST_BYTES:
                    if len(said) == MOST_AT_ONCE:
                        self._stirred.set()
                        break
                    said.append(self._token)
                said[-1] += " " + word
            del self._waiting[about]
        if said == [self._token] and not (now >= self._due and self._anybody()):
            return []
        self._due = now + HERE_S
        return said

    async def run(self, hear: Callable[[Called], Awaitable[None]]) -> None:
        """Until it is cancelled; `hear` returns once what was heard has been dealt with."""
        await asyncio.gather(self._hand_on(hear), self._speak())

    async def _hand_on(self, hear: Callable[[Called], Awaitable[None]]) -> None:
        """What comes while the last is dealt with is handed on together; of too much, the oldest is lost."""
        while True:
            await self._came.wait()
            self._came.clear()
            words = tuple(self._heard)
            self._heard.clear()
            if words:
                await hear(Called(words))

    async def _speak(self) -> None:
        attempts = 0
        while True:
            await self._stir()
            with suppress(psycopg.Error, OSError):  # whoever needs the database says so
                async with await psycopg.AsyncConnection.connect(
                    self._conninfo, autocommit=True
                ) as connection:
                    await connection.execute("SET synchronous_commit = off")
                    while True:
                        said = self.next()
                        if said:
                            await connection.execute(CALL, (said,))
                            attempts = 0
                            await asyncio.sleep(APART_S)
                        await self._stir()
            await asyncio.sleep(RETRY_S[min(attempts, len(RETRY_S) - 1)])
            attempts += 1

    async def _stir(self) -> None:
        """Wait until there may be something to say."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(HERE_S):
                    await self._stirred.wait()
            if self._stirred.is_set() or self._anybody():
                self._stirred.clear()
                return


def _read(words: Iterable[str]) -> Iterator[bytes]:
    for word in words:
        with suppress(binascii.Error, ValueError):  # of another version
            yield b64decode(word, validate=True)
