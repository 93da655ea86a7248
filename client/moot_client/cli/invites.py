"""Inviting somebody, and taking an invite back."""

from __future__ import annotations

from argparse import Namespace

from moot_client.cli.output import json_value, line, note, table
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.cli.times import expiry, when
from moot_client.views.people import people
from moot_shared.errors import InputError, NotFound
from moot_shared.kinds.trust import ROLES

SHORT = 8  # of a key's characters; few invites are open at once


def add(commands: Commands) -> None:
    """`invite`, `invites` and `uninvite`."""
    inviting = commands.command(
        "invite", invite, "make an invite: one line to send to whom you mean, and nobody else"
    )
    inviting.add_argument("--role", default=ROLES[0], metavar="WORD", help=" / ".join(ROLES))
    inviting.add_argument(
        "--uses", default="1", metavar="N", help="how many may come in by it: a number, or any"
    )
    inviting.add_argument(
        "--expires", default="never", metavar="WHEN", help="12h, 7d, 2w, 2026-12-31, or never"
    )
    commands.command("invites", list_invites, "invites, and how often each was used")
    back = commands.command("uninvite", uninvite, "take an invite back")
    back.add_argument("invite", metavar="ID", help="how its id begins, as moot invites shows it")


def invite(session: Session, arguments: Namespace) -> None:
    """Print the line, alone on stdout."""
    from moot_client.replica.commands import MakeInvite

    uses = _uses(arguments.uses)
    expires = expiry(arguments.expires)
    text = str(session.do(MakeInvite(arguments.role, uses, expires)))
    if session.as_json:
        json_value({"line": text, "role": arguments.role, "uses": uses, "expires": expires})
        return
    line(text)
    note("Whoever has this line can join. It works once the relay has heard of it: moot sync")


def _uses(text: str) -> int | None:
    if text.strip().lower() == "any":
        return None
    if not text.strip().isdecimal() or not 0 < int(text) <= 10_000:
        raise InputError("An invite is good for a number of people, such as 5, or for any.")
    return int(text)


def list_invites(session: Session, arguments: Namespace) -> None:
    """All invites."""
    known = people(session.db, session.me)
    rows = session.db.execute(
        "SELECT key, author, role, uses, expires, revoked, used FROM invite ORDER BY rowid"
    ).fetchall()
    if session.as_json:
        names = ("key", "author", "role", "uses", "expires", "revoked", "used")
        json_value([{**dict(zip(names, row, strict=True)), "revoked": bool(row[5])} for row in rows])
    elif not rows:
        line("No invites yet. moot invite makes one.")
    else:
        table(
            ("id", "role", "used", "by", "until"),
            [
                (key[:SHORT], role, f"{used} of {uses if uses is not None else 'any'}", known[author].label,
                 "taken back" if revoked else when(expires or 0) or "never")
                for key, author, role, uses, expires, revoked, used in rows
            ],
        )  # fmt: skip


def uninvite(session: Session, arguments: Namespace) -> None:
    """Say that an invite no longer holds."""
    from moot_client.replica.commands import Say

    keys = [
        key for (key,) in session.db.execute("SELECT key FROM invite") if key.startswith(arguments.invite)
    ]
    if not keys:
        raise NotFound("There is no such invite. moot invites lists them.")
    if len(keys) > 1:
        raise InputError("Several invites begin so. Type a few more characters.")
    session.do(Say("revoke", keys[0], {}))
    line("Taken back. Nobody joins by it once the relay has heard of it: moot sync")
