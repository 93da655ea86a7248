"""News as a few lines: the first things of each group, and where that is too much one line a group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from moot_client.views.news import MOST, Group
from moot_client.views.phrases import TodayLine
from moot_shared.frozen import replace

ROOM = 9  # lines: half of a small screen, so that what waits for me is seen as well
NAMED = 3  # things of one group
_LAST = ("merge", "people")  # folded after all others
_PLACES = {"review": "lessons", "lesson": "lessons", "note": "lessons", "use": "lessons", "people": "people"}


def fitted(groups: Sequence[Group], room: int, opened: frozenset[str]) -> tuple[TodayLine, ...]:
    """Groups in about `room` lines; those that were `opened` have as many as they need."""
    groups = [_named(group) for group in groups]
    folded: set[str] = set()
    while _height(groups, folded, opened) > room:
        long = [g for g in groups if g.name not in folded | opened and g.total > 1]
        if not long:
            break
        folded.add(max(long, key=lambda g: (g.name not in _LAST, _lines(g))).name)
    return tuple(line for group in groups for line in _shown(group, group.name in folded))


def _named(group: Group) -> Group:
    """The first things of a group; one more takes no more room than a line that says there is one more."""
    most = NAMED if group.total > len(group.lines) == NAMED + 1 else len(group.lines)
    return replace(group, lines=group.lines[:most])


def _height(groups: Sequence[Group], folded: set[str], opened: frozenset[str]) -> int:
    return sum(1 if group.name in folded else _lines(group) for group in groups if group.name not in opened)


def _lines(group: Group) -> int:
    return len(group.lines) + (group.total > len(group.lines))


def _shown(group: Group, folded: bool) -> Iterator[TodayLine]:
    if folded:
        first, rest = group.lines[0](), group.total - 1
        more = f"and {rest} more"
        text = f"{first.text} {more}" if not first.label else f"{group.label}: ‘{first.title}’ {more}"
        label = group.label if first.label else ""
        title = first.title or first.text
        yield TodayLine(text, first.target, label, title, more, group.name, first.named)
        return
    for number, line in enumerate(read() for read in group.lines):
        yield replace(
            line, label=group.label if line.label and not number else "", title=line.title or line.text
        )
    rest = group.total - len(group.lines)
    if rest > 0:
        whole = len(group.lines) >= MOST
        place = _PLACES.get(group.name.removeprefix("new "), "agenda")
        target, name = (f"place/{place}", "") if whole else ("", group.name)
        yield TodayLine(f"and {rest} more {group.rest}", target, "", f"and {rest} more", "", name)
