"""A witness: reads every word that a member is shown about where work is safe, and looks there itself.

What is shown is what the interface and the command line show: the status line in each state of a
connection, the sync details, `moot status`, its JSON. What is true is read from files, with connections
of the witness's own: the relay's, this member's, and those of the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from moot_client.replica.replica import Replica
from moot_client.tui.company.status import status_line
from moot_client.tui.company.syncing import Link
from moot_client.tui.desk import Desk
from moot_client.tui.looks.signs import FULL
from moot_client.tui.sheets import safe
from moot_client.views.standing import standing
from moot_shared.format.change import decode_change
from tests.cli.shell import Shell
from tests.field.stage import changes
from tests.helpers.network import NOW, Client, Relay

URL = "ws://relay.example"
LINKS = (
    Link(),
    Link(connected=True, since=NOW, url=URL),
    Link(connected=False, since=NOW, url=URL, trouble="No relay is running."),
    Link(elsewhere=True, url=URL),
)
WAITING = re.compile(r"([\d,]+) changes? (?:of yours )?(?:waits?|on the way)")
OF_ALL = ("stored by the relay,", "on the relay,", "nothing waits", "all of yours")
"""Words that say that the relay has everything of mine."""


@dataclass
class Words:
    """Everything that one member is shown at one moment."""

    shown: list[str]
    changes: int

    @property
    def says_all_is_stored(self) -> bool:
        return any(words in text for text in self.shown for words in OF_ALL)

    @property
    def waiting(self) -> set[int]:
        """Every number of changes that is said to be on its way, or to wait."""
        return {int(n.replace(",", "")) for text in self.shown for n in WAITING.findall(text)}

    def says_has_it(self, name: str) -> bool:
        """Whether somebody is said to have everything of mine."""
        in_line = (re.search(rf"\b{name}\b[^·\n]*\b(has|have) it\b", text) for text in self.shown)
        in_page = (f"{name}  has everything of yours" in text for text in self.shown)
        in_status = (f"{name} has everything of yours" in text for text in self.shown)
        return any(in_line) or any(in_page) or any(in_status)


@dataclass
class Witness:
    """Looks at what is shown to `whom`, and at what is on the relay's disk and on everybody's."""

    relay: Relay
    whom: Replica
    others: Mapping[str, Replica]
    capsys: pytest.CaptureFixture[str]
    moments: int = 0
    seen: set[str] = field(default_factory=set)
    """Which claims were made at all, so that a test does not look at silence."""

    def shown(self) -> Words:
        """All of it."""
        view = standing(self.whom.reader(), self.whom.me)
        desk = Desk(self.whom, now=lambda: NOW)
        texts = []
        for link in LINKS:
            texts.append(status_line(view, link, desk.when, FULL, 1_000).plain)
            texts += [
                f"{block.label}\n{block.body.plain}" for block in safe.blocks(safe.read(desk), desk, link)
            ]
        home = self.whom.place.folder.parents[1]
        texts.append(Shell(home, self.capsys)("status").good().out)
        told = json.loads(Shell(home, self.capsys)("status", "--json").good().out)
        assert (told["waiting"], told["changes"]) == (view.waiting, view.changes)
        return Words(texts, view.changes)

    def look(self, _: object = None) -> None:
        """Every claim of this moment is true."""
        self.moments += 1
        words = self.shown()
        here = changes(self.whom.place.store)
        mine = {name for name, chunk in here.items() if decode_change(chunk).author == self.key}
        lacking = mine - changes(self.relay.folder / "relay.db").keys()
        assert words.changes <= len(here), "it is said to be on this machine, and is not"
        if words.says_all_is_stored:
            self.seen.add("stored")
            assert not lacking, f"it is said to be stored, and {len(lacking)} changes are not: {words.shown}"
        for number in words.waiting:
            self.seen.add("waiting")
            assert number >= len(lacking), f"{number} are said to wait, and {len(lacking)} do"
        for name, other in self.others.items():
            if words.says_has_it(name):
                self.seen.add("has it")
                assert mine <= changes(other.place.store).keys(), f"{name} is said to have it, and has not"

    @property
    def key(self) -> bytes:
        return self.whom.identity.public_key


def watched(witness: Witness, *clients: Client, frames: int = 1_000_000) -> bool:
    """Carry so many frames at most, and look after each one; whether there was an end to it before that."""
    for _ in range(frames):
        moved = False
        for client in clients:
            frame = client.session.next_frame() if client.socket.open and not client.trouble else None
            if frame is not None:
                witness.look()  # it has left the session, and nobody else has seen it
                client.socket.send(frame)
                witness.look()
            heard = client.receive_one()
            moved = moved or heard or frame is not None
            client.events += client.session.milestone()
            witness.look()
        if not moved:
            return True
    return False
