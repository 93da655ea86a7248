"""What one says about anything: comments."""

from __future__ import annotations

from argparse import Namespace

from moot_client.cli.options import from_stdin
from moot_client.cli.output import json_value, line
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.cli.shapes import ids
from moot_client.views.find import record_key
from moot_client.views.issue import comments_on
from moot_client.views.people import people
from moot_client.views.rows import record
from moot_shared.errors import NotFound
from moot_shared.ids import StatementKey
from moot_shared.kinds import Comment


def add(commands: Commands) -> None:
    """`comment`."""
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
    line(f"{done} about ‘{found.row.title_line if found else ''}’.")


def _mine(session: Session, key: str, number: int) -> str:
    """Where my remark of this number about a record stands; NotFound where there is none."""
    known = people(session.db, session.me)
    mine = [c for c in comments_on(session.db, known, key) if c.member.me]
    if not 1 <= number <= len(mine):
        have = {0: "nothing", 1: "one thing"}.get(len(mine), f"{len(mine)} things")
        raise NotFound(f"You have said {have} about it, so there is no number {number}.")
    return StatementKey.parse(mine[number - 1].key).subject
