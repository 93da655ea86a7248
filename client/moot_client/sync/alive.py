"""Whether the other side is still there, where what it says may lie long in a queue before it is read.

A pong comes after all that was sent before it. In a first sync that is many pages, each of which takes a
moment to be judged and kept: whoever still reads them hears from the relay, and does not hang up on it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed


async def answers(socket: ClientConnection, heard: Callable[[], int], seconds: float) -> bool:
    """Ping: whether a pong came in time, or at least more frames were read (`heard`: how many so far)."""
    before = heard()
    try:
        async with asyncio.timeout(seconds):
            await (await socket.ping())
    except ConnectionClosed:
        return False
    except TimeoutError:
        return heard() != before
    return True


async def stay(socket: ClientConnection, heard: Callable[[], int], every: float, patience: float) -> None:
    """Ping every so many seconds, until there is no sign of life for so long: then the connection is cut."""
    while True:
        await asyncio.sleep(every)
        if not await answers(socket, heard, patience):
            socket.transport.abort()
            return
