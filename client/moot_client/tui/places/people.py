"""People: what they have to answer together, who belongs, by role, and invites; no figures beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from textual.content import Content
from typing_extensions import override

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, CARE, DIM, STRONG, fit, line, write
from moot_client.tui.looks.signs import Signs
from moot_client.tui.places.place import Listing, Place
from moot_client.tui.widgets.items import Item, blank, heading
from moot_client.views.invites import InviteRow, good_for, invites, what_became
from moot_client.views.people import Member, People, people
from moot_client.views.phrases import count
from moot_client.views.questions import Claim, Proposal, claims, how_many_more, proposals, what_is_missing

_ROLES = (("convenor", "Convenors"), ("member", "Members"), ("viewer", "Here to read"))


class PeoplePlace(Place):
    """Members; `n` invites somebody. `A` shows those who have gone, and invites that are over."""

    name = "people"
    new = "invite"
    key_words = {"new": "invite"}
    all_too = "who has gone too"
    away_words = ("Those who have gone are shown too, and invites that are over", "Only who is here")

    @override
    def listing(self, desk: Desk, first: int | None = None) -> Listing:
        known = people(desk.db, desk.me)
        items: list[Item] = []
        for title, group in self._groups(desk, known):
            lines = list(group)
            if lines:
                items += [*([blank(title)] if items else []), heading(title), *lines]
        self.still = len([m for m in known if m.belongs]) > 1  # who is alone has nothing that could move
        if sum(bool(item.target) for item in items) == 1:
            alone = f"Nobody else is here yet: {key_of('new')} invites somebody."
            items += [blank(alone), heading(alone)]
        return Listing(items, write(count(len(known), "member")))

    def _groups(self, desk: Desk, known: People) -> Iterator[tuple[str, Iterable[Item]]]:
        asked = [_proposal(one) for one in proposals(desk.db, known, desk.me)]
        yield "To answer together", [*asked, *(_claim(one) for one in claims(desk.db, known, desk.me))]
        for role, title in _ROLES:
            yield title, (_member(desk, known, m) for m in known if m.belongs and m.role == role)
        if self.everything:
            yield "No longer here", (_member(desk, known, m) for m in known if not m.belongs)
        rows = [row for row in invites(desk.db, known, desk.now()) if row.open or self.everything]
        yield "Invites" if self.everything else "Open invites", (_invite(desk, row) for row in rows)

    @override
    def empty(self) -> str:
        return f"Nobody is here yet. {key_of('new')} invites somebody."


def _member(desk: Desk, known: People, member: Member) -> Item:
    marks = [] if member.belongs else [known.what(member)]
    marks += ["you"] if member.me else []
    if member.belongs and member.invited_by:
        marks.append(f"let in by {known[member.invited_by].label}")
    elif member.belongs:
        marks.append("founded it")
    name = member.name if member.now and member.name else member.label
    here = member.key in desk.around.names
    draw = partial(_draw, name, here, ", ".join(marks), member.about.split("\n")[0], member.me)
    target = f"member/{member.key}"
    return Item(target, draw, target, f"{name} {known.what(member)} {member.about}".casefold())


def _draw(name: str, here: bool, marks: str, about: str, strong: bool, width: int, signs: Signs) -> Content:
    names = min(28, max(width // 3, 12))
    label = fit(line(name, STRONG if strong else ""), names, signs.more)
    now = write((f"{signs.changed} here", ACCENT), (f" {signs.between} " if marks else "", DIM))
    side = (now if here else Content("")) + line(marks, DIM)
    if about:
        side = fit(side, min(max(side.cell_length, 18), width), signs.more) + write("  ") + line(about, DIM)
    return fit(label + "  " + side, width, signs.more)


def _proposal(one: Proposal) -> Item:
    whom = "You" if one.whom.me else one.whom.label
    return _question(one.target, f"{whom} as a convenor?", how_many_more(one), one.open_to_me)


def _claim(one: Claim) -> Item:
    later = "Were you" if one.later.me else f"Was {one.later.label}"
    return _question(
        one.target, f"{later} here before as {one.earlier.label}?", what_is_missing(one), one.open_to_me
    )


def _question(target: str, words: str, state: str, waits: bool) -> Item:
    def draw(width: int, signs: Signs) -> Content:
        left = line(words, CARE if waits else "")
        return fit(left + write("   ") + line(state, DIM), width, signs.more)

    return Item(target, draw, target, f"{words} {state}".casefold())


def _invite(desk: Desk, row: InviteRow) -> Item:
    until = f"until {desk.when(row.expires)}" if row.expires else "until taken back"
    state = what_became(row) if not row.open else until
    by = "you" if row.author.me else row.author.label

    def draw(width: int, signs: Signs) -> Content:
        what, then = line(f"{row.what}, {good_for(row)}"), line(f"  {state}, by {by}", DIM)
        names = max(min(28, max(width // 3, 12)), min(what.cell_length, width - then.cell_length))
        return fit(fit(what, names, signs.more) + then, width, signs.more)

    return Item(row.target, draw, row.target, f"invite {row.what} {row.author.label} {state}".casefold())
