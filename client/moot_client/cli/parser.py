"""The tree of commands. `--home`, `--community` and `--json` go before or after any command's name."""

from __future__ import annotations

import importlib
from argparse import SUPPRESS, Action, ArgumentError, ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from moot_client.cli.layout import Layout, contents, with_examples
from moot_client.cli.opening import PLACES, open_screen

if TYPE_CHECKING:
    from moot_client.cli.session import Session

Run = Callable[["Session", Namespace], int | None]
DESCRIPTION = "A learning community for people who lead other people, kept in the terminal."
EPILOG = (
    "An id is the first characters that tell one thing from all others. Lost your machine? moot recover "
    "brings you back with your words; without them join anew by an invite, then moot member claim."
)


class Parser(ArgumentParser):
    """argparse, without abbreviations, with examples, and with messages that may reach a terminal.

    `offers` says what an argument (by its `dest`) may be, where its metavar does not tell: words to choose
    from, for completion. `module` is where the command is declared.
    """

    def __init__(self, **rest: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=Layout, exit_on_error=False, **rest)
        self.examples: tuple[str, ...] = ()
        self.offers: dict[str, tuple[str, ...]] = {}

    def offer(self, action: Action, words: Sequence[str]) -> None:
        """Say which words an argument takes; what is typed may also be a beginning of one."""
        self.offers[action.dest] = tuple(word for word in words if word)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does it; WrongUsage for what is wrong, and for what is left over."""
        try:
            found, rest = super().parse_known_args(args, namespace)
        except ArgumentError as error:
            from moot_client.cli.misuse import wrong

            raise wrong(self, error) from None
        if rest:
            from moot_client.cli.misuse import too_much

            raise too_much(self, rest)
        return found, rest

    def error(self, message: str) -> NoReturn:
        """What argparse has to say besides."""
        from moot_client.cli.misuse import wrong

        raise wrong(self, message)

    def _check_value(self, action: Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            from moot_client.cli.misuse import no_such

            raise no_such(self, action, value)

    def format_help(self) -> str:
        """Help, with the examples at its end."""
        return with_examples(super().format_help(), self.examples)


class Root(Parser):
    """`moot` itself: its commands stand under the names of their places."""

    commands: Commands

    def format_help(self) -> str:
        """All commands, place by place, a line each."""
        options = [action for action in self._actions if not isinstance(action, _SubParsersAction)]
        return contents(self.description or "", self.commands.listed(), options, self.epilog or "")


class Commands:
    """Where modules hang their commands."""

    def __init__(self, under: _SubParsersAction[Parser], parent: Parser) -> None:
        self._under = under
        self._parent = parent
        self._module: dict[str, str] = {}
        self.module = ""

    def command(self, name: str, run: Run, help: str, *examples: str) -> Parser:
        """A command, with lines that somebody could type; the parser to give arguments to."""
        parser = self._under.add_parser(name, help=help, description=help)
        parser.examples = examples
        if not isinstance(self._parent, Root):
            self._parent.examples += examples[:1]
        self._module[name] = self.module
        add_global_options(parser)
        parser.set_defaults(run=run)
        return parser

    def hidden(self, name: str, run: Run, help: str) -> Parser:
        """A command for programs, which the list of commands leaves out."""
        parser = self._under.add_parser(name, description=help)
        add_global_options(parser)
        parser.set_defaults(run=run)
        return parser

    def group(self, name: str, help: str) -> Commands:
        """A command with commands under it, such as `issue add`; it shows the first example of each."""
        parser = self._under.add_parser(name, help=help, description=help)
        self._module[name] = self.module
        add_global_options(parser)
        return Commands(parser.add_subparsers(metavar="COMMAND", required=True, title="commands"), parser)

    def tree(self) -> dict[str, Parser]:
        """Every command by its name, also what help leaves out."""
        return dict(self._under.choices)

    def listed(self) -> list[tuple[str, Action]]:
        """(module, command) of each that help shows, in the order of their modules."""
        return [(self._module.get(action.dest, ""), action) for action in self._under._choices_actions]


MODULES = {
    "start": ("found", "join", "recover", "device"),
    "invites": ("invite", "invites", "uninvite"),
    "issues": ("issues",),
    "agenda": ("issue",),
    "votes": ("vote", "pledge"),
    "comments": ("comment",),
    "reviews": ("reviews", "review"),
    "lessons": ("lessons", "lesson"),
    "look": ("today",),
    "find": ("find",),
    "history": ("history", "restore"),
    "members": ("members", "member", "leave"),
    "convenors": ("convenor",),
    "people": ("profile", "communities", "community"),
    "relay": ("host", "relay", "sync"),
    "safety": ("status", "verify", "export"),
    "words": ("words",),
    "keys": ("keys",),
    "screen": ("demo",),
    "web": ("web",),
    "versions": ("versions",),
    "drafts": ("drafts", "draft"),
    "picture": ("picture",),
    "completion": ("completion",),
    "complete": ("complete",),
}
"""Where each command is, so that one command's modules are all that is imported to run it."""


def build(words: Sequence[str], begun: str | None = None) -> Root:
    """The tree, as much of it as these words need: one module's commands, or all where that is not clear.

    `begun` is the name of a command that is being typed: what begins otherwise is not needed.
    """
    parser = Root(prog="moot", description=DESCRIPTION, epilog=EPILOG)
    add_global_options(parser)
    parser.add_argument("--version", action=_Version, nargs=0, help="say which Moot this is")
    parser.add_argument(
        "--place", choices=PLACES, metavar="PLACE", help=f"which place to open: {', '.join(PLACES)}"
    )
    parser.set_defaults(run=open_screen)
    under = parser.add_subparsers(metavar="COMMAND", title="commands", parser_class=Parser)
    parser.commands = commands = Commands(under, parser)
    for module in _modules(words, begun):
        commands.module = module
        importlib.import_module(f"moot_client.cli.{module}").add(commands)
    return parser


def whole() -> Root:
    """The tree with every command there is."""
    return build(["--help"])


def _modules(words: Sequence[str], begun: str | None) -> Sequence[str]:
    """The modules whose commands these words may mean; none for the interface."""
    command = command_of(words)
    if not command and begun is not None:
        found = [m for m, names in MODULES.items() if any(name.startswith(begun) for name in names)]
        return [] if begun.startswith("-") else [*found, "kinds"]
    if not command and not any(word in ("-h", "--help") for word in words):
        return ()
    wanted = next((module for module, names in MODULES.items() if command in names), None)
    return [wanted] if wanted else [*MODULES, "kinds"]


def command_of(words: Sequence[str]) -> str:
    """The command's name, if it can be told without reading the options: those before it may take a value."""
    rest = iter(words)
    for word in rest:
        if word in ("--home", "--community", "--place", "--ca-file"):
            next(rest, None)
        elif not word.startswith("-"):
            return word
    return ""


def add_global_options(parser: ArgumentParser) -> None:
    """The options that go anywhere; absent ones leave no trace, lest the later undo the earlier."""
    group = parser.add_argument_group("anywhere")
    group.add_argument("--home", metavar="DIR", default=SUPPRESS, help="the data folder (else MOOT_HOME)")
    group.add_argument(
        "--community",
        metavar="COMMUNITY",
        default=SUPPRESS,
        help="which community: its name, or how its id begins",
    )
    group.add_argument(
        "--ca-file", metavar="FILE", default=SUPPRESS, help="trust this CA too (else MOOT_CA_FILE)"
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
