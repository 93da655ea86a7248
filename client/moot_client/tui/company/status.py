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

Forms = tuple[Content, ...]
"""The ways to say one thing, the longest first; () where there is nothing to say."""
_TOUCH = ("another Moot here keeps in touch", "another Moot keeps in touch", "another Moot syncs")


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

    What matters most comes first and stays longest; what is `busy` just now before all else. Each is said
    shorter before one of them is left out.
    """
    here = _either(line(others.sentence, DIM), line(others.brief, DIM))
    parts = [_either(write((busy, DIM))), *_parts(standing, link, when), here]
    between = write((f" {signs.between} ", DIM))
    kept: list[list[Content]] = []  # what there is room for, each with the shorter ways to say it
    room = width + between.cell_length
    for forms in parts:
        least = forms[-1].cell_length + between.cell_length if forms else room + 1
        if least <= room:
            kept.append(list(forms))
            room -= least
    said = [forms.pop() for forms in kept]
    while wider := [  # whatever costs least is said in full first
        (forms[-1].cell_length - said[at].cell_length, at) for at, forms in enumerate(kept) if forms
    ]:
        cost, at = min(wider)
        if cost > room:
            break
        said[at], room = kept[at].pop(), room - cost
    return joined(said, between)


def _either(*forms: Content) -> Forms:
    """One thing and shorter ways to say it, as far as they are shorter."""
    ways: list[Content] = []
    for form in forms:
        if form and (not ways or form.cell_length < ways[-1].cell_length):
            ways.append(form)
    return tuple(ways)


def out_of_touch(standing: Standing, link: Link, when: Callable[[int], str]) -> Content:
    """'offline since 09:10', or nothing: it keeps its place whatever else is said."""
    lone = standing.gone or (not standing.relay and not link.url)
    if lone or link.connected or link.elsewhere or link.progress is not None or not link.since:
        return Content("")
    return write(f"offline since {when(link.since)}")


def _parts(standing: Standing, link: Link, when: Callable[[int], str]) -> Sequence[Forms]:
    refused = len(standing.refused)
    first = (
        _either(
            write((f"{count(refused, 'change')} of yours not accepted, {key_of('details')} shows why", CARE))
        )
        if refused
        else ()
    )
    here = _either(write("on this machine"), write("kept here"))
    if standing.gone:
        return (_either(line(standing.gone, CARE)), _either(write("what is here stays yours to read")))
    if not standing.relay and not link.url:
        return (first, here, _either(write(("no relay yet", DIM))))
    if link.progress is not None:
        return (first, _either(under_way(link.progress)), here)
    if link.connected or link.elsewhere:
        touch = _either(*(write((words, DIM)) for words in _TOUCH)) if link.elsewhere else _has_it(standing)
        return (first, here, _on_the_way(standing.waiting) or _stored(standing, when), touch)
    away = write(f"offline since {when(link.since)}" if link.since else "not connected yet")
    return (
        first,
        _either(away),
        here,
        _waiting(standing.waiting) or _stored(standing, when),
        _has_it(standing),
    )


def _on_the_way(waiting: int) -> Forms:
    going = f"{count(waiting, 'change')} on the way"
    return _either(write(f"{going} to the relay"), write(going)) if waiting else ()


def _waiting(waiting: int) -> Forms:
    waits = f"{count(waiting, 'change')} {'waits' if waiting == 1 else 'wait'}"
    return _either(write(f"{waits} to go out"), write(waits)) if waiting else ()


def under_way(progress: Progress) -> Content:
    """How far a large exchange has come: '12,000 of about 35,000 changes are here'."""
    what = "have gone out" if progress.sending else "are here"
    return write(f"{progress.done:,} of about {progress.of:,} changes {what}")


def _stored(standing: Standing, when: Callable[[int], str]) -> Forms:
    if not standing.stored_at:
        return ()
    which, at = "another relay" if standing.elsewhere else "the relay", when(standing.stored_at)
    return _either(write(f"stored by {which}, {at}"), write(f"on {which}, {at}"))


def _has_it(standing: Standing) -> Forms:
    """Who has, by their own signed word, everything of mine."""
    names = sorted({h.member.label for h in standing.holders if not h.lacks and not h.member.me})
    if not names:
        return ()
    has, others = ("has", "other") if len(names) == 1 else ("have", "others")
    return _either(line(f"{listed(names)} {has} it"), write(f"{len(names)} {others} {has} it"))
