"""What every kind's `add` and `edit` have in common."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from moot_client.cli.output import json_value, line
from moot_client.cli.parser import Commands, Run
from moot_client.cli.session import Session
from moot_client.cli.shapes import ids
from moot_client.views.find import Ids, record_key
from moot_shared.errors import InputError
from moot_shared.ids import RecordKey
from moot_shared.kinds import RECORDS

ID = "7xk2"  # in examples
IDS = {"issue": ID, "review": "9fq0", "lesson": "3bcd"}


def one(parser: ArgumentParser, kind: str = "id") -> None:
    """The argument that says which one; its metavar tells completion of which kind it is."""
    parser.add_argument("id", metavar=kind.upper(), help="how its id begins")


def setter(group: Commands, kind: str, name: str, run: Run, values: dict[str, Any], help: str) -> None:
    """A command that sets fields to fixed values, found by `run` as `arguments.values`."""
    parser = group.command(name, run, help, f"moot {kind} {name} {IDS.get(kind, ID)}")
    one(parser, kind)
    parser.set_defaults(values=values)


def archiving(group: Commands, kind: str, run: Run) -> None:
    """`archive` and `unarchive`: nothing is ever deleted."""
    setter(group, kind, "archive", run, {"archived": True}, "put it away; nothing is ever deleted")
    setter(group, kind, "unarchive", run, {"archived": False}, "take it out again")


def short_id(session: Session, key: str) -> str:
    """What people type for a record."""
    return Ids(session.db).short(RecordKey.parse(key).handle)


def answer(session: Session, kind: str, values: dict[str, Any]) -> str:
    """Make a record and print its id alone on stdout; the full key."""
    from moot_client.replica.commands import Create

    RECORDS[kind].check(values, whole=True)
    key = str(session.do(Create(kind, values)))
    if session.as_json:
        json_value(ids(key, short_id(session, key)))
    else:
        line(short_id(session, key))
    return key


def change(session: Session, kind: str, id: str, values: dict[str, Any]) -> str:
    """Edit a record; its full key."""
    from moot_client.replica.commands import Edit

    if not values:
        options = ", ".join(
            field.option for name, field in RECORDS[kind].fields.items() if name != "archived"
        )
        raise InputError(f"Say what to change: {options}.")
    key = record_key(session.db, id, kind)
    session.do(Edit(key, values))
    return key
