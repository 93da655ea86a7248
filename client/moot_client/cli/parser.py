"""The tree of commands. `--home`, `--community` and `--json` go before or after any command's name."""

from __future__ import annotations

import sys
from argparse import SUPPRESS, Action, ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Callable
from typing import Any, NoReturn

from moot_client.cli.session import Session
from moot_shared.text import shown_line

Run = Callable[[Session, Namespace], int | None]
DESCRIPTION = "A learning community for people who lead other people, kept in the terminal."
EPILOG = (
    "Ids are the first characters that tell one thing from all others. `moot COMMAND --help` says more. "
    "`moot` alone opens the interface. `moot relay` runs a relay."
)


class Parser(ArgumentParser):
    """argparse, without abbreviations, and with messages that may reach a terminal."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(allow_abbrev=False, **rest)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and what would do, and end with 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {shown_line(message)}\n")


class Commands:
    """Where modules hang their commands."""

    def __init__(self, under: _SubParsersAction[Parser]) -> None:
        self._under = under

    def command(self, name: str, run: Run, help: str) -> Parser:
        """A command; the parser to give arguments to."""
        parser = self._under.add_parser(name, help=help, description=help)
        add_global_options(parser)
        parser.set_defaults(run=run)
        return parser

    def group(self, name: str, help: str) -> Commands:
        """A command with commands under it, such as `issue add`."""
        parser = self._under.add_parser(name, help=help, description=help)
        add_global_options(parser)
        return Commands(parser.add_subparsers(metavar="COMMAND", required=True, title="commands"))


def build() -> Parser:
    """The whole tree."""
    from moot_client.cli import (
        agenda,
        invites,
        lessons,
        look,
        people,
        relay,
        reviews,
        safety,
        screen,
        start,
        votes,
        words,
    )

    parser = Parser(prog="moot", description=DESCRIPTION, epilog=EPILOG)
    add_global_options(parser)
    parser.add_argument("--version", action=_Version, nargs=0, help="say which Moot this is")
    screen.add_screen(parser)
    commands = Commands(parser.add_subparsers(metavar="COMMAND", title="commands"))
    for module in (
        start,
        invites,
        agenda,
        votes,
        reviews,
        lessons,
        look,
        people,
        relay,
        safety,
        words,
        screen,
    ):
        module.add(commands)
    return parser


def add_global_options(parser: ArgumentParser) -> None:
    """The options that go anywhere; absent ones leave no trace, lest the later undo the earlier."""
    group = parser.add_argument_group("anywhere")
    group.add_argument("--home", metavar="DIR", default=SUPPRESS, help="the data folder (else MOOT_HOME)")
    group.add_argument(
        "--community",
        metavar="NAME",
        default=SUPPRESS,
        help="which community: its name, or how its id begins",
    )
    group.add_argument("--json", action="store_true", default=SUPPRESS, help="answer as JSON")


class _Version(Action):
    def __call__(
        self, parser: ArgumentParser, namespace: Namespace, values: object, option: str | None = None
    ) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("moot")
        except PackageNotFoundError:
            number = "(not installed: run from its sources)"
        print(f"moot {number}")
        parser.exit()
