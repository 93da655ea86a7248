"""Issues: add, show, edit, close, archive, tie."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from moot_client.cli import issue_page as pages
from moot_client.cli.issues import row_json
from moot_client.cli.links import add_linking
from moot_client.cli.options import add_fields, field_values, once
from moot_client.cli.output import json_value, line
from moot_client.cli.parser import Commands
from moot_client.cli.records import answer, archiving, change, one, setter
from moot_client.cli.session import Session
from moot_client.views.find import record_key
from moot_client.views.issue import issue_page
from moot_client.views.ledger import issue_row
from moot_shared.kinds import Issue

KIND = "issue"


def add(commands: Commands) -> None:
    """`issue …`."""
    group = commands.group(KIND, "one issue: add, show, edit, close, archive, link")
    adding = group.command(
        "add",
        add_issue,
        "list an issue; prints its id",
        'moot issue add "Handover between shifts loses facts" --level "across teams"',
        'moot issue add "Who has run a case clinic before?" --kind question',
        "moot issue add 'Meetings run over' --body - < notes.txt",
    )
    adding.add_argument("title", nargs="?", metavar="TITLE", help="the same as --title")
    add_fields(adding, Issue)
    showing = group.command(
        "show", show_issue, "one issue whole", "moot issue show 7xk2", "moot issue show 7xk2 --json"
    )
    one(showing, KIND)
    editing = group.command(
        "edit",
        edit_issue,
        "change fields of an issue",
        'moot issue edit 7xk2 --now "Facts are told in the corridor"',
        'moot issue edit 7xk2 --status "in work"',
    )
    one(editing, KIND)
    add_fields(editing, Issue)
    setter(group, KIND, "close", set_issue, {"status": "closed"}, "close an issue: its dots are free again")
    setter(group, KIND, "reopen", set_issue, {"status": "open"}, "open a closed issue again")
    archiving(group, KIND, set_issue)
    add_linking(group)


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
    values = field_values(session, arguments, Issue)
    _change(session, arguments.id, values, "" if "status" in values else "changed")


def set_issue(session: Session, arguments: Namespace) -> None:
    """Close, reopen, archive, unarchive."""
    _change(session, arguments.id, arguments.values)


def _change(session: Session, id: str, values: dict[str, Any], done: str = "") -> None:
    """`done` says what was done, where its state does not."""
    key = change(session, KIND, id, values)
    row = issue_row(session.db, session.me, key)
    if session.as_json:
        json_value(row_json(row))
    else:
        line(f"‘{row.title}’ ({row.id}): {done or row.status}{', archived' if row.archived else ''}.")
