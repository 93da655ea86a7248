"""Keys: what they are called, and which ones the commands have just now.

Every command has keys of its own; a config file may give it others (`settings.py`). They are kept
here once for the process, so that the keys line, the palette, help and every sentence that names a
key say the same.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_SIGNS = {"/": "slash", "\\": "backslash", "@": "at", "-": "minus", "+": "plus", "_": "underscore"}


def _one(character: str) -> str:
    """One character as a key: letters and figures are called as they are, signs by their names."""
    if character.isalnum():
        return character
    if character == " ":
        return "space"
    named = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return _SIGNS.get(character) or (named if character.isprintable() else "")


_NAMES = {
    "escape": "Esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    **{_one(sign): sign for sign in map(chr, range(33, 127)) if not sign.isalnum()},
}
_ALSO = {"esc": "escape", "return": "enter", "pgdn": "pagedown", "pgup": "pageup", "del": "delete"}
_NAMED = {
    *("enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end", "pageup"),
    *("pagedown", "up", "down", "left", "right", *(f"f{number}" for number in range(1, 25))),
}
_MODIFIERS = ("alt", "ctrl", "shift", "super")  # in the order in which Textual writes them
_given: dict[str, str] = {}


def remap(given: Mapping[str, str]) -> None:
    """From now on these commands (by id) have these keys, in Textual's spelling; all others their own."""
    _given.clear()
    _given.update(given)


def keys_now(id: str, own: str) -> tuple[str, ...]:
    """The keys of a command as they are now; none for one that only the palette has."""
    return parted(_given.get(id, own))


def parted(keys: str) -> tuple[str, ...]:
    """Several keys that were written with commas between them."""
    return tuple(key.strip() for key in keys.split(",")) if keys else ()


def key_name(key: str) -> str:
    """A key as people read it: 'Ctrl+S', '?', 'Enter', 'F1', 'n'."""
    *before, last = key.split("+")
    name = _NAMES.get(last) or (last if len(last) == 1 else last.capitalize())
    if before and len(name) == 1:
        name = name.upper()
    return "+".join([*(word.capitalize() for word in before), name])


def is_letter(key: str) -> bool:
    """Whether whoever is typing types this key: a letter, a figure or a sign."""
    return len(key_name(key)) == 1 or key == "space"


def spelled(words: str) -> str:
    """A key that somebody wrote ('Ctrl+K', '?', 'F5', 'V') in Textual's spelling; '' where it is none."""
    if len(words) == 1:
        return _one(words)
    *before, last = words.strip().replace("++", "+plus").split("+")
    modifiers = {word.strip().casefold() for word in before}
    if not modifiers <= set(_MODIFIERS):
        return ""
    last = last.strip()
    if len(last) == 1:
        key = _one(last.lower() if modifiers - {"shift"} else last)
    else:
        low = last.casefold().replace(" ", "")
        key = _ALSO.get(low, low)
        key = key if key in _NAMED or key in _NAMES else ""
    if "shift" in modifiers and len(key) == 1 and modifiers == {"shift"}:
        return key.upper()  # what a keyboard sends for it
    return "+".join([*(word for word in _MODIFIERS if word in modifiers), key]) if key else ""
