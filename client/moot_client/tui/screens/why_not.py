"""What is said of a key that means something, and nothing here: no key is pressed into silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from moot_client.tui.commands.called import OF_ONESELF
from moot_client.tui.commands.command import DOING, Command
from moot_client.tui.commands.registry import COMMANDS, key_of
from moot_client.tui.targets import kind_of

_LATER = {  # places that will be, by the keys that are kept for them
    "3": ("Work", "Until then {} shows what is in work", "agenda"),
    "6": ("Charter", "Until then {} says what we are for", "community"),
}
_CALLED = {"member": "a member", "proposal": "a question", "claim": "a question", "draft": "a draft"}


def why_not(key: str, target: str, valid: Callable[[str], bool], me: str) -> str:
    """What the command of a key works on, where it is not `valid` for a target; '' for any other key.

    `me` is my own key text.
    """
    meant = [command for command in COMMANDS.values() if command.group == DOING and key in command.keys_now]
    meant = [command for command in meant if command.action != "undo"]  # which says so itself
    if key in _LATER and not any(key in command.keys_now for command in COMMANDS.values()):
        name, meanwhile, action = _LATER[key]
        return f"{name} ({key}) comes with a later Moot. {meanwhile.format(key_of(action))}"
    if not meant or any(valid(command.action) for command in meant):
        return ""
    command = meant[0]
    if command.action in OF_ONESELF and target != f"member/{me}":
        return f"{command.key} ({command.label}) works on yourself: select yourself in People"
    if command.kinds and kind_of(target) not in command.kinds:
        return f"{command.key} ({command.label}) works on {_any_of(command)}; none is selected here"
    if command.places:
        return (
            f"{command.key} ({command.label}) works in {_or(sorted(p.capitalize() for p in command.places))}"
        )
    return f"{command.key} ({command.label}) has nothing to do here"


def _any_of(command: Command) -> str:
    return _or(
        sorted(
            {_CALLED.get(kind, f"an {kind}" if kind[0] in "aeiou" else f"a {kind}") for kind in command.kinds}
        )
    )


def _or(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
