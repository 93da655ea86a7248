"""Other versions: what somebody else wrote at the same time, and the way to take one of them."""

from __future__ import annotations

from argparse import Namespace
from typing import Any, NamedTuple

from moot_client.cli.output import aside, json_value, line, note, table
from moot_client.cli.parser import Commands
from moot_client.cli.records import ID, one
from moot_client.cli.session import Session
from moot_client.cli.shapes import Json, who
from moot_client.views.find import record_key
from moot_client.views.people import Member, people
from moot_client.views.rows import Stored, record
from moot_shared.errors import NotFound
from moot_shared.kinds import Record


class Other(NamedTuple):
    """One value that does not stand: of which field, and whose."""

    name: str
    label: str
    value: Any
    by: Member


def add(commands: Commands) -> None:
    """`versions`."""
    parser = commands.command(
        "versions",
        versions,
        "what others wrote at the same time, and what stands instead",
        f"moot versions {ID}",
        f"moot versions {ID} --take 1",
    )
    one(parser)
    parser.add_argument(
        "--take", type=int, metavar="NUMBER", help="let this one stand; an edit like any other"
    )


def versions(session: Session, arguments: Namespace) -> None:
    """List them, or take one."""
    key = record_key(session.db, arguments.id)
    stored = record(session.db, key)
    if stored is None:
        raise NotFound("That is not here any more. Look again.")
    others = _others(session, stored)
    if arguments.take is not None:
        _take(session, key, others, arguments.take)
    elif session.as_json:
        json_value([_as_json(number, other, stored.row) for number, other in enumerate(others, 1)])
    elif others:
        rows = [(str(n), other.label, other.by.label, str(other.value)) for n, other in enumerate(others, 1)]
        table(("number", "what", "by", "other version"), rows, ("number",))
    else:
        aside("Nothing else was written at the same time.")
    if stored.doubled and arguments.take is None:
        note("A paragraph stands in two people's words: show has both, edit settles it.")


def _others(session: Session, stored: Stored[Record]) -> list[Other]:
    known, fields = people(session.db, session.me), stored.row.fields
    return [
        Other(name, fields[name].label if name in fields else name, other.value, known[other.author])
        for name, listed in stored.row.others.items()
        for other in listed
    ]


def _take(session: Session, key: str, others: list[Other], number: int) -> None:
    from moot_client.replica.commands import Edit

    if not 1 <= number <= len(others):
        raise NotFound(f"There is no other version of number {number}.")
    other = others[number - 1]
    session.do(Edit(key, {other.name: other.value}))
    if session.as_json:
        json_value({"key": key, "field": other.name, "value": other.value})
    else:
        line(f"{other.label} is now what {other.by.label} wrote.")


def _as_json(number: int, other: Other, row: Record) -> Json:
    stands = row.values.get(other.name)
    return {
        "number": number,
        "field": other.name,
        "value": other.value,
        "by": who(other.by),
        "stands": stands,
    }
