"""A member: who they are here, and what they say of themselves. No figures about people."""

from __future__ import annotations

from collections.abc import Iterator

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import DIM, line, text, write
from moot_client.tui.looks.sheet import Block, Sheet
from moot_client.tui.sheets.common import tags
from moot_client.views.people import Member, People, people


def member_sheet(desk: Desk, target: str, others: bool) -> Sheet:
    """The page of one member; `target` is 'member/<key text>'. The key itself is shown to who asks for it."""
    known = people(desk.db, desk.me)
    member = known[target.split("/", 1)[1]]
    here = "here" if member.key in desk.around.names else ""
    words = (line(known.what(member)).plain, "you" if member.me else here)
    return Sheet(
        "member",
        line(member.name if member.now and member.name else member.label, "bold"),
        tags(words, desk.signs.between),
        tuple(_blocks(desk, known, member, shown=others)),
    )


def _blocks(desk: Desk, known: People, member: Member, *, shown: bool) -> Iterator[Block]:
    if member.about:
        yield Block("About", text(member.about), gap=True)
    elif member.key == desk.me:
        yield Block(
            "About",
            write((f"nothing yet. {key_of('edit')} says your name and a few words about you.", DIM)),
            gap=True,
        )
    if member.invited_by:
        yield Block("Let in by", line(known[member.invited_by].label), gap=True)
    else:
        yield Block("Came here", write("founded this community"), gap=True)
    yield from _gone(desk, known, member)
    yield from _selves(desk, known, member)
    if shown:
        yield Block("Key", write((member.key, DIM)), gap=True)
        yield Block("", write(("To be sure that it is them, compare this over another channel.", DIM)))
    else:
        whose, who = ("your", "you") if member.me else ("their", "them")
        words = f"{key_of('others')} shows {whose} key, to be sure that it is {who}."
        yield Block("", write((words, DIM)), gap=True)


def _gone(desk: Desk, known: People, member: Member) -> Iterator[Block]:
    if member.gone is None or not member.removed:
        return
    by = known[member.gone.by]
    how = write("by themself") if by.key == member.key else write("by ") + line(by.label)
    yield Block("Ended", how + write((f"  {desk.when(member.gone.at)}", DIM)), gap=True)
    if member.gone.why:
        yield Block("Why", text(member.gone.why))


def _selves(desk: Desk, known: People, member: Member) -> Iterator[Block]:
    if member.now:
        now = known[member.now]
        yield Block("Now", line(now.label), target=f"member/{now.key}", gap=True)
        yield Block(
            "", write(("A key that was lost. What was said with it counts as the same person's.", DIM))
        )
        return
    for earlier in known:
        if earlier.now == member.key:
            called = line(earlier.name or "somebody without a name")
            yield Block("Here before as", called, target=f"member/{earlier.key}", gap=True)
    mine = known[desk.me]
    alike = mine.name and member.name.casefold() == mine.name.casefold()
    if alike and not member.me and mine.belongs:
        words = f"If this was you, on a machine that is lost with its words: {key_of('claim')} says so."
        yield Block("", write((words, DIM)), gap=True)
