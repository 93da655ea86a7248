"""Two members from nothing to a shared review, with the relay gone in the middle.

Mara founds a community, puts it on a relay and invites Joon. He joins, lists an issue and votes; they review
a piece of work together. Then the relay is gone: both write on, also into the same paragraph. It comes back,
and everybody has everything.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.helpers.relay_process import RelayProcess
from tests.helpers.tmux import Tmux, Window

Look = Callable[[str, Window], None]
"""Shown each step's name, and the window: what it has `seen` is the screen to look at."""


class Story:
    """The parts, in order; each leaves a screen worth looking at."""

    def __init__(self, folder: Path, tmux: Tmux, relay: RelayProcess, look: Look) -> None:
        self._folder, self._tmux, self._relay, self._look = folder, tmux, relay, look

    def play(self) -> None:
        """All of it."""
        self.mara = self._founds("Mara")
        self._puts_it_on_the_relay()
        self.joon = self._joins("Joon", self._invites())
        self._lists_and_votes()
        self._review_together()
        self._offline()
        self._back()
        for window in (self.mara, self.joon):
            window.presses("C-q")
            window.ends()

    def _founds(self, name: str) -> Window:
        window = self._tmux.moot(self._folder / name)
        window.sees("Found a community")
        self._look("the first screen of all", window)
        window.presses("Enter")
        window.sees("as its members will call it")
        window.types("Northern cohort")
        window.presses("Enter")
        window.types(name)
        window.presses("Enter")
        window.sees("Your recovery words")
        self._look("a community was founded", window)
        window.presses("Escape")
        window.sees("Waiting for you", instead_of="Your recovery words")
        window.sees("ends the tour")
        self._look("Today, where nothing is yet, and the tour", window)
        self._leaves(window, "ends the tour")
        return window

    def _puts_it_on_the_relay(self) -> None:
        self.mara.presses("S")
        self.mara.sees("What is where")
        self.mara.presses("h")
        self.mara.sees("Put it on a relay")
        self.mara.pastes(self._relay.url)
        self.mara.presses("Tab")
        self.mara.pastes(self._relay.hosting_key)
        self.mara.sees(self._relay.hosting_key[:12])
        self._look("putting it on a relay", self.mara)
        self.mara.presses("C-s")
        self.mara.sees("has stored everything")
        self._look("what is where", self.mara)
        self._leaves(self.mara, "What is where")

    def _leaves(self, window: Window, words: str) -> None:
        """Esc, and wait until it has done its work: a key close behind would be Alt and that key."""
        window.presses("Escape")
        window.sees("", instead_of=words)

    def _invites(self) -> str:
        self.mara.presses("5")
        self.mara.sees("PEOPLE")
        self.mara.presses("n")
        self.mara.sees("Invite")
        self.mara.presses("C-s")
        line = self.mara.finds(r"moot-invite:[A-Za-z0-9_-]{100,}")
        self._look("an invite", self.mara)
        self._leaves(self.mara, "moot-invite:")
        return line

    def _joins(self, name: str, invite: str) -> Window:
        window = self._tmux.moot(self._folder / name)
        window.sees("I have an invite")
        window.presses("Down", "Enter")
        window.sees("The line")
        window.pastes(invite)
        window.presses("Enter")
        window.sees("Your name")
        window.types(name)
        window.sees(name)
        self._look("joining", window)
        window.presses("C-s")
        window.sees("Your recovery words")
        window.presses("Escape")
        window.sees("ends the tour", instead_of="Your recovery words")
        self._leaves(window, "ends the tour")
        self._look("Today of who has just joined", window)
        return window

    def _lists_and_votes(self) -> None:
        self.joon.presses("2")
        self.joon.sees("n lists the first one")
        self.joon.presses("n")
        self.joon.sees("New issue")
        self.joon.types("Handover between shifts loses facts")
        self.joon.presses("Tab")
        self.joon.types("Facts are told in the corridor.")
        self.joon.sees("Facts are told in the corridor.")
        self._look("listing an issue", self.joon)
        self.joon.presses("C-s")
        self.joon.sees("Listed on the agenda")
        self.joon.types("v3")
        self.joon.sees("●●●")
        self._look("voting", self.joon)
        self.joon.presses("Enter")
        self.joon.sees("Your dots: ●●●")
        self.mara.presses("2")
        self.mara.sees("Handover between shifts")
        self.mara.types("v5 it costs us a shift a week")
        self.mara.presses("Enter")
        self.mara.sees("Your dots: ●●●●●")
        self.joon.sees("●●●●●●●●")
        self._look("the agenda of both", self.joon)

    def _review_together(self) -> None:
        self.mara.presses("r")
        self.mara.sees("New review")
        self.mara.presses("C-s")
        self.mara.sees("Handover between shifts", instead_of="New review")
        self.mara.presses("4")
        self.mara.sees("LESSONS")
        self.mara.presses("w")
        self._writes(self.mara, "That both shifts read one list.", "One list was read, the other was lost.")
        self.joon.presses("4")
        self.joon.sees("Handover between shifts")
        self.joon.presses("w")
        self._writes(self.joon, "Nothing was planned.", "We met in the corridor.")
        self.joon.presses("Enter")
        self.joon.sees("We met in the corridor.")
        self.joon.sees("One list was read")
        self._look("the review, together", self.joon)

    def _writes(self, window: Window, *answers: str) -> None:
        window.sees("writing alone")
        for answer in answers:
            window.types(answer)
            window.sees(answer)
            window.presses("Tab")
        self._look("writing alone", window)
        window.presses("C-s")
        window.sees("together", instead_of="writing alone")

    def _offline(self) -> None:
        self._relay.kill()
        self.mara.sees("offline since")
        self.joon.sees("offline since")
        for window, words in (
            (self.mara, "Mara wrote this on a train."),
            (self.joon, "Joon wrote this at sea."),
        ):
            window.presses("2")
            window.sees("AGENDA")
            window.presses("e")
            window.sees("How it is now")
            window.presses("Tab", "C-End", "Space")
            window.types(words)
            window.sees(words)
            window.presses("C-s")
            window.sees("to go out")
        self.mara.presses("n")
        self.mara.sees("New issue")
        self.mara.types("Nobody owns supplier quality")
        self.mara.presses("C-s")
        self.mara.sees("2 changes wait to go out")
        self._look("offline", self.mara)

    def _back(self) -> None:
        self._relay.start()
        self.mara.presses("S")
        self.mara.sees("What is where")
        self.mara.presses("r")
        self.joon.presses("S")
        self.joon.sees("What is where")
        self.joon.presses("r")
        self.mara.sees("it has all of yours")
        self._look("back: what is where", self.mara)
        self._leaves(self.mara, "What is where")
        self._leaves(self.joon, "What is where")
        self.joon.presses("2")
        self.joon.sees("Nobody owns supplier quality")
        for window in (self.mara, self.joon):
            window.presses("g", "Enter")
            window.sees("Mara wrote this")
            window.sees("Joon wrote this")
        self._look("both wrote: both are kept", self.joon)
