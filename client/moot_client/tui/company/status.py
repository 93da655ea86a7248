"""The status line: three claims, each said only when it is true, and nothing that alarms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from moot_client.tui.commands.registry import key_of
from moot_client.tui.company.around import NOBODY, Around
from moot_client.tui.company.link import Link
from moot_client.tui.looks.ink import CARE, DIM, joined, line, write
from moot_client.tui.looks.signs import Signs
from moot_client.views.phrases import count, listed

if TYPE_CHECKING:
    from moot_client.sync.events import Progress
    from moot_client.views.standing import Standing


def status_line(
    standing: Standing,
    link: Link,
    when: Callable[[int], str],
    signs: Signs,
    width: int,
    others: Around = NOBODY,
    busy: str = "",
) -> Content:
    """On this machine; stored by the relay; who has it; who is here.

    What matters most comes first and stays longest; what is `busy` just now before all else.
    """
    parts = [(part,) for part in (write((busy, DIM)), *_parts(standing, link, when))]
    between = write((f" {signs.between} ", DIM))
    kept: list[Content] = []
    room = width
    for forms in (*parts, (line(others.sentence, DIM), line(others.brief, DIM))):
        before = between.cell_length if kept else 0
        fitting = (form for form in forms if form and form.cell_length + before <= room)
        part = next(fitting, None)
        if part is not None:
            kept.append(part)
            room -= part.cell_length + before
    return joined(kept, between)


def out_of_touch(standing: Standing, link: Link, when: Callable[[int], str]) -> Content:
    """'offline since 09:10', or nothing: it keeps its place whatever else is said."""
    lone = standing.gone or (not standing.relay and not link.url)
    if lone or link.connected or link.elsewhere or link.progress is not None or not link.since:
        return Content("")
    return write(f"offline since {when(link.since)}")


def _parts(standing: Standing, link: Link, when: Callable[[int], str]) -> Sequence[Content]:
    refused = len(standing.refused)
    first = (
        write((f"{count(refused, 'change')} of yours not accepted, {key_of('details')} shows why", CARE))
        if refused
        else Content("")
    )
    here = write("on this machine")
    if standing.gone:
        return (line(standing.gone, CARE), write("what is here stays yours to read", ""))
    if not standing.relay and not link.url:
        return (first, here, write(("no relay yet", DIM)))
    waiting = standing.waiting
    if link.progress is not None:
        return (first, under_way(link.progress), here)
    if link.elsewhere:
        waits = (
            write(f"{count(waiting, 'change')} on the way to the relay")
            if waiting
            else _stored(standing, when)
        )
        return (first, here, waits, write(("another Moot here keeps in touch", DIM)))
    if link.connected:
        stored = (
            _stored(standing, when)
            if not waiting
            else write(f"{count(waiting, 'change')} on the way to the relay")
        )
        return (first, here, stored, _has_it(standing))
    away = write(f"offline since {when(link.since)}" if link.since else "not connected yet")
    rest = _stored(standing, when)
    if waiting:
        verb = "waits" if waiting == 1 else "wait"
        rest = write(f"{count(waiting, 'change')} {verb} to go out")
    return (first, away, here, rest, _has_it(standing))


def under_way(progress: Progress) -> Content:
    """How far a large exchange has come: '12,000 of about 35,000 changes are here'."""
    what = "have gone out" if progress.sending else "are here"
    return write(f"{progress.done:,} of about {progress.of:,} changes {what}")


def _stored(standing: Standing, when: Callable[[int], str]) -> Content:
    if not standing.stored_at:
        return Content("")
    which = "another relay" if standing.elsewhere else "the relay"
    return write(f"stored by {which}, {when(standing.stored_at)}")


def _has_it(standing: Standing) -> Content:
    """Who has, by their own signed word, everything of mine."""
    names = sorted({h.member.label for h in standing.holders if not h.lacks and not h.member.me})
    if not names:
        return Content("")
    return line(f"{listed(names)} {'has' if len(names) == 1 else 'have'} it")
