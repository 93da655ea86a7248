"""Issues: list, add, show, edit, close, archive."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from moot_client.cli import issue_page as pages
from moot_client.cli.links import add_linking
from moot_client.cli.options import add_fields, field_values, once
from moot_client.cli.output import json_value, line, table
from moot_client.cli.parser import Commands
from moot_client.cli.records import answer, archiving, change, one, setter
from moot_client.cli.session import Session
from moot_client.views.find import record_key
from moot_client.views.issue import issue_page
from moot_client.views.ledger import IssueRow
from moot_client.views.ranking import agenda
from moot_shared.kinds import Issue

KIND = "issue"


def add(commands: Commands) -> None:
    """`issues` and `issue …`."""
    listing = commands.command("issues", list_issues, "the agenda: issues by dots, then hours")
    listing.add_argument("--closed", action="store_true", help="closed ones too")
    listing.add_argument("--archived", action="store_true", help="those put away too")
    group = commands.group(KIND, "one issue: add, show, edit, close, archive, link")
    adding = group.command("add", add_issue, "list an issue; prints its id")
    adding.add_argument("title", nargs="?", metavar="TITLE", help="the same as --title")
    add_fields(adding, Issue)
    one(group.command("show", show_issue, "one issue whole"))
    editing = group.command("edit", edit_issue, "change fields of an issue")
    one(editing)
    add_fields(editing, Issue)
    setter(group, "close", set_issue, {"status": "closed"}, "close an issue: its dots are free again")
    setter(group, "reopen", set_issue, {"status": "open"}, "open a closed issue again")
    archiving(group, set_issue)
    add_linking(group)


def list_issues(session: Session, arguments: Namespace) -> None:
    """The ranked list."""
    view = agenda(session.db, session.me, closed=arguments.closed, archived=arguments.archived)
    if session.as_json:
        json_value([pages.row_json(row) for row in view.rows])
        return
    if not view.rows:
        line('No issues here yet. List one: moot issue add "What matters"')
        return
    heads = ("id", "dots", "you", "hours", "issue")
    table(
        heads,
        [_columns(row) for row in view.rows],
        ("dots", "you", "hours"),
        [_marks(row) for row in view.rows],
    )
    line()
    over = f", {view.not_counted} over the budget and not counted" if view.not_counted else ""
    line(f"{view.dots_left} of your {view.budget} dots left{over}.")


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


def add_issue(session: Session, arguments: Namespace) -> None:
    """Create an issue."""
    once(arguments, "title")
    answer(session, KIND, field_values(session, arguments, Issue))


def show_issue(session: Session, arguments: Namespace) -> None:
    """One issue."""
    page = issue_page(session.db, session.me, record_key(session.db, arguments.id, KIND))
    if session.as_json:
        json_value(pages.page_json(page))
    else:
        pages.in_words(session, page)


def edit_issue(session: Session, arguments: Namespace) -> None:
    """Change what was given."""
    _change(session, arguments.id, field_values(session, arguments, Issue))


def set_issue(session: Session, arguments: Namespace) -> None:
    """Close, reopen, archive, unarchive."""
    _change(session, arguments.id, arguments.values)


def _change(session: Session, id: str, values: dict[str, Any]) -> None:
    key = change(session, KIND, id, values)
    page = issue_page(session.db, session.me, key)
    if session.as_json:
        json_value(pages.row_json(page.row))
    else:
        put_away = ", archived" if page.row.archived else ""
        line(f"‘{page.row.title}’ ({page.row.id}): {page.row.status}{put_away}.")
