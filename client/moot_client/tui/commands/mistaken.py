"""What is wrong in config.toml, and what it should look like: loaded only where something is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from moot_client.tui.commands.command import Command
from moot_shared.text import shown_line

SECTIONS = {"keys": 'vote = "ctrl+v"', "looks": 'theme = "light"'}
"""The sections that there are, each with a line that can stand in it."""
_CALLED = {
    **dict.fromkeys(("key", "keymap", "keybindings", "bindings", "shortcuts", "commands"), "keys"),
    **dict.fromkeys(("look", "theme", "themes", "signs", "colors", "colours", "display", "ui"), "looks"),
}
"""What a section may be called elsewhere -> what it is here."""
_SHOWN = 40  # characters of what stands there
_AT = re.compile(r"\(at line (\d+), column \d+\)")
_UNQUOTED = re.compile(r"""\s*([\w-]+)\s*=\s*([^\s"'\[\]{}#=][^"'\[\]{}#=]*?)\s*""")


def no_toml(text: str, error: Exception) -> str:
    """What is wrong in a file that cannot be read: where, what, and what it should look like."""
    lines, at = text.split("\n"), _AT.search(str(error))
    number = int(at[1]) if at else len(lines)
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    return f"line {number}, {quoted(line)}: {_wrong(line, str(error))} Until then nothing in the file counts."


def _wrong(line: str, error: str) -> str:
    plain = line.split("#", 1)[0].strip()
    given = _UNQUOTED.fullmatch(plain)
    if error.startswith("Cannot declare"):
        return "this section stands there twice; write all of it under the first one."
    if error.startswith("Cannot overwrite"):
        return "this stands there twice; once is enough."
    if plain.startswith("[") and not plain.endswith("]"):
        return f"a section stands in brackets: {shown_line(plain.split()[0][:_SHOWN])}]"
    if given:
        return f'what is behind = stands in quotes: {given[1]} = "{shown_line(given[2][:_SHOWN])}"'
    if plain.count('"') % 2:
        return "a quote is missing. It should look like this: " + SECTIONS["keys"]
    if "=" not in plain and not plain.startswith("["):
        return "a name, = and a value in quotes belong together, such as: " + SECTIONS["keys"]
    return f"it should look like this: {SECTIONS['keys']}, below a line [keys]"


def no_section(name: str, value: object, commands: Iterable[str], looks: Iterable[str]) -> str:
    """Something at the top that is no section: where it belongs, or which section is meant."""
    word = shown_line(name[:_SHOWN])
    for section, known in (("keys", commands), ("looks", looks)):
        if name in known and not isinstance(value, dict):
            return f"{word} belongs under [{section}]: write [{section}] on a line of its own above it."
    near = (
        [_CALLED[name.lower()]] if name.lower() in _CALLED else get_close_matches(name.lower(), SECTIONS, 1)
    )
    meant = f" Is [{near[0]}] meant?" if near else ""
    what = f"section [{word}]" if isinstance(value, dict) else word
    return f"it knows no {what}; there are [keys] and [looks].{meant}"


def no_command(option: str, commands: Mapping[str, Command], looks: Iterable[str]) -> str:
    """A name under [keys] that is no command's."""
    word = shown_line(option[:_SHOWN])
    if option in looks:
        return f"{word} belongs under [looks]: write [looks] on a line of its own above it."
    near = _meant(option.lower().replace("-", "_"), commands)
    return f"there is no command {word}{f'; is {near} meant?' if near else '.'} moot keys lists all."


def _meant(name: str, commands: Mapping[str, Command]) -> str:
    """The command that a screen calls so in its last line, or that is spelled nearly so; '' for none."""
    labels: dict[str, str] = {}
    for command in commands.values():
        labels.setdefault(command.label.lower().replace(" ", "_"), command.id)
    near = get_close_matches(name, [*commands, *labels], 1)
    return labels.get(name) or next(
        (labels.get(one, one) if one not in commands else one for one in near), ""
    )


def nearly(value: object, allowed: Iterable[str]) -> str:
    """' Is dark meant?' for one of a few words that is spelled nearly so; ''."""
    near = get_close_matches(value.lower(), list(allowed), 1) if isinstance(value, str) else []
    return f" Is {near[0]} meant?" if near else ""


def quoted(value: object) -> str:
    """What stands there, short and harmless."""
    try:
        words = shown_line(str(value).strip())
    except ValueError:  # Python writes no number of more than 4,300 figures
        words = "a number without end"
    return f"‘{words[:_SHOWN]}{'…' if len(words) > _SHOWN else ''}’"
