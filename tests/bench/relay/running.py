"""A relay, measured beside those that people would use instead.

scripts/bench relay                             everything, three times over: about a quarter of an hour
scripts/bench relay --quick                     once, and less of each: two minutes, for a look
scripts/bench relay --servers open am2          some of the servers
scripts/bench relay --works sharing             some of the works
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.bench.measure import as_json, machine, middle, slowest
from tests.bench.relay import report
from tests.bench.relay.documents import apart, newcomers
from tests.bench.relay.growing import among_others, in_a_document
from tests.bench.relay.servers import KINDS, Kind, Server, running
from tests.bench.relay.sharing import closed_loop, open_loop, writers
from tests.bench.relay.trouble import beside_bad_readers

WORKS = ("sharing", "writers", "documents", "growing", "trouble")
WITH_DOCUMENTS = ("open", "am2", "hocuspocus")
WRITERS = 10
FULL_GIVE_UP = 1  # a relay that did not converge once is not waited for again


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of everything."""

    times: int = 3
    closed: int = 300
    opened: int = 3_000
    each_writes: int = 200
    part: float = 1.0
    sizes: tuple[int, ...] = (1_000, 10_000, 100_000)
    others: tuple[int, ...] = (1, 100, 1_000)


QUICK = Amount(
    times=1, closed=60, opened=600, each_writes=50, part=0.1, sizes=(1_000, 10_000), others=(1, 100)
)
Samples = dict[str, list[float]]


def main(arguments: list[str]) -> None:
    """Measure, and print tables and JSON."""
    parser = argparse.ArgumentParser(prog="scripts/bench relay", description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="once, and less of each")
    parser.add_argument("--servers", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--works", nargs="+", choices=WORKS, default=list(WORKS))
    parser.add_argument("--times", type=int, help="repetitions, of which the medians are given")
    parser.add_argument("--json", action="store_true", help="only JSON")
    chosen = parser.parse_args(arguments)
    amount = QUICK if chosen.quick else Amount()
    kinds = [kind for kind in map(KINDS.__getitem__, chosen.servers) if _there(kind)]
    times = chosen.times or amount.times
    found = asyncio.run(_everything(kinds, chosen.works, amount, times))
    if not chosen.json:
        print(_tables(found))
    results = {"bench": "relay", "machine": machine(), "repetitions": times, **found}
    print(as_json(results))


def _there(kind: Kind) -> bool:
    why = kind.lacking()
    if why is not None:
        print(f"{kind.name} is left out: {why}", file=sys.stderr)
    return why is None


async def _everything(kinds: list[Kind], works: list[str], amount: Amount, times: int) -> dict[str, Any]:
    samples: dict[str, Samples] = {kind.name: defaultdict(list) for kind in kinds}
    for turn in range(times):
        for kind in kinds:
            for work in works:
                if work in _REPEATED and (work != "documents" or kind.name in WITH_DOCUMENTS):
                    print(f"{turn + 1} of {times}: {kind.name}, {work}", file=sys.stderr)
                    with running(kind) as server:
                        await _REPEATED[work](server, amount, samples[kind.name])
    found: dict[str, Any] = {"servers": {name: _medians(each) for name, each in samples.items()}}
    if "open" in samples:
        found |= await _ours(works, amount)
    return found


async def _ours(works: list[str], amount: Amount) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "growing" in works:
        print("open, growing", file=sys.stderr)
        with running(KINDS["open"]) as server:
            found["in_a_document"] = await in_a_document(server, list(amount.sizes))
        with running(KINDS["open"]) as server:
            found["among_others"] = await among_others(server, list(amount.others))
    if "trouble" in works:
        print("open, trouble", file=sys.stderr)
        with running(KINDS["open"]) as server:
            found["bad_readers"] = await beside_bad_readers(server, amount.opened)
    return found


async def _sharing(server: Server, amount: Amount, samples: Samples) -> None:
    members = server.kind.name == "members"  # there are twenty in the town
    for listeners in (10, 19 if members else 50):
        closed = await closed_loop(server, listeners, amount.closed)
        name = f"closed {10 if listeners == 10 else 50}"
        samples[f"{name} p50_ms"].append(middle(closed["ms"]))
        samples[f"{name} p99_ms"].append(slowest(closed["ms"]))
        samples[f"{name} cpu_s_per_1000"].append(closed["cpu_s_per_1000"])
    opened = await open_loop(server, 10, amount.opened // (5 if server.kind.name == "am2" else 1))
    for figure, value in opened.items():
        samples[f"open {figure}"].append(value)


async def _writers(server: Server, amount: Amount, samples: Samples) -> None:
    if len(samples["writers s failed"]) >= FULL_GIVE_UP:
        return
    result = await writers(server, WRITERS, amount.each_writes)
    if not result["converged"]:
        samples["writers s failed"].append(1)
        return
    for figure in ("s", "cpu_s", "generator_cpu_s"):
        samples[f"writers {figure}"].append(result[figure])


async def _documents(server: Server, amount: Amount, samples: Samples) -> None:
    result = await apart(server)
    for figure, value in result.items():
        samples[f"apart {figure}"].append(value)
    server.stop()
    server.start()
    result = await newcomers(server, 2, amount.part)
    samples["seeded s"].append(result["seed_s"])
    samples["seeded cpu_s"].append(result["seed_cpu_s"])
    samples["seeded memory_mib"].append(result["memory_mib"])
    samples["seeded memory_before_mib"].append(result["memory_before_mib"])
    for name, joins in (("join", result["cold"]), ("restarted", result["restarted"])):
        for each in joins:
            for figure, value in each.items():
                samples[f"{name} {figure}"].append(value)


_REPEATED: dict[str, Callable[[Server, Amount, Samples], Awaitable[None]]] = {
    "sharing": _sharing,
    "writers": _writers,
    "documents": _documents,
}


def _medians(samples: Samples) -> dict[str, float]:
    return {figure: round(middle(values), 4) for figure, values in samples.items() if values}


def _tables(found: dict[str, Any]) -> str:
    parts = [report.main_table(found["servers"])]
    if "in_a_document" in found:
        parts.append(report.curve("changes in the document", found["in_a_document"], "changes"))
        parts.append(report.curve("other documents", found["among_others"], "others"))
    if "bad_readers" in found:
        parts.append(report.bad_readers(found["bad_readers"]))
    return "\n\n".join(parts) + "\n"
