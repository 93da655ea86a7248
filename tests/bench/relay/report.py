"""What was measured, as tables that people read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.measure import table

Figures = Mapping[str, Any]
"""Of one server: the median of each figure, by name; a work that it does not have is not there."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the main table."""

    name: str
    figure: str
    shown: str = "{:.2f}"
    must: str = ""
    aim: str = ""
    more_is_better: bool = False


ROWS = (
    Row(
        "one writer, 10 listeners, closed loop, p50, ms", "closed 10 p50_ms", must="1/30", aim="Hocuspocus's"
    ),
    Row("p99, ms", "closed 10 p99_ms"),
    Row("with 50 listeners, p50, ms", "closed 50 p50_ms"),
    Row("p99, ms", "closed 50 p99_ms"),
    Row("open loop, 10 listeners, edits/s", "open edits_per_s", "{:,.0f}", "6", "12", True),
    Row("relay's CPU s per 1,000 edits, open loop", "open cpu_s_per_1000", must="1/5", aim="1/10"),
    Row("generator's CPU s per 1,000 edits", "open generator_cpu_s_per_1000"),
    Row("bytes down per edit and listener", "open down_bytes_per_edit", "{:.0f}"),
    Row("10 writers x 200 edits, all have all, s", "writers s", must="3 s", aim="0.6 s"),
    Row("cold join, bytes down", "join down", "{:,.0f}", "1", "0.9"),
    Row("bytes up", "join up", "{:,.0f}"),
    Row("cold join, s", "join s"),
    Row("cold join right after a restart, s", "restarted s", must="1/2", aim="1/4"),
    Row("memory after seeding that document, MiB", "seeded memory_mib", "{:.0f}", "3/4", "1/3"),
    Row("seeding it, s", "seeded s"),
    Row("500 + 500 reconnect, bytes against raw", "apart ratio", must="1.1 in all", aim="0.6 in all"),
    Row("the same, s", "apart s"),
)


def main_table(found: Mapping[str, Figures]) -> str:
    """Every server's figures, and what ours are of the stock relay's."""
    names = list(found)
    compared = "open" in found and "am2" in found
    head = ["", *names, *(["open / am2", "must", "aim"] if compared else [])]
    lines = []
    for row in ROWS:
        if not any(row.figure in found[name] for name in names):
            continue
        line = [row.name, *(_cell(found[name], row) for name in names)]
        lines.append(line + ([_ratio(found, row), row.must, row.aim] if compared else []))
    return table(head, lines)


def curve(title: str, steps: Sequence[Figures], first: str) -> str:
    """A figure that should not grow."""
    rows = [
        (
            f"{step[first]:,}",
            f"{step['p50_ms']:.2f}",
            f"{step['cpu_s_per_1000']:.2f}",
            f"{step['memory_mib']:.0f}",
        )
        for step in steps
    ]
    return table((title, "p50, ms", "CPU s per 1,000 edits", "memory, MiB"), rows)


def bad_readers(found: Mapping[str, Any]) -> str:
    """The others, with and without those who do not read."""
    rows = [
        (name, f"{each['p50_ms']:.2f}", f"{each['p99_ms']:.2f}", f"{each['edits_per_s']:,.0f}")
        for name, each in (("10 listeners", found["well"]), ("and a dead and a slow one", found["ill"]))
    ]
    return table(("", "p50, ms", "p99, ms", "edits/s"), rows)


def _cell(figures: Figures, row: Row) -> str:
    value = figures.get(row.figure)
    if value is None:
        return "not in 60" if figures.get(row.figure + " failed") else "-"
    return row.shown.format(value)


def _ratio(found: Mapping[str, Figures], row: Row) -> str:
    ours, theirs = found["open"].get(row.figure), found["am2"].get(row.figure)
    if not ours or not theirs:
        return ""
    ratio = ours / theirs
    write: Callable[[float], str] = lambda n: f"{n:.1f}" if n < 10 else f"{n:.0f}"  # noqa: E731
    return write(ratio) if ratio >= 1 else f"1/{write(1 / ratio)}" if ratio < 0.5 else f"{ratio:.2f}"
