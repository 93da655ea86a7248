"""What was measured, as tables that people read; what misses its aim is marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.bench.client import commands, memory, merging, painting, pressing, stalls
from tests.bench.measure import table

Sizes = Mapping[str, Mapping[str, Any]]
"""Of one bench: the scale ('1', '10'), and what was found there."""
PAINT = 1.25


def painting_table(found: Sizes) -> str:
    """First paint."""
    head = ("place", "operations", "ms", "CPU, ms", "ratio", "CPU ratio", "ratio of the best", "aim")
    rows = []
    for scale, places in found.items():
        for name, one in places.items():
            ratios = (one["ratio"], one["cpu_ratio"], one["ratio_of_best"])
            aim = "" if name == "yardstick" else _aim(one["cpu_ratio"], PAINT)
            shown = (f"{ratio:.2f}" for ratio in ratios)
            rows.append((name, _size(scale), f"{one['ms']:.0f}", f"{one['cpu_ms']:.0f}", *shown, aim))
    return table(head, rows)


def pressing_table(found: Sizes) -> str:
    """From a key to what it paints."""
    head = (
        "key",
        "operations",
        "first, ms",
        "changed, ms",
        "p99",
        "last, ms",
        "its thread, CPU ms",
        "all, CPU ms",
        "aim",
    )
    rows = []
    for scale, keys in found.items():
        for name, one in keys.items():
            figures = ("first_ms", "ms", "p99_ms", "last_ms", "own_ms", "cpu_ms")
            both = max(one["ms"] / pressing.AIM_MS, one["p99_ms"] / pressing.AIM_P99_MS)
            aim = (
                ""
                if name == "yardstick"
                else _aim(both, 1.0, f"{pressing.AIM_MS:.0f}/{pressing.AIM_P99_MS:.0f}")
            )
            rows.append((name, _size(scale), *(f"{one[figure]:.1f}" for figure in figures), aim))
    return table(head, rows)


def stalls_table(found: Sizes) -> str:
    """The longest times without an answer."""
    head = ("while", "operations", "in all, s", "longest, ms", "of its own, ms", "over 50 ms", "aim")
    rows = []
    for scale, times in found.items():
        for name, one in times.items():
            longest = (f"{one['felt_ms']:.0f}", f"{one['held_ms']:.0f}")
            aim = "" if name == "idle" else _aim(one["held_ms"], stalls.AIM_MS)
            rows.append((name, _size(scale), f"{one['seconds']:.1f}", *longest, one["over_aim"], aim))
    return table(head, rows)


def merging_table(found: Sizes) -> str:
    """A batch of changes, by the community's size."""
    sizes = list(found)
    times, counts = ([f"{_size(size)}, {what}" for size in sizes] for what in ("CPU ms", "steps a change"))
    head = ("changes in a batch", *times, "growth", *counts, "growth", "aim")
    rows = []
    for batch in next(iter(found.values())):
        used, steps = ([found[size][batch][what] for size in sizes] for what in ("cpu_ms", "steps"))
        growth = used[-1] / used[0]
        aim = _aim(growth, merging.AIM) if len(sizes) > 1 else ""
        taken = (*(f"{each:,.0f}" for each in steps), f"{steps[-1] / steps[0]:.2f}")
        rows.append((batch, *(f"{each:.1f}" for each in used), f"{growth:.2f}", *taken, aim))
    return table(head, rows)


def commands_table(found: Sizes) -> str:
    """The command line."""
    head = ("command", "operations", "ms", "CPU, ms", "ratio", "CPU ratio", "aim")
    rows: list[tuple[object, ...]] = []
    for scale, one in found.items():
        ratios = {"issues": (one["issues_ratio"], commands.MOST), "vote": (one["vote_ratio"], 1.0)}
        for name in ("nothing", "load", "issues", "vote"):
            shown = _size(scale), f"{one[name]['ms']:.0f}", f"{one[name]['cpu_ms']:.0f}"
            if name in ratios:
                ratio, most = ratios[name]
                aim = _aim(ratio["cpu_ms"], most)
                rows.append((name, *shown, f"{ratio['ms']:.2f}", f"{ratio['cpu_ms']:.2f}", aim))
            else:
                rows.append((name, *shown, "", "", ""))
    return table(head, rows)


def memory_table(found: Sizes) -> str:
    """What it takes."""
    head = ("operations", "the interface, MiB", "empty application", "bare document", "ratio", "aim")
    rows = [
        (
            _size(scale),
            *(f"{one[name]:.0f}" for name in ("interface", "empty", "document")),
            f"{one['ratio']:.2f}",
            _aim(one["ratio"], memory.AIM),
        )
        for scale, one in found.items()
    ]
    return table(head, rows)


TABLES = {
    painting: painting_table,
    pressing: pressing_table,
    stalls: stalls_table,
    merging: merging_table,
    commands: commands_table,
    memory: memory_table,
}
"""Each bench of the client, and how its figures are shown."""


def _aim(found: float, most: float, shown: str = "") -> str:
    words = shown or f"{most:g}"
    return words if found <= most else f"{words}: missed"


def _size(scale: str) -> str:
    """About how many operations."""
    return f"{float(scale) * 100_000:,.0f}"
