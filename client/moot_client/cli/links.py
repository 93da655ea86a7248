"""Links between issues: what causes, affects, belongs to or repeats what."""

from __future__ import annotations

from argparse import Namespace

from moot_client.cli.output import json_value, line
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.views.find import record_key
from moot_client.views.rows import record
from moot_shared.errors import InputError
from moot_shared.kinds import Link


def add_linking(group: Commands) -> None:
    """`issue link ID OTHER --how WORD`."""
    options = " / ".join(Link.how.options)
    parser = group.command(
        "link",
        link_issues,
        "tie an issue to another one",
        "moot issue link 7xk2 4c1d --how causes",
        "moot issue link 7xk2 4c1d --how none",
    )
    parser.add_argument("id", metavar="ISSUE", help="how its id begins")
    parser.add_argument("other", metavar="ISSUE", help="the other issue")
    how = parser.add_argument(
        "--how", default=Link.how.default, metavar="WORD", help=f"{options} (takes it back)"
    )
    parser.offer(how, Link.how.options)


def link_issues(session: Session, arguments: Namespace) -> None:
    """Say how one issue hangs together with another."""
    from moot_client.replica.commands import Say

    how = Link.how.check(arguments.how)
    key, other = (record_key(session.db, given, "issue") for given in (arguments.id, arguments.other))
    if key == other:
        raise InputError("That is one and the same issue. A link needs two.")
    said = session.do(Say("link", f"{key}/{other}", {"how": how, "to": other}))
    if session.as_json:
        json_value({"key": said, "how": how, "from": key, "to": other})
        return
    one, two = (
        found.row.title_line if found else ""
        for found in (record(session.db, key), record(session.db, other))
    )
    line(f"‘{one}’ has no link to ‘{two}’ by you." if how == "none" else f"‘{one}’: {how} ‘{two}’.")
