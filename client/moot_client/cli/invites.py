"""Inviting somebody, and taking an invite back."""

from __future__ import annotations

from argparse import Namespace

from moot_client.cli.output import json_value, line, note, sentence, table, whole
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.cli.times import expiry, when
from moot_client.views.people import people
from moot_shared.errors import ConnectionTrouble, InputError, NotFound
from moot_shared.kinds.trust import ROLES

MARKS = "-_"
SHORT = 8  # of a key's characters; few invites are open at once


def add(commands: Commands) -> None:
    """`invite`, `invites` and `uninvite`."""
    inviting = commands.command("invite", invite, "make an invite: one line to send")
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
    away = _tell_relay(session)
    if session.as_json:
        json_value({"line": text, "role": arguments.role, "uses": uses, "expires": expires})
        return
    whole(text)
    note("Whoever has this line can join: send it to those you mean, and to nobody else.")
    if away:
        note(f"The relay has not heard of it yet: it works after the next moot sync. {away}")


def _tell_relay(session: Session) -> str:
    """Let the relay know at once, since it is the one who lets people in; '' or what stood in the way."""
    from moot_client.sync.once import sync_once

    try:
        sync_once(session.replica)
    except ConnectionTrouble as error:
        return sentence(error)
    return ""


def _plain(key: str) -> str:
    """A key without the marks at its beginning, which a command line takes for an option's."""
    return key.lstrip(MARKS)


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
                (
                    _plain(key)[:SHORT],
                    role,
                    f"{used} of {'any' if uses is None else uses}",
                    known[author].label,
                    "taken back" if revoked else when(expires or 0) or "never",
                )
                for key, author, role, uses, expires, revoked, used in rows
            ],
        )


def uninvite(session: Session, arguments: Namespace) -> None:
    """Say that an invite no longer holds."""
    from moot_client.replica.commands import Say

    wanted = arguments.invite.strip().lstrip(MARKS)
    keys = [key for (key,) in session.db.execute("SELECT key FROM invite") if _plain(key).startswith(wanted)]
    if not keys or not wanted:
        raise NotFound("There is no such invite. moot invites lists them.")
    if len(keys) > 1:
        raise InputError("Several invites begin so. Type a few more characters.")
    session.do(Say("revoke", keys[0], {}))
    line("Taken back.")
    away = _tell_relay(session)
    if away:
        note(f"The relay has not heard of it yet, and lets people in by it until the next moot sync. {away}")
