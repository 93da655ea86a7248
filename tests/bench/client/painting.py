"""First paint: from the start of a cold process to the first frame with rows, beside an empty application."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.client.homes import complete, copied
from tests.bench.client.plain import TEXT
from tests.bench.client.pty import Program, interface, plain, waits_for
from tests.bench.client.words import OPENERS

PLACES = ("today", "agenda", "lessons")
ROW = waits_for([f"{opener} " for opener in OPENERS])
YARD = waits_for([TEXT])
TIMES = 9


def measured(scale: float, times: int = TIMES) -> dict[str, Any]:
    """Milliseconds until rows are there, each place's beside the yardstick's of the same turn."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ("yardstick", *PLACES)}
    with copied(complete(scale)) as home:
        for turn in range(times + 1):  # the first warms the disk
            for name, seen in _turn(home).items():
                if turn:
                    found[name].append(seen)
    yard = found.pop("yardstick")
    return {
        "yardstick": _summed(yard, yard),
        **{name: _summed(seen, yard) for name, seen in found.items()},
    }


def _turn(home: Path) -> dict[str, tuple[float, float]]:
    starts: dict[str, Callable[[], Program]] = {"yardstick": plain}
    for place in PLACES:
        starts[place] = lambda place=place: interface(home, "--place", place)  # type: ignore[misc]
    seen = {}
    for name, start in starts.items():
        with start() as program:
            wall = program.until(YARD if name == "yardstick" else ROW)
            seen[name] = wall, program.used()
    return seen


def _summed(seen: list[tuple[float, float]], yard: list[tuple[float, float]]) -> dict[str, float]:
    """Medians of the wall's time and of the processor's, and both beside the yardstick's."""
    wall, used = (statistics.median(each) for each in zip(*seen, strict=True))
    yard_wall, yard_used = (statistics.median(each) for each in zip(*yard, strict=True))
    best = min(each[0] for each in seen) / min(each[0] for each in yard)
    return {
        "ms": 1e3 * wall, "cpu_ms": 1e3 * used, "ratio": wall / yard_wall, "cpu_ratio": used / yard_used,
        "ratio_of_best": best,
    }  # fmt: skip
