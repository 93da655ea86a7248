"""docs/relay-commands.md from the tree of the relay's commands: `python -m tests.server.relay_page FILE`."""

from __future__ import annotations

import sys
from argparse import Action, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path

from moot_server.commands.exits import MEANING
from moot_server.commands.options import parser
from moot_server.commands.parser import Parser

HEAD = """\
# The relay's commands

`moot relay` runs a relay, and its commands look after one. `moot relay --help` and
`moot relay COMMAND --help` say the same. How to install and tend one is in [operating.md](operating.md).
Members and their communities have commands of their own ([commands.md](commands.md)), `moot relay set URL`
among them.

Whatever cannot be done is one sentence on stderr: what happened, and what to do. After wrong usage a line
follows that would work.

| exit code | what it means |
|---|---|
"""


def page() -> str:
    """The whole page."""
    codes = "".join(f"| {code} | {said} |\n" for code, said in MEANING.items())
    return HEAD + codes + "".join(part for name, one in commands() for part in _command(name, one))


def commands() -> Iterator[tuple[str, Parser]]:
    """What it is called, and its parser: to run one, and each command under it."""
    root = parser()
    yield root.prog, root
    for action in root._actions:
        if isinstance(action, _SubParsersAction):
            yield from ((one.prog, one) for one in action.choices.values())


def _command(name: str, one: Parser) -> Iterator[str]:
    given = [a for a in one._actions if a.dest != "help" and not isinstance(a, _SubParsersAction)]
    yield f"\n## {name}\n\n{' '.join((one.description or '').split())}\n\n"
    yield "".join(f"* `{_name(action)}`: {' '.join((action.help or '').split())}\n" for action in given)
    yield "\nFor example:\n\n" + "".join(f"    {line}\n" for line in one.examples)


def _name(action: Action) -> str:
    choices = "{" + ",".join(map(str, action.choices)) + "}" if action.choices else ""
    value = "" if action.nargs == 0 else str(action.metavar or choices or action.dest.upper())
    return f"{action.option_strings[-1]} {value}".strip() if action.option_strings else value


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
