"""Inviting somebody, letting somebody read along, and taking either back."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from moot_client.cli import shapes
from moot_client.cli.output import aside, json_value, line, note, table, whole
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.cli.telling import tell_relay
from moot_client.cli.times import expiry, when
from moot_client.replica.outside import REAL
from moot_client.views.invites import InviteRow, invites, what_became
from moot_client.views.people import people
from moot_shared.errors import InputError, NotFound
from moot_shared.kinds.trust import ROLES
from moot_shared.trust.invite import VIEW
from moot_shared.wire.viewing import document_url

MARKS = "-_"
SHORT = 8  # of a key's characters; few invites are open at once


def add(commands: Commands) -> None:
    """`invite`, `invites` and `uninvite`."""
    inviting = commands.command(
        "invite",
        invite,
        "make an invite: one line to send",
        "moot invite --uses 8 --expires 7d",
        "moot invite --role convenor",
        "moot invite --viewer --expires 2w",
    )
    role = inviting.add_argument("--role", default=ROLES[0], metavar="WORD", help=" / ".join(ROLES))
    inviting.offer(role, ROLES)
    inviting.add_argument(
        "--viewer", action="store_true",
        help="(convenors) a link to read by, with any automerge-repo program; whoever has it reads all",
    )  # fmt: skip
    inviting.add_argument(
        "--uses", default="", metavar="N", help="how many may come in by it: a number (default 1), or any"
    )
    inviting.add_argument(
        "--expires", default="never", metavar="WHEN", help="12h, 7d, 2w, 2026-12-31, or never"
    )
    commands.command(
        "invites", list_invites, "invites: what became of each, and who came by it", "moot invites"
    )
    back = commands.command("uninvite", uninvite, "take an invite back", "moot uninvite 1pQs")
    back.add_argument("invite", metavar="INVITE-ID", help="how its id begins, as moot invites shows it")


def invite(session: Session, arguments: Namespace) -> None:
    """Print the line, alone on stdout."""
    from moot_client.replica.commands import MakeInvite

    if arguments.viewer:
        view(session, arguments)
        return
    uses = _uses(arguments.uses or "1")
    expires = expiry(arguments.expires)
    text = str(session.do(MakeInvite(arguments.role, uses, expires)))
    if session.as_json:
        tell_relay(session)
        json_value({"line": text, "role": arguments.role, "uses": uses, "expires": expires})
        return
    whole(text)  # it is valid from now on, whether or not one waits for the relay
    away = tell_relay(session)
    note("Whoever has this line can join: send it to those you mean, and to nobody else.")
    if away:
        note(f"The relay has not heard of it yet: it works after the next moot sync. {away}")


def view(session: Session, arguments: Namespace) -> None:
    """Print a viewer link, alone on stdout, and say what it does."""
    from moot_client.replica.commands import MakeInvite

    if arguments.uses or arguments.role != ROLES[0]:
        raise InputError("A viewer link has no role and no number of uses: whoever has it reads.")
    expires = expiry(arguments.expires)
    link = str(session.do(MakeInvite(VIEW, None, expires)))
    away = tell_relay(session)
    document = document_url(session.place.community)
    if session.as_json:
        json_value({"link": link, "document": document, "role": VIEW, "expires": expires})
        return
    whole(link)
    note(
        "Whoever has this link reads everything that is said here, what comes from now on too, until it is "
        "taken back (moot uninvite). Nobody joins or writes by it, and nobody sees who reads."
    )
    note(f"An automerge-repo program connects to it and finds {document}")
    if link.startswith("ws://"):
        note("Nothing encrypts the way to this relay: whoever is on it reads along, and sees the link.")
    if away:
        note(f"The relay has not heard of it yet: it works after the next moot sync. {away}")


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
    """All invites, the open ones first, with who came by each."""
    known = people(session.db, session.me)
    rows = invites(session.db, known, REAL.now())
    if session.as_json:
        json_value([_as_json(row) for row in rows])
    elif not rows:
        aside("No invites yet. moot invite makes one.")
    else:
        table(
            ("id", "role", "used", "by", "state", "who came"),
            [
                (
                    _plain(row.key)[:SHORT],
                    "viewer link" if row.is_link else row.role,
                    "" if row.is_link else f"{row.used} of {'any' if row.uses is None else row.uses}",
                    row.author.label,
                    _until(row),
                    ", ".join(member.label for member in row.came),
                )
                for row in rows
            ],
        )


def _until(row: InviteRow) -> str:
    if not row.open:
        return what_became(row)
    return f"open until {when(row.expires)}" if row.expires else "open"


def _as_json(row: InviteRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "author": shapes.who(row.author),
        "role": row.role,
        "uses": row.uses,
        "expires": row.expires,
        "used": row.used,
        "state": row.state,
        "came": [shapes.who(member) for member in row.came],
        "at": row.said,
    }


def uninvite(session: Session, arguments: Namespace) -> None:
    """Say that an invite no longer holds."""
    from moot_client.replica.commands import Say

    wanted = arguments.invite.strip().lstrip(MARKS)
    known = session.db.execute("SELECT key FROM invite UNION SELECT key FROM viewer_link")
    keys = [key for (key,) in known if _plain(key).startswith(wanted)]
    if not keys or not wanted:
        raise NotFound("There is no such invite. moot invites lists them.")
    if len(keys) > 1:
        raise InputError("Several invites begin so. Type a few more characters.")
    session.do(Say("revoke", keys[0], {}))
    away = tell_relay(session)
    if session.as_json:
        json_value({"taken_back": keys[0], "relay_knows": not away})
        return
    line("Taken back." + ("" if away else " The relay lets nobody in by it any more."))
    if away:
        note(f"The relay has not heard of it yet, and lets people in by it until the next moot sync. {away}")
