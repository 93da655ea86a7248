"""What was typed and is no command of Moot: what is wrong with it, what may be meant, and a line that works.

Loaded only then. argparse says what it missed in words of its own; here they become a sentence.
"""

from __future__ import annotations

from argparse import Action, ArgumentError, _SubParsersAction
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from moot_client.cli.exits import WrongUsage
from moot_client.cli.meant import did_you_mean, elsewhere, meant
from moot_shared.text import shown_line

if TYPE_CHECKING:
    from moot_client.cli.parser import Parser

MISSING = "the following arguments are required: "
NO_NUMBER = "invalid int value: "
NO_VALUE = "expected "
A_VALUE = "ignored explicit argument "
SHOWN = 40  # characters of what was typed
WITHIN = 3  # commands with the same word after them, of which so many are named


def wrong(parser: Parser, error: ArgumentError | str) -> WrongUsage:
    """What argparse found, as a sentence."""
    name, said = ("", error) if isinstance(error, str) else (error.argument_name or "", error.message)
    name = name.rpartition("/")[2]
    if said.startswith(MISSING):
        return _missing(parser, said.removeprefix(MISSING).split(", "))
    if said.startswith(NO_NUMBER):
        typed = _quoted(said.removeprefix(NO_NUMBER)[1:-1])
        return _told(parser, f"{name} is a whole number, and {typed} is none.", about=name)
    if said.startswith(NO_VALUE):
        return _no_value(parser, name)
    if said.startswith(A_VALUE):
        return _told(parser, f"{name} stands for itself: nothing comes after it.")
    return _told(parser, _sentence(name, said), about=name)


def no_such(parser: Parser, action: Action, value: object) -> WrongUsage:
    """A word that is none of those that can stand there."""
    word = str(value)
    if isinstance(action, _SubParsersAction):
        return _no_command(parser, action, word)
    words = [str(one) for one in action.choices or ()]
    name = action.option_strings[-1] if action.option_strings else str(action.metavar or action.dest)
    return _told(parser, f"{name} is one of {', '.join(words)}; not {_quoted(word)}.", meant(word, words))


def too_much(parser: Parser, rest: Sequence[str]) -> WrongUsage:
    """What is left over when everything that a command takes has been read."""
    word = rest[0]
    texts = _commands_of(parser) is None and any(not action.option_strings for action in parser._actions)
    if word.startswith("-") and word != "-":
        name = word.partition("=")[0]
        options = [name for name in parser._option_string_actions if name.startswith("--")]
        near = meant(name, options)
        dash = " Words that begin with a dash come last, after a -- of its own." if texts and not near else ""
        return _told(parser, f"{parser.prog} knows no {_quoted(name)}.{dash}", near)
    one = _one_of(parser.prog.rpartition(" ")[2])
    if near := [f"moot {one} {under}" for under in meant(word, _under(_leaf(["moot", one])))]:
        return _told(parser, f"{parser.prog} takes no {_quoted(word)}.", near)
    together = " Words that belong together stand in quotes." if texts else ""
    return _told(parser, f"{_quoted(word)} is more than {parser.prog} takes.{together}")


def _no_value(parser: Parser, name: str) -> WrongUsage:
    wanted = _called(parser, name).split()[1:] or ["a word"]
    if len(wanted) > 1:
        return _told(parser, f"After {name} come {' and '.join(wanted)}.", about=name)
    dash = f"If that begins with a dash, write {name}={wanted[0]}."
    return _told(parser, f"After {name} comes {wanted[0]}. {dash}", about=name)


def _sentence(name: str, said: str) -> str:
    words = shown_line(said).rstrip(".") + "."
    return f"{name}: {words}" if name else words[:1].upper() + words[1:]


def _no_command(parser: Parser, action: _SubParsersAction[Parser], word: str) -> WrongUsage:
    listed = [choice.dest for choice in action._choices_actions]
    if parser.prog == "moot":
        within = [f"{name} {word}" for name in listed if word in _under(action.choices[name])]
        near = [f"moot {one}" for one in elsewhere(word, listed) or within[:WITHIN] or meant(word, listed)]
        more = "" if near else " moot --help lists what there is."
        return _told(parser, f"Moot has no command {_quoted(word)}.{more}", near)
    near = [f"{parser.prog} {one}" for one in meant(word, listed)]
    show = action.choices.get("show")
    if not near and show and any(not one.option_strings for one in show._actions):
        near = [f"{parser.prog} show {_brief(word)}"]
    has = "" if near else f"; it has {', '.join(listed)}"
    return _told(parser, f"{parser.prog} has no {_quoted(word)}{has}.", near)


def _missing(parser: Parser, names: Sequence[str]) -> WrongUsage:
    if names[0] == "COMMAND":
        return _told(parser, f"{parser.prog} needs one of these after it: {', '.join(_under(parser))}.")
    wanted = " and ".join(_called(parser, name) for name in names)
    about = _help(parser, names[0]) if len(names) == 1 else ""
    return _told(parser, f"{parser.prog} needs {wanted}{f' ({about})' if about else ''}.")


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


def _action(parser: Parser, name: str) -> Action | None:
    named = (one for one in parser._actions if name in (one.metavar, one.dest, *one.option_strings))
    return next(named, None)


def _called(parser: Parser, name: str) -> str:
    """An argument as help has it: `ISSUE`, `--as ME`."""
    action = _action(parser, name)
    if action is None or not action.option_strings:
        return name
    value = action.metavar if isinstance(action.metavar, tuple) else (action.metavar or "",)
    return " ".join((name, *value)).strip()


def _help(parser: Parser, name: str) -> str:
    action = _action(parser, name)
    return (action.help or "").replace("%%", "%") if action is not None else ""


def _brief(word: str) -> str:
    return shown_line(word[:SHOWN]) + ("…" if len(word) > SHOWN else "")


def _quoted(word: str) -> str:
    return f"‘{_brief(word)}’"
