"""What is where, as blocks: this machine, each relay, each member and each of their machines.

What is read from rows is read in a thread (`read`); how it stands with the relay now is drawn over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from moot_client.sync.ways import Place, places
from moot_client.tui.commands.registry import key_of
from moot_client.tui.company.link import Link
from moot_client.tui.company.status import under_way
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, CARE, DIM, STRONG, joined, line, text, write
from moot_client.tui.looks.sheet import Block
from moot_client.views.forks import aside_sentence, fork_sentence, forks, set_aside
from moot_client.views.people import Member, members, people
from moot_client.views.phrases import count
from moot_client.views.standing import Holder, Standing, standing
from moot_client.views.waiting import Waiting, waiting

STAYS_YOURS = (
    "What is here stays yours to read and to export (moot export); what you add, nobody else will see."
)


@dataclass(frozen=True, slots=True)
class Safe:
    """What rows say of it, at one moment."""

    standing: Standing
    waiting: Waiting
    members: tuple[Member, ...]
    earlier: tuple[Place, ...]
    """Other addresses at which this machine has been."""
    twice: tuple[tuple[str, bool], ...]
    """Sentences on what was said twice, and on what was set aside (False)."""


def read(desk: Desk) -> Safe:
    """Everything that is shown; may take a moment."""
    db, me = desk.db, desk.me
    known = people(db, me)
    said = [(fork_sentence(fork, desk.when), True) for fork in forks(db, known, me)]
    aside = [(aside_sentence(row), False) for row in set_aside(db, known, me)]
    found = standing(db, me)
    earlier = tuple(p for p in places(desk.replica) if p.url != found.relay) if desk.is_whole else ()
    belonging = tuple(member for member in members(db, me) if member.belongs)
    return Safe(found, waiting(db, me), belonging, earlier, (*said, *aside))


def blocks(safe: Safe, desk: Desk, link: Link) -> Iterator[Block]:
    """This machine, the relays, each member; then what was not accepted."""
    found = safe.standing
    here = write(f"has {count(found.changes, 'change')}, all of them on its disk")
    yield Block("This machine", here, gap=True)
    if found.gone:
        yield Block("You", text(f"{found.gone}. {STAYS_YOURS}", CARE), gap=True)
    yield from _relay(safe, desk, link)
    for place in safe.earlier:
        yield Block("Earlier relay", _earlier(place, found, link), gap=True)
    yield from _members(safe, desk)
    for sentence, first in safe.twice:
        yield Block("Said twice" if first else "", text(sentence, CARE if first else ""), gap=first)
    for refusal in found.refused:
        yield Block("Not accepted", text(refusal.reason, CARE), gap=True)
        if refusal.words:
            yield Block("your words", text(refusal.words))


# -- the relay -------------------------------------------------------------------------------------


def _relay(safe: Safe, desk: Desk, link: Link) -> Iterator[Block]:
    found = safe.standing
    url = link.url or found.relay
    if not url:
        words = f"none yet: this community lives on this machine. {key_of('host')} puts it on a relay."
        yield Block("The relay", write(words), gap=True)
        return
    meanwhile = bool(link.url and found.relay and link.url != found.relay)
    yield Block("Meanwhile at" if meanwhile else "The relay", line(url), gap=True)
    yield Block("", write((_state(desk, link), DIM)))
    if link.progress is not None:
        yield Block("", under_way(link.progress))
    yield from _stored(safe, desk, link)
    yield from _trouble(found, desk, link)
    if link.note:
        yield Block("", text(link.note, CARE))


def _state(desk: Desk, link: Link) -> str:
    if link.elsewhere:
        return "another Moot on this machine keeps in touch with it"
    if link.connected:
        return f"connected since {desk.when(link.since)}"
    return f"not reached since {desk.when(link.since)}" if link.since else "not reached yet"


def _stored(safe: Safe, desk: Desk, link: Link) -> Iterator[Block]:
    """What it has of mine, and what waits: never both of the same thing."""
    found = safe.standing
    who = f"{line(found.elsewhere).plain} has" if found.elsewhere else "it has"
    at = f" (last stored {desk.when(found.stored_at)})" if found.stored_at else ""
    if not found.waiting:
        yield Block("", write((f"{who} all of yours{at}" if at else "nothing of yours waits", DIM)))
        return
    if not at:
        yield Block("", write(("it has stored nothing of yours yet", DIM)))
    else:
        yield Block("", write((f"{who} what you did before{at}", DIM)))
    verb = "waits" if found.waiting == 1 else "wait"
    how = "on the way to it" if link.connected else f"{verb} to go out"
    if found.stays:
        how = f"{'stays' if found.waiting == 1 else 'stay'} on this machine"
    yield Block("", write(f"{count(found.waiting, 'change')} of yours {how}:"))
    for thing in safe.waiting.things:
        yield Block("", line(thing.title), target=thing.target, hang="  ")
    if safe.waiting.more:
        yield Block("", write((f"  and {safe.waiting.more} more", DIM)))


def _trouble(found: Standing, desk: Desk, link: Link) -> Iterator[Block]:
    """The last trouble, with what to do; while there is a connection only that there was one."""
    if not link.trouble or link.elsewhere or (link.ended and found.gone):
        return
    if link.connected:
        yield Block("", write((f"the last trouble was at {desk.when(link.trouble_at)}: ", DIM)))
        yield Block("", text(link.trouble, DIM))
        return
    yield Block(desk.when(link.trouble_at) if link.trouble_at else "", text(link.trouble, CARE))
    now = f"{key_of('again')} tries now"
    if link.next_try:
        yield Block("", write(f"tries again {_soon(link.next_try - desk.now())}, {now}"))
    elif link.since:
        yield Block("", write(("trying", DIM)))


def _soon(ms: int) -> str:
    """'in 40 s', 'in 9 minutes', 'now'."""
    seconds = round(ms / 1000)
    if seconds < 1:
        return "now"
    return f"in {seconds} s" if seconds < 100 else f"in {round(seconds / 60)} minutes"


def _earlier(place: Place, found: Standing, link: Link) -> Content:
    if link.connected and place.url == link.url:
        said = "here for the time being, until the home relay is back"
    elif place.tries:
        said = "it knows where the community is now, or is told by and by"
    else:
        said = "in use where the home relay does not answer"
    return line(place.url) + write((f"\n{said}", DIM))


# -- members ---------------------------------------------------------------------------------------


def _members(safe: Safe, desk: Desk) -> Iterator[Block]:
    label = "Members"
    for member in safe.members:
        holders = [holder for holder in safe.standing.holders if holder.member.key == member.key]
        if member.me and not holders:
            continue
        rows = [_machine(desk, holder, number) for number, holder in enumerate(holders)]
        if not rows:
            silent = write(("  has not said yet what they have", DIM))
            rows = [line(member.label, STRONG) + silent + _mark(desk, member.key in desk.around.names)]
        target = "" if member.me else f"member/{member.key}"
        yield Block(label, joined(rows, Content("\n")), target=target, gap=bool(label))
        label = ""


def _machine(desk: Desk, holder: Holder, number: int) -> Content:
    """What one machine has; a member who is here is marked once, whichever machine they are at."""
    member = holder.member
    lacks = f"does not have {count(holder.lacks, 'change')} of yours yet"
    has = lacks if holder.lacks else "has everything of yours"
    whose = f"{member.label}, another machine" if number else member.label
    here = not number and member.key in desk.around.names
    if member.me:
        whose, here = "another machine of yours", holder.actor in desk.around.machines
    told = write((f"  {has}, as of {desk.when(holder.at)}", DIM))
    return line(whose, STRONG) + told + _mark(desk, here)


def _mark(desk: Desk, here: bool) -> Content:
    return write((f"  {desk.signs.changed} here", ACCENT)) if here else Content("")
