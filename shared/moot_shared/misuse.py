"""What argparse found wrong with the words of a command, as sentences. Loaded only when something is wrong.

argparse says it in words of its own ("argument --port: invalid int value"), which are taken apart here, once
for the client's commands and the relay's.
"""

from __future__ import annotations

from argparse import Action, ArgumentError, ArgumentParser
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from moot_shared.text import shown_line

MISSING = "the following arguments are required: "
NO_NUMBER = "invalid int value: "
NO_VALUE = "expected "
A_VALUE = "ignored explicit argument "
SHOWN = 40  # characters of what was typed
MOST = 3  # how many are named of what may be meant
ALIKE = 0.6  # as difflib measures it


def found_wrong(parser: ArgumentParser, error: ArgumentError | str) -> tuple[str, str]:
    """What argparse found, as a sentence; and the name of what it is about, or ''."""
    name, said = ("", error) if isinstance(error, str) else (error.argument_name or "", error.message)
    name = name.rpartition("/")[2]
    if said.startswith(MISSING):
        return needs(parser, said.removeprefix(MISSING).split(", ")), ""
    if said.startswith(NO_NUMBER):
        return f"{name} is a whole number, and {quoted(said.removeprefix(NO_NUMBER)[1:-1])} is none.", name
    if said.startswith(NO_VALUE):
        return _no_value(parser, name), name
    if said.startswith(A_VALUE):
        return f"{name} stands for itself: nothing comes after it.", ""
    return _sentence(name, said), name


def needs(parser: ArgumentParser, names: Sequence[str]) -> str:
    """What is missing, and what it is if it is one thing."""
    wanted = " and ".join(called(parser, name) for name in names)
    action = _action(parser, names[0]) if len(names) == 1 else None
    about = (action.help or "").replace("%%", "%") if action is not None else ""
    return f"{parser.prog} needs {wanted}{f' ({about})' if about else ''}."


def none_of_these(action: Action, word: str) -> tuple[str, list[str]]:
    """A word that is none of those that can stand there: a sentence, and which of them may be meant."""
    words = [str(one) for one in action.choices or ()]
    name = action.option_strings[-1] if action.option_strings else str(action.metavar or action.dest)
    return f"{name} is one of {', '.join(words)}; not {quoted(word)}.", near(word, words)


def too_much(parser: ArgumentParser, word: str) -> str:
    """A word that is more than a command takes."""
    return f"{quoted(word)} is more than {parser.prog} takes."


def options_of(parser: ArgumentParser) -> list[str]:
    """What it is called in full, each option."""
    return [name for name in parser._option_string_actions if name.startswith("--")]


def called(parser: ArgumentParser, name: str) -> str:
    """An argument as help has it: `ISSUE`, `--as ME`."""
    action = _action(parser, name)
    if action is None or not action.option_strings:
        return name
    value = action.metavar if isinstance(action.metavar, tuple) else (action.metavar or "",)
    return " ".join((name, *value)).strip()


def near(word: str, words: Iterable[str]) -> list[str]:
    """The nearest of these words first; [] where none is near."""
    known = list(words)
    low = _plain(word.replace("_", "-"))
    begins = [one for one in known if len(low) > 1 and _plain(one).startswith(low)]
    alike = get_close_matches(low, map(_plain, known), MOST, ALIKE)
    return list(dict.fromkeys([*begins, *(one for each in alike for one in known if _plain(one) == each)]))[
        :MOST
    ]


def did_you_mean(words: Sequence[str]) -> str:
    """'Did you mean a, b or c?'; '' for nothing."""
    if not words:
        return ""
    *others, last = words
    return f"Did you mean {', '.join(others)}{' or ' if others else ''}{last}?"


def brief(word: str) -> str:
    """What was typed, short, and safe for a terminal."""
    return shown_line(word[:SHOWN]) + ("…" if len(word) > SHOWN else "")


def quoted(word: str) -> str:
    """The same in quotes."""
    return f"‘{brief(word)}’"


def _no_value(parser: ArgumentParser, name: str) -> str:
    action = _action(parser, name)
    wanted = called(parser, name).split()[1:]
    if action is not None and action.choices and not wanted:
        return f"After {name} comes one of {', '.join(map(str, action.choices))}."
    wanted = wanted or ["a word"]
    if len(wanted) > 1:
        return f"After {name} come {' and '.join(wanted)}."
    return f"After {name} comes {wanted[0]}. If that begins with a dash, write {name}={wanted[0]}."


def _sentence(name: str, said: str) -> str:
    words = shown_line(said).rstrip(".") + "."
    return f"{name}: {words}" if name else words[:1].upper() + words[1:]


def _action(parser: ArgumentParser, name: str) -> Action | None:
    named = (one for one in parser._actions if name in (one.metavar, one.dest, *one.option_strings))
    return next(named, None)


def _plain(word: str) -> str:
    return word.casefold().lstrip("-")
