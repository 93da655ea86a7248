"""Edits of one document, passed on: one writer and listeners, and ten who all write."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from typing import Any

from tests.bench.relay.peer import Gone, Peer
from tests.bench.relay.servers import Server, used
from tests.bench.relay.stock import Light

KEYS = 100
WINDOW = 64
"""Edits in flight in an open loop: a relay that falls behind by more would cut its writer off."""


async def together(server: Server, count: int) -> list[Peer]:
    """A writer, who has written once, and others who have it."""
    opens = await server.room()
    first = opens()
    await first.connect()
    if isinstance(first, Light):
        first.edit("begun", 0)
        await first.until(first.settled)
    others = [opens() for _ in range(count)]
    for each in others:
        await each.connect()
    await all_know(others, first.known())
    return [first, *others]


async def closed_loop(server: Server, listeners: int, edits: int) -> dict[str, Any]:
    """Each edit waits until all listeners have the one before: milliseconds, each."""
    peers = await together(server, listeners)
    writer, others = peers[0], peers[1:]
    times = []
    writer.prepare(edits)
    before = server.cpu()
    for number in range(edits):
        began = time.perf_counter()
        writer.edit(f"v{number % KEYS}", number)
        await all_know(others, writer.known())
        times.append(1e3 * (time.perf_counter() - began))
    cpu = server.cpu() - before
    _leave(peers)
    return {"ms": times, "cpu_s_per_1000": 1e3 * cpu / edits}


async def open_loop(server: Server, listeners: int, edits: int) -> dict[str, Any]:
    """As many as go through: the writer waits for nobody but for the server's word, `WINDOW` edits later."""
    peers = await together(server, listeners)
    writer, others = peers[0], peers[1:]
    writer.prepare(edits)
    bytes_before = sum(each.socket.down for each in others)
    frames_before = sum(each.socket.frames for each in others)
    cpu, own, began = server.cpu(), used(os.getpid()), time.perf_counter()
    await windowed(writer, edits)
    await all_know(others, writer.known())
    took = time.perf_counter() - began
    result = {
        "edits_per_s": edits / took,
        "cpu_s_per_1000": 1e3 * (server.cpu() - cpu) / edits,
        "generator_cpu_s_per_1000": 1e3 * (used(os.getpid()) - own) / edits,
        "down_bytes_per_edit": (sum(e.socket.down for e in others) - bytes_before) / listeners / edits,
        "frames_per_edit": (sum(e.socket.frames for e in others) - frames_before) / listeners / edits,
    }
    _leave(peers)
    return result


async def writers(server: Server, count: int, edits: int) -> dict[str, Any]:
    """All write at once, as fast as they can; until everybody has everything."""
    peers = await together(server, count - 1)
    for peer in peers:
        peer.prepare(edits)
    goal = peers[0].known() + count * edits
    cpu, own, began = server.cpu(), used(os.getpid()), time.perf_counter()

    async def write(mine: int) -> None:
        for number in range(edits):
            peers[mine].edit(f"w{mine}-{number % 50}", number)
            await asyncio.sleep(0)

    await asyncio.gather(*(write(mine) for mine in range(count)))
    made = time.perf_counter() - began
    try:
        await all_know(peers, goal)
        converged = len({peer.state() for peer in peers}) == 1
    except (TimeoutError, Gone):
        converged = False
    took = time.perf_counter() - began
    cpu, own = server.cpu() - cpu, used(os.getpid()) - own
    _leave(peers)
    return {"s": took, "made_s": made, "converged": converged, "cpu_s": cpu, "generator_cpu_s": own}


async def windowed(writer: Peer, edits: int) -> None:
    """Write, with no more than the window's edits on the way."""
    for number in range(edits):
        writer.edit(f"v{number % KEYS}", number)
        if writer.unacknowledged() >= WINDOW:
            await writer.until(lambda: writer.unacknowledged() < WINDOW)
        elif number % 8 == 0:
            await asyncio.sleep(0)


async def all_know(peers: Sequence[Peer], edits: int) -> None:
    """Until each has so many edits."""
    await asyncio.gather(*(peer.until(lambda peer=peer: peer.known() >= edits) for peer in peers))  # type: ignore[misc]


def _leave(peers: Sequence[Peer]) -> None:
    for peer in peers:
        peer.close()
