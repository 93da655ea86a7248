"""Keys: what they are called, and which ones the commands have just now.

Every command has keys of its own; a config file may give it others (`moot_client.settings`). They
are kept here once for the process, so that the keys line, the palette, help and every sentence that
names a key say the same.
"""

from __future__ import annotations

from collections.abc import Mapping

_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "minus": "-",
    "plus": "+",
    "escape": "Esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "comma": ",",
    "full_stop": ".",
}
_MODIFIERS = ("ctrl", "shift", "alt", "super")
_given: dict[str, str] = {}


def remap(given: Mapping[str, str]) -> None:
    """From now on these commands (by id) have these keys, in Textual's spelling; all others their own."""
    _given.clear()
    _given.update(given)


def keys_now(id: str, own: str) -> tuple[str, ...]:
    """The keys of a command as they are now; none for one that only the palette has."""
    keys = _given.get(id, own)
    return tuple(key.strip() for key in keys.split(",")) if keys else ()


def key_name(key: str) -> str:
    """A key as people read it: 'Ctrl+S', '?', 'Enter', 'F1', 'n'."""
    *before, last = key.split("+")
    name = _NAMES.get(last) or (last if len(last) == 1 else last.replace("_", " ").capitalize())
    if before:
        name = name.upper() if len(name) == 1 else name
    return "+".join([*(word.capitalize() for word in before), name])


def is_letter(key: str) -> bool:
    """Whether whoever is typing types this key: a letter, a figure or a sign."""
    return len(key_name(key)) == 1 or key == "space"
