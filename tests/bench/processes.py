"""Relays over one database: what it costs to share one, and what more processes bring.

scripts/bench processes                        200 members; a few minutes; tables, and then JSON
scripts/bench processes --members 40 --edits 5 a look
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from moot_shared.wire.signed import read_hosting_key
from tests.bench.measure import as_json, machine, table
from tests.bench.relay.members import SEEDS, Member, Place
from tests.bench.relay.servers import UNPACED, used
from tests.bench.town import Town
from tests.helpers.postgres import Postgres, running
from tests.helpers.relay_process import RelayProcess

EACH = 10  # members of a community
PATIENCE_S = 120.0
WIDE = ("--limit", "strangers=1000", "--limit", "strangers_per_address=1000")


@dataclass(frozen=True)
class Setting:
    """How many relays there are, and where a community's members connect."""

    name: str
    relays: int
    shared: bool = True
    spread: bool = True
    """Each community's members over all relays; else each community at one."""


SETTINGS = (
    Setting("its own file", 1, shared=False),
    Setting("database", 1),
    Setting("database, members anywhere", 2),
    Setting("database, members anywhere", 4),
    Setting("database, a community at one relay", 2, spread=False),
    Setting("database, a community at one relay", 4, spread=False),
)


def main(arguments: list[str]) -> None:
    """Measure every setting, and print tables and JSON."""
    number = lambda text: int(text.replace("_", ""))  # noqa: E731
    parser = argparse.ArgumentParser(prog="scripts/bench processes")
    parser.add_argument("--members", type=number, default=200, help="who are connected (200)")
    parser.add_argument("--edits", type=number, default=20, help="how many votes each casts (20)")
    parser.add_argument("--memory", action="store_true", help="the database and files in memory: no disk")
    parser.add_argument("--json", action="store_true", help="JSON alone")
    chosen = parser.parse_args(arguments)
    found = [measured(each, chosen.members, chosen.edits, chosen.memory) for each in SETTINGS]
    if not chosen.json:
        print(_tables(found))
    print(as_json({"machine": machine(), "cores": os.cpu_count(), "settings": found}))


def measured(setting: Setting, members: int, edits: int, memory: bool) -> dict[str, Any]:
    """One setting, from an empty database to the end."""
    with ExitStack() as stack:
        where = "/dev/shm" if memory else None
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="moot-bench-", dir=where)))
        postgres = stack.enter_context(running(in_memory=memory)) if setting.shared else None
        more = {"MOOT_RELAY_DATABASE": postgres.database()} if postgres else {}
        relays = [
            stack.enter_context(
                RelayProcess(folder / str(n), more=more, options=(*UNPACED, *WIDE), stderr=subprocess.DEVNULL)
            )
            for n in range(setting.relays)
        ]
        result = asyncio.run(_measured(setting, relays, postgres, members // EACH, edits))
        print(f"{setting.relays} x {setting.name}: {result['changes_per_s']:.0f}/s", file=sys.stderr)
        return {"name": setting.name, "relays": setting.relays, **result}


async def _measured(
    setting: Setting, relays: Sequence[RelayProcess], postgres: Postgres | None, communities: int, edits: int
) -> dict[str, Any]:
    key = read_hosting_key(relays[0].hosting_key)
    rooms: list[list[Member]] = []
    for number in range(communities):
        place = Place(Town(next(SEEDS)), key)
        host = Member(relays[0].url, place, place.town.founder, "host")
        await host.connect()
        host.bring(place.base)
        await host.until(lambda host=host: host.unacknowledged() == 0)  # type: ignore[misc]
        host.close()
        room = [
            Member(relays[(n if setting.spread else number) % len(relays)].url, place, who)
            for n, who in enumerate(place.town.members[:EACH])
        ]
        for member in room:
            await member.connect()
            member.prepare(edits)
        rooms.append(room)
    cpu, began = _cpu(relays, postgres), time.perf_counter()
    waits = await asyncio.gather(*(_write(member, edits) for room in rooms for member in room))
    stored = time.perf_counter() - began
    for room in rooms:
        goal = len(room[0]._place.base) + EACH * edits
        for member in room:
            await member.until(lambda member=member, goal=goal: member.known() >= goal, PATIENCE_S)  # type: ignore[misc]
        assert len({member.state() for member in room}) == 1
    took = time.perf_counter() - began
    spent = [after - before for before, after in zip(cpu, _cpu(relays, postgres), strict=True)]
    for room in rooms:
        for member in room:
            member.close()
    times = sorted(each for mine in waits for each in mine)
    changes = len(times)
    return {
        "members": communities * EACH,
        "changes": changes,
        "changes_per_s": changes / took,
        "stored_p50_ms": 1e3 * statistics.median(times),
        "stored_p99_ms": 1e3 * times[int(len(times) * 0.99)],
        "passed_on_after_s": took - stored,
        "relays_cpu_s_per_1000": 1e3 * spent[0] / changes,
        "database_cpu_s_per_1000": 1e3 * spent[1] / changes,
        "generator_cpu_s_per_1000": 1e3 * spent[2] / changes,
    }


async def _write(member: Member, edits: int) -> list[float]:
    """One after the other, each as soon as the last was called stored; seconds until that."""
    waits = []
    for number in range(edits):
        began = time.perf_counter()
        member.edit("", number)
        await member.until(lambda: member.unacknowledged() == 0, PATIENCE_S)
        waits.append(time.perf_counter() - began)
    return waits


def _cpu(relays: Sequence[RelayProcess], postgres: Postgres | None) -> list[float]:
    """Processor seconds of the relays, of the database, and of this process."""
    database = sum(map(used, postgres.processes())) if postgres else 0.0
    return [sum(used(relay.process.pid) for relay in relays), database, used(os.getpid())]


def _tables(found: Sequence[dict[str, Any]]) -> str:
    head = ("relays", "changes/s", "stored, p50", "p99", "all have it after", "CPU: relays", "database")
    rows = [
        (
            f"{each['relays']} x {each['name']}",
            f"{each['changes_per_s']:,.0f}",
            f"{each['stored_p50_ms']:.0f} ms",
            f"{each['stored_p99_ms']:.0f} ms",
            f"{each['passed_on_after_s']:.2f} s",
            f"{each['relays_cpu_s_per_1000']:.2f}",
            f"{each['database_cpu_s_per_1000']:.2f}",
        )
        for each in found
    ]
    return table(head, rows)
