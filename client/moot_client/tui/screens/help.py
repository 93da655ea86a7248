"""What can be done here and now; then all keys and signs, from the one registry of commands.

It stands over any screen, also where one types and before there is a community.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static
from typing_extensions import override

from moot_client.tui.commands.called import TOLD
from moot_client.tui.commands.command import DOING, EVERYWHERE, GROUPS, TOUR, Command
from moot_client.tui.commands.keyboard import is_letter, key_name
from moot_client.tui.commands.registry import COMMANDS, bindings, key_of
from moot_client.tui.looks.ink import ACCENT, STRONG, write
from moot_client.tui.looks.sheet import Block
from moot_client.tui.looks.signs import Signs
from moot_client.tui.targets import kind_of
from moot_client.tui.widgets.bars import bar_of
from moot_client.tui.widgets.bottom import KeysLine, typing_in
from moot_client.tui.widgets.page import Page
from moot_client.tui.widgets.topline import TopLine

WITH_WORDS = (
    "On another machine: I have an invite, paste the community's line, then the 24 words. (moot words shows "
    "the line; without it, moot recover takes any invite.) You are the same member, with everything that the "
    "relay has stored."
)
WITHOUT_WORDS = (
    "Ask for a new invite and join. In People, on who you were, {} says that it was you. When two members "
    "vouch for it, what you said as both counts as one person's."
)
STOLEN = "Ask a convenor to remove who you were: whoever has it is let in no more."
LOST = (("With the words", WITH_WORDS), ("Without them", WITHOUT_WORDS), ("If stolen", STOLEN))
_KINDS = ("issue", "question", "review", "lesson", "member", "invite", "draft", "proposal", "claim")
_STEPS = frozenset(  # everybody knows them after a minute: they stand below, with the rest
    ["down", "up", "top", "bottom", "page_down", "page_up", "next_link", "last_link"]
)


@dataclass(frozen=True, slots=True)
class Situation:
    """Where somebody was who asks for help: what that is called, and the commands that work there."""

    called: str = ""
    commands: tuple[tuple[Command, str], ...] = ()  # each with a sentence about it that is true here
    typing: bool = False


def situation(screen: Screen[Any]) -> Situation:
    """What can be done on a screen now, with what is selected in it, in the order of the registry."""
    better: dict[str, str] = {}
    focused = screen.focused
    for node in reversed(focused.ancestors_with_self if focused else [screen]):
        better.update(getattr(node, "key_words", {}))
    bar = bar_of(focused)
    valid = {
        active.binding.action
        for active in screen.active_bindings.values()
        if active.enabled and (bar is None or bar in active.node.ancestors_with_self)
    }
    here = str(getattr(screen, "here", ""))
    found = tuple(
        (command, _told(command, here, better.get(command.action, "")))
        for command in COMMANDS.values()
        if command.action in valid
        and command.group not in (EVERYWHERE, TOUR)
        and command.action not in _STEPS
    )
    return Situation(_called(screen), found, typing_in(screen))


def _told(command: Command, here: str, better: str) -> str:
    words = TOLD.get((command.action, here), command.help)
    return f"{better.capitalize()}: {words}" if better and (command.action, here) not in TOLD else words


def _called(screen: Screen[Any]) -> str:
    """Where one is, and with what selected: 'Agenda, on an issue'."""
    here = str(getattr(screen, "here", "")).capitalize()
    kind = kind_of(str(getattr(screen, "target", ""))) if here else ""
    return f"{here}, on {'an' if kind[0] in 'aeiou' else 'a'} {kind}" if kind in _KINDS else here


class HelpScreen(Screen[None]):
    """What every key does, in a sentence each; what works where one was comes first."""

    CSS_PATH = "help.tcss"
    AUTO_FOCUS = ""
    BINDINGS = bindings("back")

    def __init__(self, signs: Signs, where: Situation, config: str = "") -> None:
        super().__init__()
        self._signs, self._where, self._config = signs, where, config
        self._top = TopLine(signs)

    @override
    def compose(self) -> ComposeResult:
        yield self._top
        with Vertical(id="work"):
            yield Page(self._signs)
        with Vertical(id="bottom"):
            yield Static(self._signs.rule * 400, id="rule", markup=False)
            yield KeysLine(self._signs)

    def on_mount(self) -> None:
        """Nothing here changes."""
        self._top.crumb("", write(("Keys and signs", STRONG)), write(""))
        page = self.query_one(Page)
        page.show(tuple(help_blocks(self._signs, self._where, self._config)), fresh=True)
        page.focus()

    def action_back(self) -> None:
        """Esc."""
        self.dismiss()


def help_blocks(signs: Signs, where: Situation = Situation(), config: str = "") -> Iterator[Block]:
    """What works now, then the other commands by group, then what else one may want to know."""
    here = {command.action for command, _ in where.commands}
    if where.commands:
        called = f"Here and now: {where.called}" if where.called else "Here and now"
        yield from _listed(called, where.commands, typing=where.typing)
    for group in GROUPS:
        rest = [
            (c, c.help) for c in COMMANDS.values() if c.group == group and c.keys_now and c.action not in here
        ]
        elsewhere = "Elsewhere, or with something else selected"
        yield from _listed(elsewhere if here and group == DOING else group, rest)
    named = [(c, c.help) for c in COMMANDS.values() if not c.keys_now and c.action not in here]
    yield from _listed(f"By name: {COMMANDS['palette'].key}, then a few letters", named)
    yield from _section("If you lose this machine", _lost())
    if config:
        words = f"Other keys and looks can be written into {config}; moot keys lists what they are called."
        yield from _section("Making it yours", [("", words)])
    yield Block("", write(("Signs", STRONG)), gap=True)
    for sign, words in (
        (signs.dot, "a dot: a member's word that an issue matters; it moves no other scale"),
        ("!", "popular, and nobody has said that they would give an hour"),
        (signs.changed, "changed a moment ago, by somebody else"),
        (
            signs.beside,
            f"two people wrote here at the same time: both are kept, {key_of('edit')} makes one of them",
        ),
    ):
        yield Block("", write((f"{sign}  ", ACCENT), words))


def _listed(called: str, commands: Sequence[tuple[Command, str]], *, typing: bool = False) -> Iterator[Block]:
    """Commands under a heading: their keys (those that work while one types), and a sentence each."""
    if commands:
        yield Block("", write((called, STRONG)), gap=True)
    for command, words in commands:
        keys = [key for key in command.keys_now if not (typing and is_letter(key))]
        label = " ".join(map(key_name, keys)) or command.label.removeprefix("look: ")
        yield Block(label, write(words))


def _lost() -> Iterator[tuple[str, str]]:
    return ((how, words.format(key_of("claim"))) for how, words in LOST)


def _section(called: str, rows: Iterable[tuple[str, str]]) -> Iterator[Block]:
    yield Block("", write((called, STRONG)), gap=True)
    for label, words in rows:
        yield Block(label, write(words))
