"""Looking around: what changed, what waits for me, and what I have begun."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from moot_client.cli.output import json_value, line
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.cli.times import when
from moot_client.views.begun import Draft, called, drafts, on_this_machine
from moot_client.views.find import Ids
from moot_client.views.today import TodayLine, last_look, today
from moot_shared.errors import FormatError
from moot_shared.ids import RecordKey

MOST_BEGUN = 5  # as many as the interface names
_HOW = {
    "words/": "moot words",
    "new/issue": "moot issue add TITLE",
    "details/relay": "moot host URL KEY",
    "place/agenda": "moot issues",
    "place/lessons": "moot reviews, moot lessons",
}
"""What stands for a place of the interface here."""


def add(commands: Commands) -> None:
    """`today`."""
    commands.command(
        "today", show_today, "what changed, and what waits for you", "moot today", "moot today --json"
    )


def show_today(session: Session, arguments: Namespace) -> None:
    """Today, in words."""
    position, at = last_look(session.db)
    view = today(session.db, session.me, since_position=position, since=at)
    waiting = (*view.waiting, *on_this_machine(session.db, session.me))
    begun = drafts(session.db)
    if session.as_json:
        listed = [_begun(session, number, draft) for number, draft in enumerate(begun, 1)]
        told = {"since": view.since, "changed": _plain(view.changed), "waiting": _plain(waiting)}
        json_value({**told, "begun": listed})
        return
    line(f"Since {when(at)}" if at else "Since the beginning")
    _lines(session, view.changed or (TodayLine("nothing by others"),))
    line("Waiting for you")
    _lines(session, waiting or (TodayLine("nothing"),))
    if begun:
        line("Begun, and only on this machine")
    for number, draft in enumerate(begun[:MOST_BEGUN], 1):
        line(f"  {_called(session, draft)}  (moot draft show {number})")
    if len(begun) > MOST_BEGUN:
        line(f"  and {len(begun) - MOST_BEGUN} more  (moot drafts)")


def _called(session: Session, draft: Draft) -> str:
    return called(session.db, draft.form, draft.subject, draft.fields)


def _plain(lines: tuple[TodayLine, ...]) -> list[dict[str, str]]:
    return [
        {"text": one.text, "key": "" if one.target in _HOW else one.target, "how": _HOW.get(one.target, "")}
        for one in lines
    ]


def _begun(session: Session, number: int, draft: Draft) -> dict[str, Any]:
    return {
        "text": _called(session, draft),
        "form": draft.form,
        "about": draft.subject,
        "saved": draft.saved,
        "how": f"moot draft show {number}",
    }


def _lines(session: Session, lines: tuple[TodayLine, ...]) -> None:
    ids = Ids(session.db)
    for one in lines:
        more = _HOW.get(one.target) or (_short(ids, one.target) if one.target else "")
        if one.target.startswith(("proposal/", "claim/")):
            more = "moot members says how"
        line(f"  {one.text}" + (f"  ({more})" if more else ""))


def _short(ids: Ids, key: str) -> str:
    try:
        return ids.short(RecordKey.parse(key).handle)
    except FormatError:  # somebody's profile has no id
        return ""
