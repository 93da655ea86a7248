"""The agenda as a map: dots upwards, hours to the right; what nobody would work on is at the left edge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from moot_client.drawing.cells import ACCENT, CARE, DIM, FULL, HERE, Canvas, Marks, Part, cut, width
from moot_client.drawing.scale import Scale, number, scale
from moot_client.views.pictures import AgendaMap, Point
from moot_shared.text import shown_line

LEAST_LABEL, LONGEST_LABEL = 10, 34  # more where it is wide
UP, ACROSS = "dots", "hours"
NOTHING = "No open issue has dots or hours yet."
_MARGIN, _BELOW, _ABOVE = 5, 2, 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """Lines, and the cell of each point: (x, y) by key."""

    lines: list[list[Part]]
    places: dict[str, tuple[int, int]]


def draw(picture: AgendaMap, wide: int, high: int, marks: Marks = FULL, here: str = "") -> Drawn:
    """The map in so many cells; `here` is the key of the point that is selected."""
    canvas = Canvas(wide, high)
    if not picture.points:
        canvas.put(_MARGIN, high // 2, cut(NOTHING, wide - _MARGIN, marks.more), DIM)
        return Drawn(canvas.lines(), {})
    places = _places(picture.points, wide, high)
    _axes(canvas, picture.points, marks)
    for cell, points in _cells(picture.points, places).items():
        _mark(canvas, cell, points, marks, here)
    _labels(canvas, picture.points, places, marks, here)
    return Drawn(canvas.lines(), places)


def _field(wide: int, high: int) -> tuple[int, int]:
    """How many cells the points have."""
    return max(wide - _MARGIN - 2, 2), max(high - _ABOVE - _BELOW, 2)


def _places(points: Sequence[Point], wide: int, high: int) -> dict[str, tuple[int, int]]:
    across, up = _field(wide, high)
    hours, dots = _scales(points, across, up)
    return {
        point.key: (_MARGIN + 1 + hours.at(point.hours, across), _ABOVE + up - 1 - dots.at(point.dots, up))
        for point in points
    }


def _scales(points: Sequence[Point], across: int, up: int) -> tuple[Scale, Scale]:
    return (
        scale(max(point.hours for point in points), max(across // 9, 1)),
        scale(max(point.dots for point in points), max(up // 2, 1)),
    )


def _axes(canvas: Canvas, points: Sequence[Point], marks: Marks) -> None:
    across, up = _field(canvas.wide, canvas.high)
    hours, dots = _scales(points, across, up)
    canvas.put(0, 0, UP, DIM)
    for y in range(_ABOVE, _ABOVE + up):
        canvas.put(_MARGIN, y, marks.up, DIM)
    for tick in dots.ticks():
        text = number(tick)
        canvas.put(_MARGIN - 1 - len(text), _ABOVE + up - 1 - dots.at(tick, up), text, DIM)
    base = _ABOVE + up
    canvas.put(_MARGIN, base, marks.corner + marks.across * across, DIM)
    for tick in hours.ticks():
        text = number(tick)
        x = _MARGIN + 1 + hours.at(tick, across)
        canvas.put(min(x, canvas.wide - len(text)), base + 1, text, DIM)
    canvas.put(0, base + 1, ACROSS, DIM)


def _cells(points: Sequence[Point], places: dict[str, tuple[int, int]]) -> dict[tuple[int, int], list[Point]]:
    found: dict[tuple[int, int], list[Point]] = defaultdict(list)
    for point in points:
        found[places[point.key]].append(point)
    return found


def _mark(canvas: Canvas, cell: tuple[int, int], points: list[Point], marks: Marks, here: str) -> None:
    """One sign for a cell: a dot, how many they are, or that nobody would work on it."""
    care = any(point.care for point in points)
    sign = marks.mine if points[0].mine else marks.dot
    if len(points) > 1:
        sign = str(len(points)) if len(points) < 10 else "+"
    elif care:
        sign = marks.care
    role = HERE if any(point.key == here for point in points) else CARE if care else ACCENT
    canvas.put(*cell, sign, role)
    canvas.take(cell[0] - 1, cell[1], 3)


def _labels(
    canvas: Canvas,
    points: Sequence[Point],
    places: dict[str, tuple[int, int]],
    marks: Marks,
    here: str,
) -> None:
    """Titles beside their points, the selected one's first, as many as stand free of each other.

    None takes so much that others have no room; what is left over then goes to those that were cut.
    """
    named: set[tuple[int, int]] = set()
    short: list[tuple[int, int, int, str, str, str]] = []
    for point in sorted(points, key=lambda point: point.key != here):
        x, y = place = places[point.key]
        if place in named:
            continue
        named.add(place)
        title, role = shown_line(point.title), HERE if point.key == here else ""
        rooms = [(_room(canvas, x + 2 * step, y, step), step) for step in (1, -1)]
        room, step = max(rooms, key=lambda side: min(side[0], width(title)))  # to the right, if it fits there
        if room < min(LEAST_LABEL, width(title)):
            continue
        label = cut(title, min(room, max(LONGEST_LABEL, canvas.wide // 3)), marks.more)
        _label(canvas, x, y, step, label, role)
        if label != title:
            short.append((x, y, step, label, title, role))
    for x, y, step, label, title, role in short:
        beside = x + step * (width(label) + 2)  # the cell that it has kept free of others
        more = 1 + _room(canvas, beside + step, y, step) if _MARGIN < beside < canvas.wide else 0
        _label(canvas, x, y, step, cut(title, width(label) + more, marks.more), role)


def _room(canvas: Canvas, x: int, y: int, step: int) -> int:
    """How many cells are free for words on that side; none of them is the axis's."""
    free = canvas.room(x, y, step)
    return free if step > 0 else min(free, max(x - _MARGIN, 0))


def _label(canvas: Canvas, x: int, y: int, step: int, label: str, role: str) -> None:
    """Words at the right or the left of a point."""
    left = x + 2 if step > 0 else x - 1 - width(label)
    canvas.put(left, y, label, role)
    canvas.take(left - 1, y, width(label) + 2)
