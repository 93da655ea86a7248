"""What one puts behind an issue, and what one says about anything: vote, pledge, comment."""

from __future__ import annotations

from argparse import Namespace

from moot_client.cli.options import from_stdin
from moot_client.cli.output import json_value, line
from moot_client.cli.parser import Commands
from moot_client.cli.records import where_it_is
from moot_client.cli.session import Session
from moot_client.cli.shapes import ids
from moot_client.views.budget import check_vote, purse
from moot_client.views.find import record_key
from moot_client.views.issue import comments_on
from moot_client.views.ledger import issue_row
from moot_client.views.people import people
from moot_client.views.rows import record
from moot_shared.errors import InputError, NotFound
from moot_shared.ids import StatementKey
from moot_shared.kinds import Comment, Pledge, Vote


def add(commands: Commands) -> None:
    """`vote`, `pledge` and `comment`."""
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
    commenting = commands.command(
        "comment",
        comment,
        "say something about an issue, a review or a lesson",
        'moot comment 7xk2 "Night shift has a list that works"',
        "moot comment 7xk2 - < remark.txt",
        'moot comment 7xk2 "Night shift has two lists" --change 1',
        "moot comment 7xk2 '' --change 1",
    )
    commenting.add_argument("id", metavar="ID", help="how its id begins")
    commenting.add_argument("text", metavar="TEXT", help="what to say; - reads stdin")
    commenting.add_argument(
        "--change",
        type=int,
        metavar="NUMBER",
        help="your remark of this number about it (1 is your first) instead; with no words: take it back",
    )


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


def comment(session: Session, arguments: Namespace) -> None:
    """Comment on a record of any kind."""
    from moot_client.replica.commands import Say

    values = {"text": from_stdin(arguments.text)}
    empty = not values["text"].strip()
    if arguments.change is None or not empty:
        Comment.check(values, whole=arguments.change is None)
    key = record_key(session.db, arguments.id)
    found = record(session.db, key)
    subject = key + "/" if arguments.change is None else _mine(session, key, arguments.change)
    said = session.do(Say("comment", subject, values))
    if session.as_json:
        json_value({**ids(key), "comment": said})
        return
    done = "Said" if arguments.change is None else f"{'Taken back' if empty else 'Changed'}: what you said"
    line(f"{done} about ‘{found.row.title_line if found else ''}’. {where_it_is(session)}")


def _mine(session: Session, key: str, number: int) -> str:
    """Where my remark of this number about a record stands; NotFound where there is none."""
    known = people(session.db, session.me)
    mine = [c for c in comments_on(session.db, known, key) if c.member.me]
    if not 1 <= number <= len(mine):
        have = {0: "nothing", 1: "one thing"}.get(len(mine), f"{len(mine)} things")
        raise NotFound(f"You have said {have} about it, so there is no number {number}.")
    return StatementKey.parse(mine[number - 1].key).subject
