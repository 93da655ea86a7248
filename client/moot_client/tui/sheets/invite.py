"""An invite: what it is good for, what became of it, who came by it."""

from __future__ import annotations

from collections.abc import Iterator

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import DIM, STRONG, line, write
from moot_client.tui.looks.sheet import Block, Sheet
from moot_client.tui.sheets.common import name
from moot_client.views.invites import InviteRow, good_for, invites, what_became
from moot_client.views.people import people
from moot_shared.errors import NotFound

LINK = (
    "Whoever has it reads everything in this community, what is written from now on too, and nobody can see "
    "who that is. Nobody joins or writes by it. It was shown once, to whoever made it. {} takes it back."
)
LINK_OVER = "The relay shows nothing by it any more. Whoever read by it keeps what they have read."


def invite_sheet(desk: Desk, target: str, others: bool) -> Sheet:
    """The page of one invite; `target` is 'invite/<its key>'."""
    found = invites(desk.db, people(desk.db, desk.me), desk.now())
    row = next((one for one in found if one.target == target), None)
    if row is None:
        raise NotFound("There is no such invite here.")
    title = "A viewer link" if row.is_link else "An invite"
    return Sheet("invite", write((title, STRONG)), line(what_became(row), DIM), tuple(_blocks(desk, row)))


def _blocks(desk: Desk, row: InviteRow) -> Iterator[Block]:
    made = f"  {desk.when(row.said)}" if row.said else ""
    yield Block("Made by", name(row.author) + write((made, DIM)), gap=True)
    yield Block("Lets in", write(f"{row.what}, {good_for(row)}"))
    end = "it is taken back" if row.is_link else "it is used up or taken back"
    yield Block("Good until", write(desk.when(row.expires) if row.expires else end))
    if row.is_link:
        yield Block("", write((LINK.format(key_of("take_back")) if row.open else LINK_OVER, DIM)), gap=True)
        return
    label = "Came by it"
    for member in row.came:
        yield Block(label, line(member.label), target=f"member/{member.key}", gap=bool(label))
        label = ""
    if not row.came:
        yield Block("Came by it", write(("nobody yet", DIM)), gap=True)
    if row.open:
        words = (
            "Whoever has its line can use it. The line was shown once, to whoever made it. "
            f"{key_of('take_back')} takes it back."
        )
        yield Block("", write((words, DIM)), gap=True)
