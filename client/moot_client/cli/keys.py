"""`moot keys`: what every key does, and where a file can change that."""

from __future__ import annotations

import importlib
from argparse import Namespace

from moot_client.cli.output import aside, json_value, note, table
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session

_HOW = 'Other keys: a section [keys] in {}{}, and in it lines such as: vote = "ctrl+v"'


def add(commands: Commands) -> None:
    """`keys`."""
    commands.command(
        "keys",
        keys,
        "the interface's keys, and which file can change them",
        "moot keys",
        "moot keys --json",
    )


def keys(session: Session, arguments: Namespace) -> None:
    """All commands of the interface: their keys, what config.toml calls them, a sentence."""
    # By name, as the interface itself: this reads its registry, and loads nothing that draws.
    registry = importlib.import_module("moot_client.tui.commands.registry")
    keyboard = importlib.import_module("moot_client.tui.commands.keyboard")
    path = session.home.config
    found = importlib.import_module("moot_client.tui.commands.settings").read_settings(path)
    listed = [
        {
            "command": command.id,
            "keys": list(map(keyboard.key_name, keyboard.parted(found.keys.get(command.id, command.keys)))),
            "own": command.id not in found.keys,
            "group": command.group,
            "help": command.help,
        }
        for command in registry.COMMANDS.values()
    ]
    if session.as_json:
        json_value({"file": str(path), "there": path.exists(), "wrong": found.troubles, "commands": listed})
        return
    rows = [(" ".join(row["keys"]) or "-", row["command"], row["help"]) for row in listed]
    table(("keys", "command", "what it does"), rows)
    aside()
    for trouble in found.troubles:
        note(trouble)
    aside(_HOW.format(path, "" if path.exists() else " (not there yet)"))
