"""History: who did what when to one thing, and an earlier text back."""

from __future__ import annotations

from argparse import Namespace

from moot_client.cli.output import json_value, line, note, prose, table
from moot_client.cli.parser import Commands, Parser
from moot_client.cli.records import ID, one
from moot_client.cli.session import Session
from moot_client.cli.shapes import Json, who
from moot_client.cli.times import when
from moot_client.history.history import FIRST, Event, History, history, label
from moot_client.history.replay import ADDED, SAME, TAKEN_OUT, Written
from moot_client.history.restore import back, named
from moot_client.replica.commands import Edit
from moot_client.views.find import record_key
from moot_client.views.people import people
from moot_shared.errors import InputError

_SIGNS = {ADDED: "+", TAKEN_OUT: "-", SAME: " "}
_EVERY = 1_000_000


def add(commands: Commands) -> None:
    """`history` and `restore`."""
    telling = commands.command(
        "history",
        tell,
        "who did what when to one thing, the newest first",
        f"moot history {ID}",
        f"moot history {ID} --version 3",
        f"moot history {ID} --first 10 --json",
    )
    _which(telling)
    telling.add_argument("--version", type=int, metavar="N", help="what one of them did to the words")
    telling.add_argument("--first", type=int, default=FIRST, metavar="N", help=f"so many at most ({FIRST})")
    restoring = commands.command(
        "restore",
        restore,
        "bring an earlier text back; it is an edit like any other",
        f"moot restore {ID} --version 3",
        f"moot restore {ID} --version 3 --field title",
    )
    _which(restoring)
    restoring.add_argument("--version", type=int, metavar="N", required=True, help="as moot history counts")
    restoring.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="NAME",
        help="this field as it was then (else: what that version changed); can be given again",
    )


def _which(parser: Parser) -> None:
    one(parser)
    parser.add_argument(
        "--member", action="store_true", help="ID is a member's name: what they said of themself"
    )


def _found(session: Session, arguments: Namespace, first: int) -> History:
    if arguments.member:
        member = people(session.db, session.me).find(arguments.id)
        return history(session.db, session.me, f"member/{member.key}", first)
    return history(session.db, session.me, record_key(session.db, arguments.id), first)


def tell(session: Session, arguments: Namespace) -> None:
    """All of it in a table, or one version's words."""
    if arguments.first < 1:
        raise InputError("--first is a number of 1 or more.")
    found = _found(session, arguments, arguments.first if arguments.version is None else _EVERY)
    if arguments.version is not None:
        event = found.event(arguments.version)
        if session.as_json:
            json_value(_json(found, event))
        else:
            _words(found, event)
    elif session.as_json:
        json_value([_json(found, event) for event in found.events])
    else:
        rows = [(str(e.number), when(e.at), _who(e), e.what) for e in found.events]
        beside = [", ".join(member.label for member in e.beside) for e in found.events]
        marks = [f"at the same time as {names}" if names else "" for names in beside]
        table(("version", "when", "who", "what"), rows, right=("version",), marks=marks)
        if found.earlier:
            note(f"{found.earlier} earlier ones are not shown: --first {found.earlier + len(found.events)}")


def _who(event: Event) -> str:
    return "you" if event.who.me else event.who.label


def _words(found: History, event: Event) -> None:
    line(f"{found.title}")
    beside = ", ".join(member.label for member in event.beside)
    at_once = f", at the same time as {beside}" if beside else ""
    line(f"{_who(event)} {event.what}, {when(event.at)}{at_once}")
    for written in event.written:
        line()
        line(_label(found, event, written))
        for sign, words in _lines(written):
            prose(f"{_SIGNS[sign]} {words}")


def _label(found: History, event: Event, written: Written) -> str:
    kind = event.statement.split("/")[1] if event.statement else found.key.split("/", 1)[0]
    return label(kind, written.field)


def _lines(written: Written) -> list[tuple[str, str]]:
    """What came and what went, a paragraph or a value each."""
    if written.prose:
        return list(written.paragraphs)
    before = [] if written.before in (None, "") else [(TAKEN_OUT, str(written.before))]
    return [*before, (ADDED, str("" if written.after is None else written.after))]


def _json(found: History, event: Event) -> Json:
    return {
        "version": event.number,
        "at": event.at,
        "member": who(event.who),
        "what": event.what,
        "statement": event.statement,
        "at_the_same_time": [who(member) for member in event.beside],
        "changed": [
            {
                "field": written.field,
                "label": _label(found, event, written),
                "words": [{"was": sign or "there before", "text": words} for sign, words in _lines(written)],
            }
            for written in event.written
        ],
    }


def restore(session: Session, arguments: Namespace) -> None:
    """Bring it back, as an edit of what stands now."""
    found = _found(session, arguments, _EVERY)
    command = back(found, found.event(arguments.version), arguments.field)
    session.do(command)
    brought = named(found, command)
    fields = sorted(command.values)
    several = isinstance(command, Edit) and len(fields) > 1
    again = "are again as they were" if several else "is again as it was"
    words = f"{brought} of ‘{found.title}’ {again} in version {arguments.version}."
    if session.as_json:
        json_value({"key": found.key, "version": arguments.version, "restored": fields})
    else:
        line(words[:1].upper() + words[1:])
