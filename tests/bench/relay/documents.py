"""Whole documents: brought to a newcomer, kept in memory, and brought together after time apart."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

from tests.bench.relay.dataset import automerge, yjs_document
from tests.bench.relay.hocuspocus import Yjs, yjs
from tests.bench.relay.peer import Peer
from tests.bench.relay.servers import Server, used
from tests.bench.relay.sharing import KEYS, WINDOW
from tests.bench.relay.stock import Light, Whole, new_document
from tests.helpers.binding import Replica

SETTLE_S = 6.0
"""A server may tidy up after much has come, as it would before most newcomers."""
BASE, EACH = 1_000, 500


async def newcomers(server: Server, times: int, part: float) -> dict[str, Any]:
    """Bring the large document, then have newcomers fetch it; then each after a restart."""
    document, before = new_document(), server.memory()
    began, cpu = time.perf_counter(), server.cpu()
    seed = _holding(server, document, part)
    await seed.connect()
    await _stored(seed)
    seeded = {"seed_s": time.perf_counter() - began, "seed_cpu_s": server.cpu() - cpu}
    await asyncio.sleep(SETTLE_S)
    seeded |= {"memory_mib": server.memory(), "memory_before_mib": before}
    wanted = seed.state()
    cold = [await _join(server, document, wanted) for _ in range(times)]
    seed.close()
    restarted = []
    for _ in range(times):
        server.stop()
        server.start()
        restarted.append(await _join(server, document, wanted))
    return seeded | {"cold": cold, "restarted": restarted}


async def apart(server: Server) -> dict[str, Any]:
    """One writes 500 changes alone, the relay gets 500 others; then the one comes back. Bytes both ways."""
    document = new_document()
    here = (Yjs if server.kind.name == "hocuspocus" else Light)(server.url, document)
    await here.connect()
    await _write(here, "base", BASE)
    away = _empty(server, document)
    await away.connect()
    await away.until(lambda: _same(away, here))
    away.close()
    raw = _raw(here)
    await _write(here, "here", EACH)
    raw = _raw(here) - raw
    await asyncio.sleep(SETTLE_S)
    back, alone = _written_alone(server, document, away)
    cpu, own, began = server.cpu(), used(os.getpid()), time.perf_counter()
    await back.connect()
    await here.until(lambda: here.known() >= BASE + 2 * EACH)
    await back.until(lambda: _same(back, here))
    took = time.perf_counter() - began
    cpu, own = server.cpu() - cpu, used(os.getpid()) - own
    await asyncio.sleep(0.3)  # what is said once more counts as well
    moved = back.socket.up + back.socket.down
    for peer in (here, back):
        peer.close()
    return {
        "s": took, "cpu_s": cpu, "generator_cpu_s": own, "up": back.socket.up, "down": back.socket.down,
        "raw": raw + alone, "ratio": moved / (raw + alone),
    }  # fmt: skip


def _holding(server: Server, document: str, part: float) -> Peer:
    if server.kind.name == "hocuspocus":
        return Yjs(server.url, document, yjs_document(part))
    return Whole(server.url, document, Replica(automerge(part).save()))


def _empty(server: Server, document: str) -> Any:
    return (Yjs if server.kind.name == "hocuspocus" else Whole)(server.url, document)


async def _stored(peer: Peer) -> None:
    if isinstance(peer, Whole):
        await peer.until(peer.settled)


async def _join(server: Server, document: str, wanted: object) -> dict[str, float]:
    peer = _empty(server, document)
    cpu, own, began = server.cpu(), used(os.getpid()), time.perf_counter()
    await peer.connect()
    await peer.until(lambda: peer.state() == wanted)
    took = time.perf_counter() - began
    down = peer.socket.down
    peer.close()
    return {
        "s": took, "down": down, "up": peer.socket.up, "cpu_s": server.cpu() - cpu,
        "generator_cpu_s": used(os.getpid()) - own,
    }  # fmt: skip


async def _write(peer: Peer, name: str, edits: int) -> None:
    for number in range(edits):
        peer.edit(f"{name} {number % KEYS}", number)
        if peer.unacknowledged() >= WINDOW:
            await peer.until(lambda: peer.unacknowledged() < WINDOW)
    await peer.until(lambda: peer.unacknowledged() == 0)


def _written_alone(server: Server, document: str, peer: Any) -> tuple[Any, int]:
    """The peer that was here, with changes of its own since; and their bytes."""
    if isinstance(peer, Whole):
        replica = Replica(peer.replica.save(), os.urandom(16))
        before = replica.heads()
        for number in range(EACH):
            replica.put(f"away {number % KEYS}", number)
        return Whole(server.url, document, replica), sum(map(len, replica.since(before)))
    sizes: list[int] = []
    subscription = peer.doc.observe(lambda event: sizes.append(len(event.update)))
    values = peer.doc.get("root", type=yjs().Map)
    for number in range(EACH):
        values[f"away {number % KEYS}"] = number
    peer.doc.unobserve(subscription)
    return Yjs(server.url, document, peer.doc), sum(sizes)


def _raw(peer: Peer) -> int:
    if isinstance(peer, Light):
        return sum(len(each.raw) for each in peer.changes.values())
    assert isinstance(peer, Yjs)
    return peer.written


def _same(one: Peer, other: Peer) -> bool:
    return one.state() == other.state()
