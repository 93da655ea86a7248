"""One listener who reads nothing more, and one who reads slowly: what the others notice of it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from tests.bench.measure import middle, slowest
from tests.bench.relay.peer import Peer
from tests.bench.relay.servers import Server
from tests.bench.relay.sharing import all_know, together, windowed

LISTENERS = 10
PAUSE_S, READS_S = 0.2, 0.01


async def beside_bad_readers(server: Server, edits: int) -> dict[str, Any]:
    """Latency and throughput with ten listeners, alone and then with a dead and a slow one more."""
    well = await _measured(server, edits, bad=False)
    ill = await _measured(server, edits, bad=True)
    return {"well": well, "ill": ill, "memory_mib": server.memory()}


async def _measured(server: Server, edits: int, *, bad: bool) -> dict[str, Any]:
    peers = await together(server, LISTENERS + 2 * bad)
    writer, others = peers[0], peers[1 : LISTENERS + 1]
    slowly = None
    if bad:
        dead, slow = peers[-2:]
        dead.socket.read_on(False)
        slowly = asyncio.create_task(_slowly(slow))
    times = []
    for number in range(edits // 4):
        began = time.perf_counter()
        writer.edit(f"v{number}", number)
        await all_know(others, writer.known())
        times.append(1e3 * (time.perf_counter() - began))
    began = time.perf_counter()
    await windowed(writer, edits)
    await all_know(others, writer.known())
    took = time.perf_counter() - began
    if slowly is not None:
        slowly.cancel()
    for peer in peers:
        peer.close()
    return {"p50_ms": middle(times), "p99_ms": slowest(times), "edits_per_s": edits / took}


async def _slowly(peer: Peer) -> None:
    while not peer.closed:
        peer.socket.read_on(False)
        await asyncio.sleep(PAUSE_S)
        peer.socket.read_on(True)
        await asyncio.sleep(READS_S)
