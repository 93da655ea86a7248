"""A member: who they are here, and what they say of themselves. No figures about people."""

from __future__ import annotations

from collections.abc import Iterator

from moot_client.tui.desk import Desk
from moot_client.tui.ink import DIM, line, text, write
from moot_client.tui.sheet import Block, Sheet
from moot_client.tui.sheets.common import tags
from moot_client.views.people import Member, people


def member_sheet(desk: Desk, target: str, others: bool) -> Sheet:
    """The page of one member; `target` is 'member/<key text>'."""
    known = people(desk.db, desk.me)
    member = known[target.split("/", 1)[1]]
    words = (member.role, "you" if member.me else "", "no longer a member" if member.removed else "")
    return Sheet(
        "member",
        line(member.label, "bold"),
        tags(words, desk.signs.between),
        tuple(_blocks(member, known[member.invited_by] if member.invited_by else None)),
    )


def _blocks(member: Member, invited_by: Member | None) -> Iterator[Block]:
    if member.about:
        yield Block("About", text(member.about), gap=True)
    elif member.me:
        yield Block(
            "About", write(("nothing yet. e says your name and a few words about you.", DIM)), gap=True
        )
    came = line(invited_by.label) if invited_by else write("founded this community")
    yield Block("Invited by" if invited_by else "Came here", came, gap=True)
    yield Block("Key", write((member.key, DIM)), gap=True)
    yield Block("", write(("To be sure that it is them, compare this over another channel.", DIM)))
