"""argparse for `moot relay`: whole words, examples, and sentences where something is wrong."""

from __future__ import annotations

from argparse import Action, ArgumentError, ArgumentParser, RawDescriptionHelpFormatter, _SubParsersAction
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from moot_shared.errors import WrongUsage


class Parser(ArgumentParser):
    """One command of a relay, or all of them; `examples` are lines that somebody could type."""

    def __init__(self, **rest: Any) -> None:
        layout = RawDescriptionHelpFormatter
        super().__init__(allow_abbrev=False, exit_on_error=False, formatter_class=layout, **rest)
        self.examples: tuple[str, ...] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does it; WrongUsage for what is wrong, and for what is left over."""
        try:
            self._know(list(args or ()))
            found, rest = super().parse_known_args(args, namespace)
        except ArgumentError as error:
            raise _wrong(self, error) from None
        if rest:
            raise _too_much(self, rest[0])
        return found, rest

    def _know(self, words: list[str]) -> None:
        """Where commands stand under it, argparse would take what follows an option unknown to it for one."""
        commands = next((one for one in self._actions if isinstance(one, _SubParsersAction)), None)
        rest = iter(words)
        for word in rest if commands else ():
            name = word.partition("=")[0]
            if word == "--" or not name.startswith("-"):
                return
            action = self._option_string_actions.get(name)
            if action is None:
                raise _too_much(self, word)
            if action.nargs is None and word == name:
                next(rest, None)

    def error(self, message: str) -> NoReturn:
        """What argparse has to say besides."""
        raise _wrong(self, message)

    def _check_value(self, action: Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise _none_of_these(self, action, str(value))

    def format_help(self) -> str:
        """Help, with the examples before what is said at its end."""
        examples = "\n".join(["examples:", *(f"  {line}" for line in self.examples)])
        end, self.epilog = self.epilog, None
        text = super().format_help().rstrip("\n")
        self.epilog = end
        return "\n\n".join([text, examples, *([end] if end else [])]) + "\n"


def _wrong(parser: Parser, error: ArgumentError | str) -> WrongUsage:
    from moot_shared.misuse import found_wrong

    sentence, about = found_wrong(parser, error)
    return WrongUsage(sentence, _example(parser, [about]))


def _none_of_these(parser: Parser, action: Action, word: str) -> WrongUsage:
    from moot_shared.misuse import near, none_of_these, quoted

    if not isinstance(action, _SubParsersAction):
        sentence, words = none_of_these(action, word)
        return _told(parser, sentence, words, about=action.option_strings[-1:])
    names = list(action.choices)
    words = [f"{parser.prog} {name}" for name in near(word, names)]
    listed = "" if words else f"; it has {', '.join(names)}"
    return _told(parser, f"A relay has no command {quoted(word)}{listed}.", words)


def _too_much(parser: Parser, word: str) -> WrongUsage:
    from moot_shared.misuse import near, options_of, quoted, too_much

    if not word.startswith("-") or word == "-":
        return WrongUsage(too_much(parser, word), _example(parser, []))
    name = word.partition("=")[0]
    return _told(parser, f"{parser.prog} knows no {quoted(name)}.", near(name, options_of(parser)))


def _told(parser: Parser, sentence: str, near: Sequence[str], about: Sequence[str] = ()) -> WrongUsage:
    from moot_shared.misuse import did_you_mean

    return WrongUsage(f"{sentence} {did_you_mean(near)}".rstrip(), _example(parser, [*near, *about]))


def _example(parser: Parser, about: Iterable[str]) -> str:
    """A line that works, if possible with what is meant."""
    lines = [line for one in about if one for line in _all_examples(parser) if one in line]
    return next(iter([*lines, *parser.examples]), "")


def _all_examples(parser: Parser) -> list[str]:
    found = list(parser.examples)
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            found += [line for one in action.choices.values() for line in one.examples]
    return found
