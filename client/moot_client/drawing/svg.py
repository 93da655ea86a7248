"""The pictures as SVG: light and dark as the page is, with words for who does not see them, always the same.

What people wrote is text in it, escaped: no sign of theirs begins an element, and nothing is fetched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from moot_client.drawing.agenda import NOTHING as NO_POINTS
from moot_client.drawing.cells import cut
from moot_client.drawing.scale import number, scale
from moot_client.drawing.weeks import NOTHING as NO_WORDS
from moot_client.views.phrases import count
from moot_client.views.pictures import WEEK_MS, Activity, AgendaMap, Point
from moot_shared.text import shown_line

WIDE, HIGH = 960, 600
LEFT, RIGHT, TOP, BOTTOM = 70, 30, 40, 60
NAMED, LETTER = 24, 7.2  # how many issues are named in words, and how wide a letter is about
_STYLE = """
svg { background: #ffffff; color: #1f2328; font: 13px system-ui, sans-serif; }
text { fill: currentColor; } .dim { fill: #656d76; } .axis { stroke: #656d76; stroke-width: 1; }
.dot { fill: #0b6bcb; } .care { fill: #b35900; } .bar { fill: #0b6bcb; } .name { font-size: 12px; }
.sign { fill: #ffffff; font-weight: bold; }
@media (prefers-color-scheme: dark) {
  svg { background: #101418; color: #e6e8eb; } .dim { fill: #9aa4af; } .axis { stroke: #9aa4af; }
  .dot { fill: #6cb6ff; } .care { fill: #f0a35e; } .bar { fill: #6cb6ff; } .sign { fill: #101418; }
}
"""


def of_map(picture: AgendaMap) -> str:
    """Dots against hours: a circle where issues are, larger where they are several."""
    told = (
        f"{count(len(picture.points), 'open issue')} with dots or hours. "
        "An exclamation mark: it has dots, and nobody would give an hour yet."
    )
    return _document("The agenda as a map", told, _map(picture))


def _map(picture: AgendaMap) -> Iterator[str]:
    if not picture.points:
        yield _text(WIDE / 2, HIGH / 2, NO_POINTS, "dim", "middle")
        return
    across, up = WIDE - LEFT - RIGHT, HIGH - TOP - BOTTOM
    hours = scale(max(point.hours for point in picture.points), 8)
    dots = scale(max(point.dots for point in picture.points), 8)
    yield from _frame()
    for tick in hours.ticks():
        yield _text(LEFT + tick / hours.end * across, HIGH - BOTTOM + 28, number(tick), "dim", "middle")
    for tick in dots.ticks():
        yield _text(LEFT - 22, HIGH - BOTTOM - tick / dots.end * up + 4, number(tick), "dim", "end")
    yield _text(LEFT + across / 2, HIGH - 14, "hours that members would give", "dim", "middle")
    yield _text(LEFT - 40, TOP - 16, "dots", "dim")
    groups: dict[tuple[float, int], list[Point]] = defaultdict(list)
    for point in picture.points:
        groups[point.hours, point.dots].append(point)
    placed = {
        (LEFT + at_hours / hours.end * across, HIGH - BOTTOM - at_dots / dots.end * up): found
        for (at_hours, at_dots), found in groups.items()
    }
    for (x, y), found in placed.items():
        yield from _circle(x, y, found)
    yield from _names(placed)


def _circle(x: float, y: float, found: list[Point]) -> Iterator[str]:
    care = any(point.care for point in found)
    radius = _radius(found)
    names = "; ".join(_line(point) for point in found[:5]) + (" …" if len(found) > 5 else "")
    look, title = "care" if care else "dot", f"<title>{_safe(names)}</title>"
    yield f'<circle class="{look}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}">{title}</circle>'
    if care:
        yield _text(x, y + 5, "!", "sign", "middle")
    elif len(found) > 1:
        yield _text(x, y - radius - 4, str(len(found)), "name", "middle")


def _radius(found: list[Point]) -> int:
    return min((8 if any(point.care for point in found) else 5) + len(found), 14)


def _line(point: Point) -> str:
    return f"{point.title} ({count(point.dots, 'dot')}, {point.hours:g} h)"


def _names(placed: dict[tuple[float, float], list[Point]]) -> Iterator[str]:
    """The most telling issues in words, where no two stand upon each other."""
    taken = [(x - _radius(found), x + _radius(found), y) for (x, y), found in placed.items()]
    for (x, y), found in list(placed.items())[:NAMED]:
        title = cut(shown_line(found[0].title), 40)
        long = len(title) * LETTER
        start = x + 20 if x + 20 + long < WIDE else x - 20 - long
        if start > 0 and not any(abs(y - v) < 18 and start < b and a < start + long for a, b, v in taken):
            taken.append((start, start + long, y))
            yield _text(start, y + 4, title, "name")


def of_activity(picture: Activity) -> str:
    """A band of bars for each kind of words."""
    said = "; ".join(f"{name}: {sum(weeks)}" for name, weeks in picture.counts.items() if any(weeks))
    told = f"Words a week, of the community as a whole, in {picture.weeks} weeks. {said}."
    return _document("What we said, week by week", told, _activity(picture))


def _activity(picture: Activity) -> Iterator[str]:
    names = [name for name, weeks in picture.counts.items() if any(weeks)]
    if not names:
        yield _text(WIDE / 2, HIGH / 2, NO_WORDS, "dim", "middle")
        return
    left = LEFT + 80
    each = (WIDE - left - RIGHT) / picture.weeks
    band = (HIGH - TOP - BOTTOM) / len(names)
    for at, name in enumerate(names):
        base = TOP + (at + 1) * band - 8
        most = max(picture.counts[name])
        yield _text(left - 12, base, name, "name", "end")
        yield _text(left - 12, base - band + 30, f"most {number(most)}", "dim name", "end")
        yield f'<line class="axis" x1="{left}" y1="{base:.1f}" x2="{WIDE - RIGHT}" y2="{base:.1f}"/>'
        for week, words in enumerate(picture.counts[name]):
            if words:
                high = words / most * (band - 16)
                title = f"<title>{_safe(f'{_day(picture, week)}: {words} {name}')}</title>"
                yield (
                    f'<rect class="bar" x="{left + week * each:.1f}" y="{base - high:.1f}" '
                    f'width="{max(each - 2, 1):.1f}" height="{high:.1f}">{title}</rect>'
                )
    for week in range(0, picture.weeks, max(picture.weeks // 6, 1)):
        yield _text(left + week * each, HIGH - BOTTOM + 24, _day(picture, week), "dim name")


def _day(picture: Activity, week: int) -> str:
    return f"{datetime.fromtimestamp((picture.first + week * WEEK_MS) / 1000, UTC):%Y-%m-%d}"


def _frame() -> Iterator[str]:
    base = HIGH - BOTTOM
    yield f'<line class="axis" x1="{LEFT}" y1="{base}" x2="{WIDE - RIGHT}" y2="{base}"/>'
    yield f'<line class="axis" x1="{LEFT}" y1="{TOP}" x2="{LEFT}" y2="{base}"/>'


def _text(x: float, y: float, words: str, look: str = "", anchor: str = "start") -> str:
    return f'<text class="{look}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{_safe(words)}</text>'


def _safe(words: str) -> str:
    return escape(shown_line(words)).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def _document(title: str, told: str, body: Iterator[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        'aria-labelledby="title desc">'
    )
    parts = [head, f'<title id="title">{_safe(title)}</title>', f'<desc id="desc">{_safe(told)}</desc>']
    return "\n".join([*parts, f"<style>{_STYLE}</style>", *body, "</svg>"]) + "\n"
