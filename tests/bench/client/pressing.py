"""From a key to what it paints, end to end on a pseudo-terminal, on 2,000 issues and ten times as many.

A key is written, and then what the program writes is read until it has been quiet for a while. Three moments
are told apart:

    first     something is written
    changed   what was asked for is on screen, told by words of its own: the line that was moved to, the list
              that a letter has narrowed, the dots that were chosen. A kept vote is changed when it is said to
              be kept, which is once it is on the disk: its line has gone from the bar at `first`
    last      all that follows as well: the page beside the list, what else the keys line says

So the time holds the terminal's two ways, the key's work, the disk, the layout and the drawing. The yardstick
is a key that changes one static widget.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.bench.client.homes import complete, copied
from tests.bench.client.painting import ROW, YARD
from tests.bench.client.pty import Program, interface, plain
from tests.bench.measure import slowest

QUIET_S = 0.12
"""Nothing more follows: the page beside a list is read 40 ms after the last move, and then drawn."""
SIZE = 40, 120
EACH = 150
VOTES = 40
AIM_MS, AIM_P99_MS = 16.0, 33.0
LETTERS = "handover"
CURSOR = "▸"
SHOWS = {
    "move": CURSOR,
    "page": CURSOR,
    "vote begun": "Your dots",
    "vote's figure": "●",
    "vote kept": "Your dots: ●",
    "filter letter": CURSOR,
}
"""By what one sees that a key's change is there: the selected line is drawn with each change of the list."""
Seen = dict[str, list[tuple[float, float, float, float, float]]]
"""By the key: first, changed, last, and the processor's time of the interface's thread and of all."""


def measured(scale: float, each: int = EACH) -> dict[str, Any]:
    """Milliseconds: to the first, the change and the last of what each kind of key paints."""
    with copied(complete(scale)) as home, interface(home, "--place", "agenda", size=SIZE) as program:
        program.until(ROW)
        program.idle()
        with plain(SIZE) as yard:
            yard.until(YARD)
            yard.idle()
            found: Seen = {}
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


def _gather(found: Seen, name: str, program: Program, keys: Sequence[str] | Iterator[str]) -> None:
    for key in keys:
        own, used = program.own(), program.used()
        seen = program.press(key, QUIET_S, SHOWS.get(name, ""))
        if seen is not None and seen.changed == seen.changed:  # no change was to be seen: nothing to time
            found.setdefault(name, []).append((*seen, program.own() - own, program.used() - used))
        program.idle(0.05, 2.0)  # the next key is to meet nothing of this one


def _votes(found: Seen, program: Program, number: int) -> None:
    """A vote is begun, a figure is chosen, and it is kept: three keys, each by itself."""
    for turn in range(number):
        _gather(found, "vote begun", program, ["v"])
        _gather(found, "vote's figure", program, [str(turn % 2 + 1)])
        _gather(found, "vote kept", program, ["\r"])
        program.press("j", QUIET_S)
        program.idle(0.05, 2.0)


def _filters(found: Seen, program: Program, number: int) -> None:
    """A word is typed into the filter letter by letter, and taken out again."""
    for _ in range(number):
        program.press("/", QUIET_S)
        _gather(found, "filter letter", program, LETTERS)
        _gather(found, "filter letter", program, ["\x7f"] * len(LETTERS))
        program.press("\x1b", 0.2)


def _summed(seen: Sequence[tuple[float, float, float, float, float]]) -> dict[str, float]:
    first, changed, last, own, used = zip(*seen, strict=True)
    middle: Callable[[Sequence[float]], float] = lambda each: 1e3 * statistics.median(each)  # noqa: E731
    return {
        "count": len(seen),
        "first_ms": middle(first),
        "ms": middle(changed),
        "p99_ms": 1e3 * slowest(changed),
        "last_ms": middle(last),
        "own_ms": middle(own),
        "cpu_ms": middle(used),
        "cpu_p99_ms": 1e3 * slowest(used),
    }
