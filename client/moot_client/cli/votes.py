"""What one puts behind an issue: votes and pledges."""

from __future__ import annotations

from argparse import Namespace

from moot_client.cli.options import from_stdin
from moot_client.cli.output import json_value, line
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.cli.shapes import ids
from moot_client.views.budget import check_vote, purse
from moot_client.views.find import record_key
from moot_client.views.ledger import issue_row
from moot_shared.errors import InputError
from moot_shared.kinds import Pledge, Vote


def add(commands: Commands) -> None:
    """`vote` and `pledge`."""
    voting = commands.command(
        "vote",
        vote,
        "put impact dots on an issue; 0 takes them back",
        'moot vote 7xk2 3 --why "It costs us a shift a week"',
        "moot vote 7xk2 0",
    )
    voting.add_argument("id", metavar="ISSUE", help="how its id begins")
    dots = voting.add_argument("dots", metavar="DOTS", help="0 to 5")
    voting.offer(dots, [str(number) for number in range(6)])
    voting.add_argument("--why", metavar="TEXT", help="the reason, for all to read; - reads stdin")
    pledging = commands.command(
        "pledge",
        pledge,
        "say how many hours you would give; 0 takes it back",
        "moot pledge 7xk2 4",
        "moot pledge 7xk2 1.5",
    )
    pledging.add_argument("id", metavar="ISSUE", help="how its id begins")
    pledging.add_argument("hours", metavar="HOURS", help="such as 4 or 1.5")


def vote(session: Session, arguments: Namespace) -> None:
    """Vote, within the budget."""
    from moot_client.replica.commands import Say

    given = {"dots": arguments.dots, **({} if arguments.why is None else {"why": from_stdin(arguments.why)})}
    values = Vote.check(given, whole=False)
    key = record_key(session.db, arguments.id, "issue")
    before = issue_row(session.db, session.me, key)
    if values["dots"] and (before.status == "closed" or before.archived):
        state, back = ("archived", "unarchive") if before.archived else ("closed", "reopen")
        raise InputError(
            f"‘{before.title}’ is {state}, so votes on it do not count. "
            f"moot issue {back} {before.id} takes it up again."
        )
    check_vote(session.db, session.me, key, values["dots"])
    session.do(Say("vote", key, values))
    row, left = issue_row(session.db, session.me, key), purse(session.db, session.me).left
    if session.as_json:
        json_value({**ids(key, row.id), "dots": row.my_dots, "dots_left": left})
        return
    dots = {0: "No dots of yours", 1: "1 dot of yours"}.get(row.my_dots, f"{row.my_dots} dots of yours")
    line(f"{dots} on ‘{row.title}’. {left} left.")


def pledge(session: Session, arguments: Namespace) -> None:
    """Pledge hours."""
    from moot_client.replica.commands import Say

    values = Pledge.check({"hours": arguments.hours}, whole=False)
    key = record_key(session.db, arguments.id, "issue")
    session.do(Say("pledge", key, values))
    row = issue_row(session.db, session.me, key)
    if session.as_json:
        json_value({**ids(key, row.id), "hours": row.my_hours, "all_hours": row.hours})
    else:
        line(f"{row.my_hours:g} h of yours for ‘{row.title}’, {row.hours:g} h of all.")
