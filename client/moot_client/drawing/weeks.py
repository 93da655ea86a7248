"""Words week by week, of the community as a whole: a band of bars for each kind, the months below."""

from __future__ import annotations

from datetime import UTC, datetime

from moot_client.drawing.cells import ACCENT, DIM, FULL, PLAIN, Canvas, Marks, Part, cut
from moot_client.drawing.scale import number
from moot_client.views.pictures import WEEK_MS, Activity

NOTHING = "Nothing was said here yet."
_MARGIN = 17
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def draw(picture: Activity, wide: int, high: int, marks: Marks = FULL) -> list[list[Part]]:
    """The bands in so many cells; the latest weeks where there is no room for all of them."""
    canvas = Canvas(wide, high)
    if not picture.weeks or not any(map(any, picture.counts.values())):
        canvas.put(2, high // 2, cut(NOTHING, wide - 2, marks.more), DIM)
        return canvas.lines()
    room = max(wide - _MARGIN - 1, 1)
    weeks = min(picture.weeks, room)
    each = max(min(room // weeks, 6), 1)
    first = picture.weeks - weeks
    names = [name for name in picture.counts if any(picture.counts[name])]
    band = max((high - 2) // len(names), 1)
    for at, name in enumerate(names):
        _band(canvas, at * band, band, name, picture.counts[name][first:], each, marks)
    _months(canvas, len(names) * band, picture.first + first * WEEK_MS, weeks, each, marks)
    return canvas.lines()


def _band(
    canvas: Canvas, top: int, band: int, name: str, counts: tuple[int, ...], each: int, marks: Marks
) -> None:
    """One kind: its name, its most in a week, and a bar a week; a line stays free between two bands."""
    high = max(band - 1, 1) if band > 1 else 1
    most = max(counts) or 1
    canvas.put(1, top + high - 1, name, PLAIN)
    if high > 1:
        canvas.put(1, top, f"most {number(max(counts))}", DIM)
    steps = len(marks.bars)
    for week, count in enumerate(counts):
        level = -(-count * high * steps // most)
        x = _MARGIN + week * each
        for row in range(high):
            full = min(max(level - row * steps, 0), steps)
            if full:
                bar = marks.bars[full - 1] * max(each - (each > 2), 1)
                canvas.put(x, top + high - 1 - row, bar, ACCENT)
        if not count:
            canvas.put(x, top + high - 1, "." if steps < 8 else "·", DIM)


def _months(canvas: Canvas, y: int, first: int, weeks: int, each: int, marks: Marks) -> None:
    """The axis, and the name of each month under its first Monday, where there is room; a year at January."""
    canvas.put(_MARGIN, y, marks.across * (weeks * each), DIM)
    free, before = 0, 0
    for week in range(weeks):
        day = datetime.fromtimestamp((first + week * WEEK_MS) / 1000, UTC)
        x = _MARGIN + week * each
        if day.month != before and x >= free:
            name = f"{_MONTHS[day.month - 1]} {day.year}" if day.month == 1 or not before else ""
            name = name if name and x + len(name) <= canvas.wide else _MONTHS[day.month - 1]
            if x + len(name) <= canvas.wide:
                canvas.put(x, y + 1, name, DIM)
                free, before = x + len(name) + 1, day.month
