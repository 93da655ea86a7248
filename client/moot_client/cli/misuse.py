"""What was typed and is no command of Moot: what is wrong with it, what may be meant, and a line that works.

Loaded only then.
"""

from __future__ import annotations

from argparse import Action, ArgumentError, _SubParsersAction
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from moot_client.cli.meant import elsewhere, meant
from moot_shared.errors import WrongUsage
from moot_shared.misuse import MISSING, brief, did_you_mean, found_wrong, none_of_these, options_of, quoted
from moot_shared.misuse import too_much as more_than_it_takes

if TYPE_CHECKING:
    from moot_client.cli.parser import Parser

WITHIN = 3  # commands with the same word after them, of which so many are named


def wrong(parser: Parser, error: ArgumentError | str) -> WrongUsage:
    """What argparse found, as a sentence."""
    if error == f"{MISSING}COMMAND":
        return _told(parser, f"{parser.prog} needs one of these after it: {', '.join(_under(parser))}.")
    sentence, about = found_wrong(parser, error)
    return _told(parser, sentence, about=about)


def no_such(parser: Parser, action: Action, value: object) -> WrongUsage:
    """A word that is none of those that can stand there."""
    word = str(value)
    if isinstance(action, _SubParsersAction):
        return _no_command(parser, action, word)
    sentence, near = none_of_these(action, word)
    return _told(parser, sentence, near)


def too_much(parser: Parser, rest: Sequence[str]) -> WrongUsage:
    """What is left over when everything that a command takes has been read."""
    word = rest[0]
    texts = _commands_of(parser) is None and any(not action.option_strings for action in parser._actions)
    if word.startswith("-") and word != "-":
        name = word.partition("=")[0]
        near = meant(name, options_of(parser))
        dash = " Words that begin with a dash come last, after a -- of its own." if texts and not near else ""
        return _told(parser, f"{parser.prog} knows no {quoted(name)}.{dash}", near)
    one = _one_of(parser.prog.rpartition(" ")[2])
    if near := [f"moot {one} {under}" for under in meant(word, _under(_leaf(["moot", one])))]:
        return _told(parser, f"{parser.prog} takes no {quoted(word)}.", near)
    together = " Words that belong together stand in quotes." if texts else ""
    return _told(parser, f"{more_than_it_takes(parser, word)}{together}")


def _no_command(parser: Parser, action: _SubParsersAction[Parser], word: str) -> WrongUsage:
    listed = [choice.dest for choice in action._choices_actions]
    if parser.prog == "moot":
        within = [f"{name} {word}" for name in listed if word in _under(action.choices[name])]
        near = [f"moot {one}" for one in elsewhere(word, listed) or within[:WITHIN] or meant(word, listed)]
        more = "" if near else " moot --help lists what there is."
        return _told(parser, f"Moot has no command {quoted(word)}.{more}", near)
    near = [f"{parser.prog} {one}" for one in meant(word, listed)]
    show = action.choices.get("show")
    if not near and show and any(not one.option_strings for one in show._actions):
        near = [f"{parser.prog} show {brief(word)}"]
    has = "" if near else f"; it has {', '.join(listed)}"
    return _told(parser, f"{parser.prog} has no {quoted(word)}{has}.", near)


def _told(parser: Parser, sentence: str, near: Sequence[str] = (), about: str = "") -> WrongUsage:
    """The sentence, what may be meant, and a line that works: of that, or with the option it is `about`."""
    return WrongUsage(f"{sentence} {did_you_mean(near)}".rstrip(), _example(parser, [*near, about]))


def _example(parser: Parser, near: Iterable[str]) -> str:
    for one in near:
        leaf = _leaf(one.split()) if one.startswith("moot ") else None
        lines = leaf.examples if leaf is not None else [e for e in parser.examples if one and f" {one}" in e]
        if lines:
            return lines[0]
    return next(iter(parser.examples), "")


def _leaf(words: Sequence[str]) -> Parser | None:
    """The command that these words call, of all that there are."""
    from moot_client.cli.parser import whole

    found = whole().commands.tree().get(words[1])
    for word in words[2:3]:
        under = _commands_of(found) if found is not None else None
        found = under.choices.get(word) if under is not None else found
    return found


def _commands_of(parser: Parser) -> _SubParsersAction[Parser] | None:
    return next((action for action in parser._actions if isinstance(action, _SubParsersAction)), None)


def _under(parser: Parser | None) -> list[str]:
    """The commands under a command."""
    commands = _commands_of(parser) if parser is not None else None
    return list(commands.choices) if commands is not None else []


def _one_of(plural: str) -> str:
    return f"{plural[:-3]}y" if plural.endswith("ies") else plural.removesuffix("s")
