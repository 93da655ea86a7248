"""Looking around: what changed and what waits for me."""

from __future__ import annotations

from argparse import Namespace

from moot_client.cli.output import json_value, line
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.cli.times import when
from moot_client.views.find import Ids
from moot_client.views.today import TodayLine, last_look, today
from moot_shared.errors import FormatError
from moot_shared.ids import RecordKey


def add(commands: Commands) -> None:
    """`today`."""
    commands.command(
        "today", show_today, "what changed, and what waits for you", "moot today", "moot today --json"
    )


def show_today(session: Session, arguments: Namespace) -> None:
    """Today, in words."""
    position, at = last_look(session.db)
    view = today(session.db, session.me, since_position=position, since=at)
    if session.as_json:
        json_value({"since": view.since, "changed": _plain(view.changed), "waiting": _plain(view.waiting)})
        return
    line(f"Since {when(at)}" if at else "Since the beginning")
    _lines(session, view.changed or (TodayLine("nothing by others"),))
    line("Waiting for you")
    _lines(session, view.waiting or (TodayLine("nothing"),))


def _plain(lines: tuple[TodayLine, ...]) -> list[dict[str, str]]:
    return [{"text": one.text, "key": "" if one.target.startswith("place/") else one.target} for one in lines]


def _lines(session: Session, lines: tuple[TodayLine, ...]) -> None:
    ids = Ids(session.db)
    for one in lines:
        more = _short(ids, one.target) if one.target else ""
        if one.target.startswith(("proposal/", "claim/")):
            more = "moot members says how"
        line(f"  {one.text}" + (f"  ({more})" if more else ""))


def _short(ids: Ids, key: str) -> str:
    try:
        return ids.short(RecordKey.parse(key).handle)
    except FormatError:  # somebody's profile has no id
        return ""
