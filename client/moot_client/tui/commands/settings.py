"""config.toml: keys and looks as somebody wants them on this machine.

    [keys]
    vote = "ctrl+v"
    find = ["/", "f3"]

    [looks]
    theme = "light"
    signs = "plain"

What is wrong in it is said in a sentence, and left out; Moot opens with the rest. Nothing of Textual
is needed here: `moot keys` reads the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from moot_client.tui.commands.command import CHOOSING, TOGETHER, TYPING, VOTING, Command
from moot_client.tui.commands.keyboard import is_letter, key_name, parted, spelled
from moot_client.tui.commands.registry import COMMANDS
from moot_shared.frozen import field, frozen

THEMES = ("auto", "dark", "light", "contrast", "contrast-light", "none")
SIGNS = ("auto", "full", "plain")
_OPTIONS = {"theme": THEMES, "signs": SIGNS}
_TYPED = (TYPING, VOTING, CHOOSING)  # groups in which letters are typed, or mean a figure
_EDITING = frozenset(  # what a field needs while one types in it
    [
        *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "backspace", "delete"),
        *("space", "enter", *(f"ctrl+{letter}" for letter in "acefkuvwxyz")),
    ]
)
_SAME = {"ctrl+i": "Tab", "ctrl+m": "Enter", "ctrl+left_square_bracket": "Esc"}
_BY_ID: dict[str, Command] = {command.id: command for command in COMMANDS.values()}


@frozen
class Settings:
    """What is right in config.toml. `keys` are by the commands' ids, in Textual's spelling."""

    keys: Mapping[str, str] = field(default_factory=dict)
    theme: str = ""  # one of THEMES; '' where it says nothing
    signs: str = ""  # one of SIGNS
    troubles: tuple[str, ...] = ()  # a sentence each, for what is wrong

    @property
    def trouble(self) -> str:
        """What is wrong, in as much as a status line has room for; '' where nothing is."""
        first, *more = self.troubles or ("",)
        return f"{first} moot keys lists {len(more)} more." if more else first


def read_settings(path: Path) -> Settings:
    """What a config file says; nothing where there is none."""
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        return Settings(troubles=(f"{path} cannot be read ({error.strerror}).",))
    import tomllib

    try:
        text = written.decode("utf-8-sig")  # some editors put a mark before the first word
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Settings(troubles=(f"{path.name} {_mistaken().no_toml(written.decode(), error)}",))
    except (
        ValueError,
        RecursionError,
    ):  # of bytes, of a number with thousands of figures, of a thousand brackets
        what = "it is no text in UTF-8, or has far too much in one place"
        return Settings(troubles=(f"{path.name} is left out whole: {what}. Save it anew as plain text.",))
    return _settings(found, path.name)


def _mistaken() -> Any:
    """What says what is wrong, which is loaded only where something is."""
    from moot_client.tui.commands import mistaken

    return mistaken


def _settings(found: Mapping[str, Any], name: str) -> Settings:
    troubles = [
        f"{name}: {_mistaken().no_section(section, value, _BY_ID, _OPTIONS)}"
        for section, value in found.items()
        if section not in ("keys", "looks")
    ]
    keys: dict[str, str] = {}
    looks: dict[str, str] = {}
    for section in ("keys", "looks"):
        options = found.get(section, {})
        if not isinstance(options, dict):
            troubles.append(f"{name}: {section} is a section: write [{section}] on a line of its own.")
            continue
        for option, value in options.items():
            said = _key(option, value, keys) if section == "keys" else _look(option, value, looks)
            troubles += [f"{name}: {said}"] if said else []
    troubles += [f"{name}: {said}" for said in _settle(keys)]
    return Settings(keys, looks.get("theme", ""), looks.get("signs", ""), tuple(troubles))


def _look(option: str, value: object, looks: dict[str, str]) -> str:
    """Take one option of [looks]; '' or what is wrong with it."""
    allowed = _OPTIONS.get(option)
    if allowed is None and option in _BY_ID:
        return f"{option} belongs under [keys]: write [keys] on a line of its own above it."
    if allowed is None:
        return f"[looks] knows no {_mistaken().quoted(option)}; it knows {' and '.join(_OPTIONS)}."
    if value not in allowed:
        nearly = _mistaken().nearly(value, allowed)
        return f"{option} is one of {', '.join(allowed)}; not {_mistaken().quoted(value)}.{nearly}"
    looks[option] = str(value)
    return ""


def _key(option: str, value: object, keys: dict[str, str]) -> str:
    """Take one command's keys; '' or what is wrong with them."""
    command = _BY_ID.get(option)
    if command is None:
        return str(_mistaken().no_command(option, _BY_ID, _OPTIONS))
    wanted = [value] if isinstance(value, str) else value
    if not isinstance(wanted, list) or not wanted or not all(isinstance(one, str) for one in wanted):
        return f'{option} takes a key in quotes, or several: "f5", or ["f5", "ctrl+t"].'
    found = [spelled(one) for one in wanted]
    for one, key in zip(wanted, found, strict=True):
        if not key:
            what = f"{_mistaken().quoted(one)} is no key (for {option})"
            return f"{what}. A key is a sign, or a name: f5, ctrl+t, enter."
        if key in _SAME:
            return f"{option} cannot have {key_name(key)}: terminals send the same for {_SAME[key]}."
        if (
            command.group in _TYPED
            and (is_letter(key) or key in _EDITING)
            and key not in parted(command.keys)
        ):
            return f"{option} cannot have {key_name(key)}: typing needs it. Ctrl with a letter, or F2 to F12."
    keys[option] = ",".join(dict.fromkeys(found))
    return ""


def _settle(keys: dict[str, str]) -> Iterator[str]:
    """Leave out what would give two commands one key where both are valid; say which."""
    while clash := _clash(keys):
        key, first, second = clash
        loser, other = (second, first) if second in keys else (first, second)
        del keys[loser]
        label = _BY_ID[other].label
        yield f"{loser} cannot have {key_name(key)}: {other} has it ({label}). It keeps its own."


def _clash(keys: Mapping[str, str]) -> tuple[str, str, str] | None:
    """A key that two commands have at the same moment, and these two; who comes later in the file last."""
    order = list(keys)
    for groups in TOGETHER:
        holders: dict[str, str] = {}
        for command in sorted(
            (c for c in _BY_ID.values() if c.group in groups),
            key=lambda c: order.index(c.id) if c.id in keys else -1,
        ):
            for key in parted(keys.get(command.id, command.keys)):
                if key in holders:
                    return key, holders[key], command.id
                holders[key] = command.id
    return None
