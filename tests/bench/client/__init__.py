"""What the interface and the command line cost, on a community of 100,000 operations and ten times that.

scripts/bench client                                   everything, both sizes: half an hour or so
scripts/bench client --sizes 1                         the smaller community alone
scripts/bench client --works painting pressing         some: painting pressing stalls merging commands memory
scripts/bench client --make                            only make the communities

community.py   the bench community, from a seed          painting.py   first paint
ledger.py      changes as many members make them         pressing.py   from a key to what it paints
words.py       what they write                           stalls.py     how long the interface cannot answer
homes.py       the community on disks, made once         merging.py    what a merge costs
pty.py         a program on a pseudo-terminal            commands.py   the command line
inside.py      the interface with a heart in its loop    memory.py     what is resident
plain.py       the yardstick: an empty application       report.py     tables
"""

from __future__ import annotations

import importlib
import sys
from typing import Any


def main(arguments: list[str]) -> None:
    """Measure, and print tables and JSON."""
    import argparse  # not above: the yardstick is in this package, and pays for what stands there

    from tests.bench.client.homes import at_relay, complete
    from tests.bench.client.report import TABLES
    from tests.bench.measure import as_json, machine

    works = {module.__name__.rpartition(".")[2]: shown for module, shown in TABLES.items()}
    parser = argparse.ArgumentParser(prog="scripts/bench client")
    parser.add_argument(
        "--sizes", type=float, nargs="+", default=[1, 10], help="times 100,000 operations (1 10)"
    )
    parser.add_argument(
        "--works", nargs="+", choices=works, default=list(works), help="what to measure (all)"
    )
    parser.add_argument("--make", action="store_true", help="only make the communities")
    parser.add_argument("--json", action="store_true", help="JSON alone")
    chosen = parser.parse_args(arguments)
    for size in chosen.sizes:
        complete(size)
        at_relay(size)
    results: dict[str, dict[str, dict[str, Any]]] = {}
    for work in [] if chosen.make else chosen.works:
        measured = importlib.import_module(f"tests.bench.client.{work}").measured
        results[work] = {}
        for size in chosen.sizes:
            results[work][f"{size:g}"] = measured(size)
            print(f"{work}, {size:g}: measured", file=sys.stderr)
        if not chosen.json:
            print(f"{works[work](results[work])}\n", flush=True)
    print(as_json({"bench": "client", "machine": machine(), **results}))
