"""Whether an edit costs more where there is more: changes in its document, or other documents."""

from __future__ import annotations

import time
from typing import Any

from tests.bench.measure import middle
from tests.bench.relay.servers import Server
from tests.bench.relay.sharing import KEYS
from tests.bench.relay.stock import Light, new_document

AT_ONCE = 500
EDITS = 1_000
IN_EACH = 20
CONNECTED = 50
"""So many of the other documents have somebody at them."""


async def in_a_document(server: Server, sizes: list[int]) -> list[dict[str, Any]]:
    """The same edits, one at a time, at each size of one document."""
    document = new_document()
    writer, listener = Light(server.url, document), Light(server.url, document)
    await writer.connect()
    found = []
    for size in sizes:
        while len(writer.changes) < size:
            writer.edits(min(AT_ONCE, size - len(writer.changes)))
            await writer.until(lambda: writer.unacknowledged() == 0)
        if listener.relay is None:
            await listener.connect()
        await listener.until(lambda: listener.known() == writer.known())
        found.append({"changes": size} | await _one_at_a_time(server, writer, listener))
    writer.close()
    listener.close()
    return found


async def among_others(server: Server, counts: list[int]) -> list[dict[str, Any]]:
    """The same edits, one at a time, beside so many other documents; at some of them is somebody."""
    document = new_document()
    writer, listener = Light(server.url, document), Light(server.url, document)
    await writer.connect()
    writer.edits(1)
    await writer.until(writer.settled)
    await listener.connect()
    others: list[Light] = []
    found, made = [], 0
    for count in counts:
        while made < count:
            other = Light(server.url, new_document())
            await other.connect()
            other.edits(IN_EACH)
            await other.until(other.settled)
            others.append(other) if len(others) < CONNECTED else other.close()
            made += 1
        found.append({"others": count} | await _one_at_a_time(server, writer, listener))
    for peer in (writer, listener, *others):
        peer.close()
    return found


async def _one_at_a_time(server: Server, writer: Light, listener: Light) -> dict[str, Any]:
    times, cpu = [], server.cpu()
    for number in range(EDITS):
        began = time.perf_counter()
        writer.edit(f"v{number % KEYS}", number)
        await listener.until(lambda: listener.known() == writer.known())
        times.append(1e3 * (time.perf_counter() - began))
    return {
        "p50_ms": middle(times),
        "cpu_s_per_1000": 1e3 * (server.cpu() - cpu) / EDITS,
        "memory_mib": server.memory(),
    }
