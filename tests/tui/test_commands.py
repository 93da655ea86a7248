"""One registry: each command has a key, a sentence and somebody who carries it out."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import moot_client.tui
from moot_client.tui.commands.command import GROUPS, TOGETHER
from moot_client.tui.commands.registry import COMMANDS, NO_KEY, PLACE_KEYS
from moot_client.tui.screens.help import help_blocks
from tests.tui.keys import page
from tests.tui.stage import Sample, opened, settled, shown


def _classes() -> Iterator[type[DOMNode]]:
    """Every widget and screen of ours."""
    for info in pkgutil.walk_packages(moot_client.tui.__path__, "moot_client.tui."):
        module = importlib.import_module(info.name)
        for _, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, DOMNode) and found.__module__ == module.__name__:
                yield found


@pytest.mark.parametrize("owner", list(_classes()))
def test_every_bound_action_is_carried_out_by_whoever_binds_it(owner: type[DOMNode]) -> None:
    for binding in vars(owner).get("BINDINGS", []):
        assert isinstance(binding, Binding)
        name = binding.action.split("(", 1)[0]
        assert hasattr(owner, f"action_{name}"), f"{owner.__name__} binds {binding.key} to {name}"


def test_every_command_is_bound_somewhere() -> None:
    bound = {
        b.action for owner in _classes() for b in vars(owner).get("BINDINGS", []) if isinstance(b, Binding)
    }
    assert set(COMMANDS) <= bound


def test_nothing_is_bound_outside_of_the_registry() -> None:
    for owner in _classes():
        for binding in vars(owner).get("BINDINGS", []):
            command = COMMANDS.get(binding.action)
            assert command is not None, f"{owner.__name__} binds {binding.key} to {binding.action} by itself"
            assert (binding.id, binding.key) == (command.id, command.keys or NO_KEY + command.id)


@pytest.mark.parametrize("groups", TOGETHER)
def test_no_key_means_two_things_at_the_same_moment(groups: tuple[str, ...]) -> None:
    keys = [key for c in COMMANDS.values() if c.group in groups for key in c.keys_now]
    assert sorted(keys) == sorted(set(keys))


def test_every_command_is_called_something_and_says_what_it_does_in_a_sentence() -> None:
    for command in COMMANDS.values():
        assert command.label
        assert command.help.endswith("."), command
        assert command.group in GROUPS
        assert re.fullmatch("[a-z_]+", command.id), f"{command.id} cannot be written in config.toml"
    assert len({command.id for command in COMMANDS.values()}) == len(COMMANDS)


def test_every_place_that_a_command_names_is_there() -> None:
    for command in COMMANDS.values():
        assert command.places <= set(PLACE_KEYS)


async def test_help_names_every_command(sample: Sample) -> None:
    app = sample.app()
    async with opened(app) as pilot:
        await pilot.press("question_mark")
        await settled(pilot)
        assert "Keys and signs" in shown(app)
        text = "\n".join(block.body.plain for block in help_blocks(app.signs))
        assert all(command.help in text for command in COMMANDS.values())
        await pilot.press("question_mark")
        await settled(pilot)
        assert "TODAY" in shown(app)


def test_the_voice_is_plain() -> None:
    """No exclamation marks, and none of the words that are no member's."""
    for command in COMMANDS.values():
        said = f"{command.label} {command.help}".casefold()
        assert "!" not in said
        assert not any(
            word in said for word in ("crdt", "peer", "conflict", "invalid", "sync", "merge", "error")
        )


def test_docs_name_every_command_as_the_registry_has_it() -> None:
    written = (Path(__file__).parents[2] / "docs" / "keys.md").read_text(encoding="utf-8")
    assert written == page(), "run scripts/keys"
    assert all(f"`{command.id}`" in written and command.help in written for command in COMMANDS.values())
