"""How help reads: the commands under the names of their places, and examples under everything else."""

from __future__ import annotations

import os
from argparse import SUPPRESS, Action, HelpFormatter
from collections.abc import Iterable, Mapping, Sequence

EXAMPLES = "examples"
HOW = """\
usage: moot                   opens the interface
       moot COMMAND ...       does one thing, and is done
       moot help COMMAND      shows how, with examples"""
OPTIONS = "Before or after any command; the last two of moot itself"
NAME, OPTION = 12, 22  # cells for what stands before its explanation
ELSE = "More"

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Begin": ("start", "screen", "web"),
    "Agenda": ("issues", "agenda", "votes", "comments"),
    "Reviews and lessons": ("reviews", "lessons"),
    "People": ("members", "invites", "convenors", "people"),
    "Look around": ("look", "find", "history", "restore", "versions", "drafts", "picture"),
    "Safe here, safe there": ("safety", "relay", "words"),
    "Your shell": ("keys", "completion", "complete"),
}
"""heading -> the modules whose commands stand under it. What is in none of them stands under 'More'."""


class Layout(HelpFormatter):
    """argparse's, of the terminal's width, which is asked for without what it takes to ask for more."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width() - 2)


def _width() -> int:
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(1).columns or 80
    except (OSError, ValueError):
        return 80


def heading_of(module: str) -> str:
    """Where a module's commands stand."""
    return next((heading for heading, modules in SECTIONS.items() if module in modules), ELSE)


def sections(listed: Iterable[tuple[str, Action]]) -> dict[str, list[Action]]:
    """heading -> commands, in the order in which people meet them; `listed`: (module, command)."""
    found: dict[str, list[Action]] = {heading: [] for heading in (*SECTIONS, ELSE)}
    for module, action in listed:
        found[heading_of(module)].append(action)
    return {heading: actions for heading, actions in found.items() if actions}


def contents(about: str, listed: Iterable[tuple[str, Action]], options: Iterable[Action], end: str) -> str:
    """Like a table of contents: the commands under the names of their places, a line each."""
    from textwrap import fill

    parts = [HOW, "", *fill(about, wide := max(_width() - 2, 40)).splitlines(), ""]
    for heading, actions in sections(listed).items():
        parts += [heading, *(_row(action.dest, action.help or "") for action in actions)]
    parts.append(OPTIONS)
    parts += [
        _row(_option(action), action.help or "", OPTION) for action in options if action.help != SUPPRESS
    ]
    return "\n".join([*parts, "", *fill(end, wide).splitlines(), ""])


def _row(name: str, words: str, wide: int = NAME) -> str:
    return f"  {name:<{wide}} {words.partition('. ')[0]}"


def _option(action: Action) -> str:
    value = "" if action.nargs == 0 else str(action.metavar or action.dest.upper())
    return f"{action.option_strings[-1]} {value}".strip()


def with_examples(text: str, examples: Sequence[str]) -> str:
    """Help with examples at its end, each a line that can be copied."""
    if not examples:
        return text
    return "\n".join((text.rstrip("\n"), "", f"{EXAMPLES}:", *(f"  {line}" for line in examples), ""))
