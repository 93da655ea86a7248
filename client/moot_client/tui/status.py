"""The status line: three claims, each said only when it is true, and nothing that alarms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from moot_client.tui.ink import CARE, DIM, joined, line, write
from moot_client.tui.link import Link
from moot_client.tui.signs import Signs
from moot_client.tui.times import count, listed

if TYPE_CHECKING:
    from moot_client.views.standing import Standing


def status_line(
    standing: Standing, link: Link, when: Callable[[int], str], signs: Signs, width: int
) -> Content:
    """On this machine; stored by the relay; who has it. What matters most comes first and stays longest."""
    parts = [part for part in _parts(standing, link, when) if part]
    between = write((f" {signs.between} ", DIM))
    kept: list[Content] = []
    room = width
    for part in parts:
        need = part.cell_length + (between.cell_length if kept else 0)
        if need <= room:
            kept.append(part)
            room -= need
    return joined(kept, between)


def _parts(standing: Standing, link: Link, when: Callable[[int], str]) -> Sequence[Content]:
    refused = len(standing.refused)
    first = (
        write((f"{count(refused, 'change')} of yours not accepted, S shows why", CARE))
        if refused
        else Content("")
    )
    here = write("on this machine")
    if standing.gone:
        return (line(standing.gone, CARE), write("what is here stays yours to read", ""))
    if not standing.relay and not link.url:
        return (first, here, write(("no relay yet", DIM)))
    waiting = standing.waiting
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
