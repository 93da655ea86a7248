"""From a key to what it paints, end to end on a pseudo-terminal, on 2,000 issues and ten times as many.

A key is written; what the program then writes until it has been quiet for a while was caused by it. So the
time holds the terminal's two ways, the key's work, the disk (a vote is durable before it is called kept),
the layout and the drawing. The yardstick is a key that changes one static widget.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.bench.client.homes import complete, copied
from tests.bench.client.painting import ROW, YARD
from tests.bench.client.pty import Program, interface, plain
from tests.bench.measure import slowest

QUIET_S = 0.05
SIZE = 40, 120
EACH = 150
VOTES = 40
AIM_MS, AIM_P99_MS = 16.0, 33.0
LETTERS = "handover"


def measured(scale: float, each: int = EACH) -> dict[str, Any]:
    """Milliseconds: to the first and to the last of what each kind of key paints."""
    with copied(complete(scale)) as home, interface(home, "--place", "agenda", size=SIZE) as program:
        program.until(ROW)
        program.idle()
        with plain(SIZE) as yard:
            yard.until(YARD)
            yard.idle()
            found: dict[str, list[tuple[float, float, float]]] = {}
            for turn in range(4):  # in turns, so that what else the machine does falls on all
                _gather(found, "yardstick", yard, ["j"] * (each // 4))
                _gather(found, "move", program, _moves(each // 4, turn))
                _gather(found, "page", program, ["\x1b[6~", "\x1b[5~"] * (each // 16))
                _votes(found, program, VOTES // 4)
                _filters(found, program, each // 4 // (2 * len(LETTERS)) + 1)
    return {name: _summed(seen) for name, seen in found.items()}


def _moves(number: int, turn: int) -> Iterator[str]:
    """Down the list, and up again every other turn."""
    yield from ("j" if turn % 2 == 0 else "k" for _ in range(number))


def _gather(
    found: dict[str, list[tuple[float, float, float]]],
    name: str,
    program: Program,
    keys: Sequence[str] | Iterator[str],
) -> None:
    for key in keys:
        before = program.used()
        seen = program.press(key, QUIET_S)
        if seen is not None:
            found.setdefault(name, []).append((*seen, program.used() - before))


def _votes(found: dict[str, list[tuple[float, float, float]]], program: Program, number: int) -> None:
    """A vote is begun, a figure is chosen, and it is kept: three keys, each by itself."""
    for turn in range(number):
        _gather(found, "vote begun", program, ["v"])
        _gather(found, "vote's figure", program, [str(turn % 2 + 1)])
        _gather(found, "vote kept", program, ["\r"])
        program.press("j", QUIET_S)


def _filters(found: dict[str, list[tuple[float, float, float]]], program: Program, number: int) -> None:
    """A word is typed into the filter letter by letter, and taken out again."""
    for _ in range(number):
        program.press("/", QUIET_S)
        _gather(found, "filter letter", program, LETTERS)
        _gather(found, "filter letter", program, ["\x7f"] * len(LETTERS))
        program.press("\x1b", 0.2)


def _summed(seen: Sequence[tuple[float, float, float]]) -> dict[str, float]:
    first, last, used = zip(*seen, strict=True)
    middle: Callable[[Sequence[float]], float] = lambda each: 1e3 * statistics.median(each)  # noqa: E731
    return {
        "count": len(seen),
        "first_ms": middle(first),
        "ms": middle(last),
        "p99_ms": 1e3 * slowest(last),
        "cpu_ms": middle(used),
        "cpu_p99_ms": 1e3 * slowest(used),
    }
