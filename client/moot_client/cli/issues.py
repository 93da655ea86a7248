"""The agenda as a list: a module of its own, since a prompt or a script asks for it often."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from moot_client.cli.output import aside, json_value, table
from moot_client.cli.parser import Commands

if TYPE_CHECKING:
    from moot_client.cli.session import Session
    from moot_client.views.ledger import IssueRow

Json = dict[str, Any]
HANDLE_CHARS = 16  # of a ULID, at its end (moot_shared.ids)
HEADS = ("id", "dots", "you", "hours", "issue")


def add(commands: Commands) -> None:
    """`issues`."""
    listing = commands.command(
        "issues",
        list_issues,
        "the agenda: issues by dots, then hours",
        "moot issues",
        "moot issues --closed --archived",
        "moot issues --json",
    )
    listing.add_argument("--closed", action="store_true", help="closed ones too")
    listing.add_argument("--archived", action="store_true", help="those put away too")


def list_issues(session: Session, arguments: Namespace) -> None:
    """The ranked list."""
    hidden = {"closed": arguments.closed, "archived": arguments.archived}
    if session.as_json:
        from moot_client.views.issue_values import ranked_values

        json_value([_as_json(*values) for values in ranked_values(session.db, session.me, **hidden)])
        return
    from moot_client.views.ranking import agenda

    view = agenda(session.db, session.me, **hidden)
    if not view.rows:
        from moot_client.cli.empty import nothing_listed

        begin = 'No issues here yet. List one: moot issue add "What matters"'
        aside(nothing_listed(session.db, "issue", begin, "moot issues --closed --archived"))
        return
    rows = [_columns(row) for row in view.rows]
    table(HEADS, rows, ("dots", "you", "hours"), [_marks(row) for row in view.rows])
    aside()
    over = f", {view.not_counted} over the budget and not counted" if view.not_counted else ""
    aside(f"{view.dots_left} of your {view.budget} dots left{over}.")


def row_json(row: IssueRow) -> Json:
    """A line of the agenda."""
    return _as_json(*(getattr(row, name) for name in row.__match_args__))


def _as_json(
    key: str,
    short: str,
    title: str,
    level: str,
    kind: str,
    status: str,
    dots: int,
    my_dots: int,
    hours: float,
    my_hours: float,
    voters: int,
    comments: int,
    nobody: bool,
    archived: bool,
    doubled: bool,
    changed: int,
    touched: int,
    versions: int,
) -> Json:
    """The same from its values, in the order of the row's fields."""
    return {
        "id": key.split("/")[1][-HANDLE_CHARS:].lower(),
        "key": key,
        "short": short,
        "title": title,
        "status": status,
        "dots": dots,
        "hours": hours,
        "level": level,
        "kind": kind,
        "my_dots": my_dots,
        "my_hours": my_hours,
        "voters": voters,
        "comments": comments,
        "nobody": nobody,
        "archived": archived,
        "doubled": doubled,
        "versions": versions,
        "changed": changed,
    }  # fmt: skip


def _columns(row: IssueRow) -> tuple[str, ...]:
    hours = f"{row.hours:g} h" if row.hours else "-"
    return row.id, str(row.dots), str(row.my_dots or "-"), hours, row.title


def _marks(row: IssueRow) -> str:
    marks = (
        row.kind if row.kind != "issue" else "",
        row.level if row.level != "team" else "",
        row.status if row.status != "open" else "",
        "archived" if row.archived else "",
        "no hours yet!" if row.nobody else "",
        "two people's words" if row.doubled else "",
    )
    return ", ".join(mark for mark in marks if mark)
