"""People: who belongs, in the order of their names; no figures beside them."""

from __future__ import annotations

from functools import partial

from textual.content import Content
from typing_extensions import override

from moot_client.tui.desk import Desk
from moot_client.tui.ink import DIM, STRONG, fit, line, write
from moot_client.tui.places.place import Listing, Place
from moot_client.tui.signs import Signs
from moot_client.tui.times import count
from moot_client.tui.widgets.items import Item
from moot_client.views.people import Member, members


class PeoplePlace(Place):
    """Members; `n` invites somebody."""

    name = "people"
    new = "invite"
    key_words = {"new": "invite"}

    @override
    def listing(self, desk: Desk) -> Listing:
        found = [m for m in members(desk.db, desk.me) if self.everything or not m.removed]
        items = [
            Item(f"member/{m.key}", partial(_draw, m), f"member/{m.key}", f"{m.label} {m.role} {m.about}")
            for m in found
        ]
        return Listing(items, write(count(sum(not m.removed for m in found), "member")))

    @override
    def empty(self) -> str:
        return "Nobody is here yet."


def _draw(member: Member, width: int, signs: Signs) -> Content:
    words = [member.role, "you" if member.me else "", "no longer a member" if member.removed else ""]
    side = write((", ".join(word for word in words if word), DIM))
    names = min(28, max(width // 3, 12))
    label = fit(line(member.label, STRONG if member.me else ""), names, signs.more)
    return fit(
        label + "  " + fit(side, 16, signs.more) + line(member.about.split("\n")[0], DIM), width, signs.more
    )
