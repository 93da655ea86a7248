"""All keys and signs, from the one registry of commands."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from typing_extensions import override

from moot_client.tui.command import GROUPS
from moot_client.tui.commands import COMMANDS, bindings
from moot_client.tui.desk import Desk
from moot_client.tui.ink import ACCENT, STRONG, write
from moot_client.tui.keyboard import key_name
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.sheet import Block
from moot_client.tui.widgets.page import Page

WITH_WORDS = (
    "On another machine: I have an invite, paste the community's line, then the 24 words. (moot words shows "
    "the line; without it, moot recover takes any invite.) You are the same member, with everything that the "
    "relay has stored."
)
WITHOUT_WORDS = (
    "Ask for a new invite and join. In People, on who you were, W says that it was you. When two members "
    "vouch for it, what you said as both counts as one person's."
)
STOLEN = "Ask a convenor to remove who you were: whoever has it is let in no more."
LOST = (("With the words", WITH_WORDS), ("Without them", WITHOUT_WORDS), ("If stolen", STOLEN))


class HelpScreen(MootScreen):
    """What every key does, in a sentence each."""

    BINDINGS = bindings("back")

    @override
    def body(self) -> ComposeResult:
        yield Page(self.desk.signs)

    def on_mount(self) -> None:
        """Nothing here changes."""
        self.top.crumb("", write(("Keys and signs", STRONG)), write(""))
        page = self.query_one(Page)
        page.show(tuple(help_blocks(self.desk)), fresh=True)
        page.focus()

    def action_back(self) -> None:
        """Esc."""
        self.dismiss()


def help_blocks(desk: Desk) -> Iterator[Block]:
    """Commands by group, then the signs."""
    for group in GROUPS:
        yield Block("", write((group, STRONG)), gap=True)
        for command in COMMANDS.values():
            if command.group == group:
                keys = " ".join(key_name(key) for key in command.keys_now)
                yield Block(keys, write(command.help))
    yield Block("", write(("If you lose this machine", STRONG)), gap=True)
    for label, words in LOST:
        yield Block(label, write(words))
    signs = desk.signs
    yield Block("", write(("Signs", STRONG)), gap=True)
    for sign, words in (
        (signs.dot, "a dot: a member's word that an issue matters; it moves no other scale"),
        ("!", "popular, and nobody has said that they would give an hour"),
        (signs.changed, "changed a moment ago, by somebody else"),
        (signs.beside, "two people wrote here at the same time: both are kept, e makes one of them"),
    ):
        yield Block("", write((f"{sign}  ", ACCENT), words))
