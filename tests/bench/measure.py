"""Times, summed up honestly: the middle one, the slowest of a hundred, and how many there were.

They are of the processor's time of this thread and not of the wall's: others use the machine too.
"""

from __future__ import annotations

import json
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spread:
    """Microseconds."""

    median: float
    p99: float
    count: int


def spread(seconds: Sequence[float]) -> Spread:
    """What many measurements of the same thing come to."""
    ordered = sorted(seconds)
    return Spread(round(1e6 * middle(ordered), 1), round(1e6 * slowest(ordered), 1), len(ordered))


def middle(numbers: Sequence[float]) -> float:
    """The median."""
    return statistics.median(numbers)


def slowest(numbers: Sequence[float]) -> float:
    """What one in a hundred exceeds."""
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def timed(times: list[float], act: Callable[[], T]) -> T:
    """Do it, and note how long it took."""
    began = time.thread_time()
    result = act()
    times.append(time.thread_time() - began)
    return result


def machine() -> dict[str, str]:
    """Where this was measured."""
    return {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}


def as_json(results: dict[str, Any]) -> str:
    """Results as one JSON text."""
    return json.dumps(results, default=asdict, indent=1)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table with its columns in line."""
    cells = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        "| "
        + " | ".join(
            c.ljust(w) if n == 0 else c.rjust(w) for n, (c, w) in enumerate(zip(row, widths, strict=True))
        )
        + " |"
        for row in cells
    ]
    rule = (
        "|" + "|".join("-" * (w + 2) if n == 0 else "-" * (w + 1) + ":" for n, w in enumerate(widths)) + "|"
    )
    return "\n".join([lines[0], rule, *lines[1:]])
