"""The community itself: its name, what it is for, how many dots each member has."""

from __future__ import annotations

import sqlite3

from moot_client.views.rows import records
from moot_shared.frozen import frozen
from moot_shared.kinds import Community


@frozen
class CommunityView:
    """What the founder's first community record says; `key` is '' while there is none."""

    key: str
    name: str
    purpose: str
    vote_budget: int


def community(db: sqlite3.Connection) -> CommunityView:
    """The community, from the smallest key among the founder's records of it."""
    founder = db.execute("SELECT key FROM member WHERE place = 0").fetchone()
    found = records(db, Community, "creator = ?", (founder[0],)) if founder else []
    if not found:
        return CommunityView("", "", "", Community.vote_budget.default)
    first = found[0].row
    return CommunityView(str(first.key), first.name, str(first.purpose), first.vote_budget)
