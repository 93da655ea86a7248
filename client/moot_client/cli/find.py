"""Search: words in everything that was written."""

from __future__ import annotations

from argparse import Namespace

from moot_client.cli.output import aside, json_value, note, table
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.cli.shapes import Json
from moot_client.views.asking import asked
from moot_client.views.find import Ids
from moot_client.views.hits import Found, Hit
from moot_client.views.search import search
from moot_shared.errors import InputError
from moot_shared.ids import RecordKey
from moot_shared.kinds import RECORDS


def add(commands: Commands) -> None:
    """`find`."""
    finding = commands.command(
        "find",
        find,
        "search everything; beginnings will do, and slips are forgiven",
        "moot find handover shift",
        "moot find lesson: read back",
        "moot find --first 3 --json audit",
    )
    finding.add_argument("words", nargs="+", metavar="WORD", help="or a kind before a colon: review: lesson:")
    finding.add_argument("--first", type=int, default=50, metavar="N", help="so many at most (50)")


def find(session: Session, arguments: Namespace) -> None:
    """The best first; what was looked for instead of a word that is nowhere stands on stderr."""
    if arguments.first < 1:
        raise InputError("--first is a number of 1 or more.")
    typed = " ".join(arguments.words)
    if not asked(typed).terms:
        raise InputError("Say what to look for: a word, or how it begins.")
    found = search(session.db, session.me, typed, arguments.first)
    ids = Ids(session.db)
    if session.as_json:
        json_value([_json(ids, found, hit) for hit in found.hits])
    if found.told:
        note(found.told)
    if session.as_json:
        return
    if not found.hits:
        if not found.told:
            aside("Nothing here has these words.")
        return
    marks = [hit.state for hit in found.hits]
    table(("id", "kind", "what"), [_row(ids, hit) for hit in found.hits], marks=marks)
    if found.more:
        note(f"There is more than these {len(found.hits)}: another word makes it less.")


def _row(ids: Ids, hit: Hit) -> tuple[str, str, str]:
    around = hit.context.text
    said = f"{hit.by}, {hit.where}: {around}" if hit.by else around
    return _short(ids, hit), hit.kind, hit.title.text + (f"   {said}" if said else "")


def _short(ids: Ids, hit: Hit) -> str:
    """What people type for it; a person or a draft has no id."""
    return ids.short(RecordKey.parse(hit.key).handle) if hit.kind in RECORDS else "-"


def _json(ids: Ids, found: Found, hit: Hit) -> Json:
    return {
        "key": hit.key,
        "id": _short(ids, hit),
        "kind": hit.kind,
        "title": hit.title.text,
        "where": hit.where or hit.kind,
        "by": hit.by,
        "state": hit.state,
        "context": hit.context.text,
        "matched": [words for words, matched in (*hit.title.parts, *hit.context.parts) if matched],
        "instead": {near.typed: list(near.words) for near in found.instead},
    }
