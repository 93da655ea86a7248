"""What each machine has: a row for this one, for the relay, and for each member."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.content import Content
from typing_extensions import override

from moot_client.tui.commands import bindings
from moot_client.tui.desk import Desk
from moot_client.tui.ink import CARE, DIM, STRONG, line, text, write
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.screens.hosting import HostScreen
from moot_client.tui.sheet import Block
from moot_client.tui.syncing import Link
from moot_client.tui.times import count
from moot_client.tui.widgets.page import Page
from moot_client.views.forks import aside_sentence, fork_sentence, forks, set_aside
from moot_client.views.people import members, people
from moot_client.views.standing import Standing, standing

STAYS_YOURS = (
    "What is here stays yours to read and to export (moot export); what you add, nobody else will see."
)


class DetailsScreen(MootScreen):
    """S: what is safe where, in rows; the last trouble in words, with what to do about it."""

    BINDINGS = bindings("back", "host", "again")

    @override
    def body(self) -> ComposeResult:
        yield Page(self.desk.signs)

    def on_mount(self) -> None:
        """Show it, and keep it true."""
        self.top.crumb("", write(("What is where", STRONG)), write(""))
        self._show(fresh=True)
        self.query_one(Page).focus()
        self.set_interval(1.0, lambda: self._show(fresh=False))

    @override
    def rows_changed(self) -> None:
        super().rows_changed()
        self._show(fresh=False)

    def _show(self, *, fresh: bool) -> None:
        self.query_one(Page).show(tuple(detail_blocks(self.desk, self.moot.link)), fresh=fresh)

    def action_back(self) -> None:
        """Esc."""
        self.dismiss()

    def action_again(self) -> None:
        """Do not wait for the next try."""
        self.moot.nudge()
        self.status.say("Asking the relay")

    async def action_host(self) -> None:
        """Put the community on a relay."""
        await self.app.push_screen(HostScreen(self.desk), self._hosted)

    def _hosted(self, url: str | None) -> None:
        if url:
            self.moot.nudge()
            self._show(fresh=False)
            others = len(people(self.desk.db, self.desk.me)) > 1
            then = (
                f"Members who know another address learn this one from a convenor: moot relay set {url}"
                if others
                else "Now you can invite: Esc, then 5, then n"
            )
            self.status.say(f"The relay {url} has stored everything. {then}", care=others)


def detail_blocks(desk: Desk, link: Link) -> Iterator[Block]:
    """This machine, the relay, each member; then what was not accepted, and the last trouble."""
    found = standing(desk.db, desk.me)
    yield Block(
        "This machine", write(f"has {count(found.changes, 'change')}, all of them on its disk"), gap=True
    )
    if found.gone:
        yield Block("You", text(f"{found.gone}. {STAYS_YOURS}", CARE), gap=True)
    yield Block("The relay", _relay(desk, found, link), gap=True)
    if link.trouble and not link.connected and not (link.ended and found.gone):
        yield Block("", text(link.trouble, CARE))
    if link.note:
        yield Block("", text(link.note, CARE))
    yield from _holders(desk, found)
    yield from _said_twice(desk)
    for refusal in found.refused:
        yield Block("Not accepted", text(refusal.reason, CARE), gap=True)
        if refusal.words:
            yield Block("your words", text(refusal.words))


def _said_twice(desk: Desk) -> Iterator[Block]:
    """Two different things under one name at one place, and what was set aside with it."""
    known = people(desk.db, desk.me)
    for fork in forks(desk.db, known, desk.me):
        yield Block("Said twice", text(fork_sentence(fork, desk.when), CARE), gap=True)
    for row in set_aside(desk.db, known, desk.me):
        yield Block("", text(aside_sentence(row)))


def _relay(desk: Desk, found: Standing, link: Link) -> Content:
    url = link.url or found.relay
    if not url:
        return write("none yet: this community lives on this machine. h puts it on a relay.")
    if link.connected:
        state = f"connected since {desk.when(link.since)}"
    else:
        state = f"not reached since {desk.when(link.since)}" if link.since else "not reached yet"
    who = line(found.elsewhere).plain if found.elsewhere else "it"
    stored = (
        f"{who} stored the last of yours at {desk.when(found.stored_at)}"
        if found.stored_at
        else "it has stored nothing of yours yet"
    )
    waits = (
        f"{count(found.waiting, 'change')} of yours {'waits' if found.waiting == 1 else 'wait'} to go out"
        if found.waiting
        else "nothing waits"
    )
    return line(url) + write((f"\n{state}\n{stored}\n{waits}", DIM))


def _holders(desk: Desk, found: Standing) -> Iterator[Block]:
    label = "Members"
    for member in members(desk.db, desk.me):
        receipts = [holder for holder in found.holders if holder.member.key == member.key]
        if (member.me and not receipts) or not member.belongs:
            continue
        for holder in receipts:
            lacks = f"does not have {count(holder.lacks, 'change')} of yours yet"
            has = lacks if holder.lacks else "has everything of yours"
            whose = "another machine of yours" if member.me else member.label
            yield Block(
                label,
                line(whose, STRONG) + write((f"  {has}, as of {desk.when(holder.at)}", DIM)),
                gap=bool(label),
            )
            label = ""
        if not receipts:
            yield Block(
                label,
                line(member.label, STRONG) + write(("  has not said yet what they have", DIM)),
                gap=bool(label),
            )
            label = ""
