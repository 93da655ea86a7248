"""Who came, who went and who convenes, as news: one sentence each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from moot_client.views.forks import forks
from moot_client.views.people import Member, People
from moot_client.views.phrases import TodayLine, listed
from moot_shared.ids import encode_bytes


def belonging(db: sqlite3.Connection, known: People, me: str, since: int) -> Iterator[TodayLine]:
    """What was said after the position `since` about who belongs, by others than me."""
    rows = db.execute(
        "SELECT fact.kind, fact.author, fact.subject, fact.payload FROM fact JOIN change USING (actor, seq)"
        " WHERE change.position > ? ORDER BY change.position, fact.position",
        (since,),
    ).fetchall()
    facts = [(kind, encode_bytes(author), subject, payload) for kind, author, subject, payload in rows]
    joined = {author for kind, author, _, _ in facts if kind == "join" and not known[author].me}
    names = sorted({known[author].label for author in joined})
    if names:
        target, who = f"member/{min(joined)}" if len(joined) == 1 else "", listed(names)
        yield TodayLine(f"{who} joined", target, title=f"{who} joined", named=who)
    told = set()
    for kind, author, subject, payload in facts:
        line = _line(known, me, kind, author, subject.split("/"), payload)
        if line is not None and line.text not in told and author != me:
            told.add(line.text)
            yield line
    for fork in forks(db, known, me):
        if fork.at > _looked(db):
            yield TodayLine(
                f"two different things were said at one place under {fork.member.label}’s name",
                f"member/{fork.member.key}",
            )


def _line(
    known: People, me: str, kind: str, author: str, subject: list[str], payload: str
) -> TodayLine | None:
    whom, by = known[subject[0]], known[author]
    target = f"member/{whom.key}"
    if kind == "removal" and whom.removed and whom.gone and whom.gone.by == author:
        went = "left" if author == whom.key else f"was removed by {by.label}"
        return TodayLine(f"{whom.label} {went}", target)
    if kind == "role" and _role(payload) == "convenor" and whom.convenes:
        return TodayLine(f"{_you(whom)} convenor now", target)
    if kind == "role" and _role(payload) == "member" and subject[0] == author and not whom.convenes:
        return TodayLine(f"{whom.label} laid the role of a convenor down", target)
    if kind == "self" and whom.now and known[subject[-1]].now in ("", whom.now) and not whom.me:
        return TodayLine(f"{whom.label} is back after losing a machine: their words are theirs again", target)
    return None


def _you(member: Member) -> str:
    return "you are a" if member.me else f"{member.label} is a"


def _role(payload: str) -> object:
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return said.get("role") if isinstance(said, dict) else None


def _looked(db: sqlite3.Connection) -> int:
    """When this member last looked, Unix milliseconds."""
    row = db.execute("SELECT value FROM own WHERE name = 'own last look'").fetchone()
    return int(json.loads(row[0])[1]) if row else 0
