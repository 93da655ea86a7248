"""What is safe where, proof of it, and everything as plain files."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from moot_client.cli.output import json_value, line, prose
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.cli.shapes import who
from moot_client.cli.times import when
from moot_client.views.forks import aside_sentence, fork_sentence, forks, set_aside
from moot_client.views.news import count
from moot_client.views.people import people
from moot_client.views.standing import Standing, standing
from moot_shared.errors import WrongUsage

FORMATS = ("markdown", "json")
_COMPLETE = (
    "markdown reads well, and keeps others' answers in a review back until you have shared yours; json is "
    "complete, with those answers as well"
)


def add(commands: Commands) -> None:
    """`status`, `verify` and `export`."""
    commands.command(
        "status", status, "what is safe where, and who has it", "moot status", "moot status --json"
    )
    commands.command("verify", verify, "prove what is on this machine from the ground up", "moot verify")
    exporting = commands.command(
        "export",
        export,
        "everything as plain files",
        "moot export ~/cohort",
        "moot export ~/cohort --format json",
    )
    exporting.add_argument("folder", metavar="DIR", help="a folder that is new, empty, or an earlier export")
    exporting.add_argument("--format", choices=FORMATS, default=FORMATS[0], help=_COMPLETE)


def status(session: Session, arguments: Namespace) -> None:
    """The three claims, each apart."""
    view = standing(session.db, session.me)
    relay = view.relay or session.place.relay
    if session.as_json:
        json_value(_as_json(session, view, relay))
        return
    me = people(session.db, session.me)[session.me]
    line(f"{session.place.name} · you are {me.label}")
    if view.gone:
        line(f"{view.gone}. What is here stays yours to read and to export; nothing new is heard.")
    line(f"On this machine   {count(view.changes, 'change')} ({session.place.folder})")
    line(f"Stored by relay   {_stored(view, relay)}")
    for holder in view.holders:
        has = (
            "has everything of yours"
            if not holder.lacks
            else f"lacks {count(holder.lacks, 'change')} of yours"
        )
        other = " (another machine of yours)" if holder.member.me else ""
        line(f"Who has it        {holder.member.label}{other} {has}, said {when(holder.at)}")
    known = people(session.db, session.me)
    for fork in forks(session.db, known, session.me):
        line(f"Said twice        {fork_sentence(fork, when)}")
    for aside in set_aside(session.db, known, session.me):
        line(f"Set aside         {aside_sentence(aside)}")
    for refusal in view.refused:
        line(f"Not accepted      {refusal.reason} {when(refusal.at)}".rstrip())
        if refusal.words:
            line("                  Your words are kept:")
            prose(refusal.words)


def _stored(view: Standing, relay: str) -> str:
    one, number = view.waiting == 1, count(view.waiting, "change")
    waiting = f"{number} of yours {'waits' if one else 'wait'} to go out"
    if view.stays:
        waiting = f"{number} of yours {'stays' if one else 'stay'} on this machine"
    last = f"at {when(view.stored_at)}" if view.stored_at else ""
    if not relay:
        return f"nothing: this community is on no relay yet; {waiting}"
    if view.elsewhere:
        relay = f"{view.elsewhere}; the community's relay is {relay}, which was not reached since"
    if view.waiting:
        return f"{waiting}; the rest {last} ({relay})" if last else f"{waiting} ({relay})"
    return f"all of yours {last} ({relay})"


def _as_json(session: Session, view: Standing, relay: str) -> dict[str, Any]:
    known = people(session.db, session.me)
    noticed = forks(session.db, known, session.me)
    return {
        "community": {"id": session.place.community.hex(), "name": session.place.name},
        "member": who(known[session.me]),
        "gone": view.gone,
        "folder": str(session.place.folder),
        "relay": relay,
        "stored_by": view.elsewhere or relay,
        "changes": view.changes,
        "waiting": view.waiting,
        "stored_at": view.stored_at,
        "holders": [{"member": who(h.member), "at": h.at, "lacks": h.lacks} for h in view.holders],
        "said_twice": [{"member": who(fork.member), "noticed": fork.at} for fork in noticed],
        "set_aside": [
            {"member": who(row.member), "changes": row.changes}
            for row in set_aside(session.db, known, session.me)
        ],
        "refused": [{"reason": r.reason, "at": r.at, "words": r.words} for r in view.refused],
    }


def verify(session: Session, arguments: Namespace) -> int:
    """Every hash, chain, seal and decision, and rows equal to a rebuild; 1 if anything is wrong."""
    from moot_client.replica.verify import verify as prove

    findings = prove(session.replica.store, session.place.community)
    if session.as_json:
        json_value(
            {
                "good": findings.good,
                "changes": findings.changes,
                "seals": findings.seals,
                "members": findings.members,
                "troubles": list(findings.troubles),
            }
        )
        return int(not findings.good)
    for trouble in findings.troubles:
        line(trouble)
    numbers = ((findings.changes, "change"), (findings.seals, "seal"), (findings.members, "member"))
    looked = ", ".join(count(number, name) for number, name in numbers)
    line(f"Everything holds: {looked}." if findings.good else f"Looked at {looked}.")
    return int(not findings.good)


def export(session: Session, arguments: Namespace) -> None:
    """Write everything out."""
    from moot_client.export import write

    if not arguments.folder:
        raise WrongUsage("The folder's name is empty: say where to write.", "moot export ~/cohort")
    files = write(session.db, session.place, Path(arguments.folder), arguments.format)
    if session.as_json:
        json_value({"folder": str(Path(arguments.folder).absolute()), "files": files})
    else:
        line(f"{count(len(files), 'file')} in {arguments.folder}.")
