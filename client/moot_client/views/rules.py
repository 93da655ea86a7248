"""What the rules of trust say, where rows alone do not tell: computed from the changes, and kept for a while.

Views run no rules otherwise. This loads the index of all changes, so it is asked only where somebody was
proposed, has claimed an earlier key, or was removed by several.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING

from moot_client.store.positions import last_position
from moot_shared.frozen import frozen

if TYPE_CHECKING:
    from moot_shared.trust.naming import Poll
    from moot_shared.trust.persons import Claim

_KEPT: dict[tuple[object, ...], Rules] = {}
_MOST = 4


@frozen
class Rules:
    """What stands, and what is open: see `moot_shared.trust.roster`."""

    removed_by: Mapping[str, str]
    polls: tuple[Poll, ...]
    claims: tuple[Claim, ...]


def rules(db: sqlite3.Connection) -> Rules:
    """As of everything that is here."""
    last = db.execute("SELECT hash FROM change ORDER BY position DESC LIMIT 1").fetchone()
    if last is None:
        return Rules({}, (), ())
    place = (last_position(db), *last)
    found = _KEPT.get(place)
    if found is None:
        found = _computed(db)
        while len(_KEPT) >= _MOST:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[place] = found
    return found


def _computed(db: sqlite3.Connection) -> Rules:
    from moot_client.store import changes
    from moot_shared.ids import encode_bytes
    from moot_shared.trust.roster import Roster

    roster = Roster(changes.history(db))
    removed_by = {
        encode_bytes(m.key): encode_bytes(m.removed_by) for m in roster.members.values() if m.removed_by
    }
    return Rules(removed_by, tuple(roster.polls()), tuple(roster.claims()))
