"""One registry: each command has a key, a sentence and somebody who carries it out."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import moot_client.tui
from moot_client.tui.commands import COMMANDS
from moot_client.tui.screens.help import help_blocks
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


def test_no_key_means_two_things_in_the_same_place() -> None:
    for owner in _classes():
        keys = [
            key for b in vars(owner).get("BINDINGS", []) if isinstance(b, Binding) for key in b.key.split(",")
        ]
        assert len(keys) == len(set(keys)), owner


async def test_help_names_every_command(sample: Sample) -> None:
    app = sample.app()
    async with opened(app) as pilot:
        await pilot.press("question_mark")
        await settled(pilot)
        assert "Keys and signs" in shown(app)
        assert app.desk is not None
        text = "\n".join(block.body.plain for block in help_blocks(app.desk))
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
