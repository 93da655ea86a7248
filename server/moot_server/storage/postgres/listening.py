"""Hears of what other processes store, and tells the core: a connection of its own, in the sockets' loop.

What was said while nobody listened is gone, so whenever it listens again, everything that is connected
catches up; and so it does where this process has met trouble with the database, after which nobody knows
what was committed. What others call across (`calling`) comes by the same connection, on a channel of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg

from moot_server.events import Elsewhere
from moot_server.storage.postgres import calling
from moot_server.storage.postgres.link import RETRY_S, conninfo
from moot_server.storage.postgres.pending import CHANNEL, heard
from moot_server.storage.postgres.store import PostgresStore

TICK_S = 1.0


async def listen(
    url: str, store: PostgresStore, tell: Callable[[Elsewhere], None], now: calling.Calling | None = None
) -> None:
    """Until it is cancelled. `now` hears what is called across."""
    attempts = 0
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(conninfo(url), autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                if now is not None:
                    await connection.execute(f"LISTEN {calling.CHANNEL}")
                    now.listens()
                attempts = 0
                store.link.wake()
                store.link.missed.set()
                while True:
                    if store.link.missed.is_set():
                        store.link.missed.clear()
                        tell(Elsewhere())
                    async for notice in connection.notifies(timeout=TICK_S):
                        if now is not None and notice.channel == calling.CHANNEL:
                            now.hear(notice.payload)
                            continue
                        token, said = heard(notice.payload)
                        if token != store.token:
                            tell(said)
        except (psycopg.Error, OSError, UnicodeDecodeError):
            await asyncio.sleep(RETRY_S[min(attempts, len(RETRY_S) - 1)])
            attempts += 1
