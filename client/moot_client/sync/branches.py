"""Whose branch stands on a visit, where the relay there keeps another one of an actor than this machine."""

from __future__ import annotations

from dataclasses import dataclass

from moot_client.replica.replica import Replica
from moot_client.sync.ways import told
from moot_shared.wire.fields import Version

LOST = frozenset({"stranger", "restored"})
"""Why a relay that has let us in before does not do so now: it has lost something of what it had."""


@dataclass(frozen=True, slots=True)
class Visiting:
    """Somebody at a relay: at home, or `farewell`, only to say that the community lives elsewhere."""

    replica: Replica
    url: str
    farewell: bool

    def its_branch_stands(self) -> bool:
        """Whether we yield where this relay keeps another branch: but for a farewell always.

        There too for the convenor who has said where the home is, until it is told: their word could be built
        on what this relay does not have, and those who know no other one would never hear it.
        """
        if not self.farewell or self._at_home():
            return True
        return self.replica.said_where_home_is() and not told(self.replica, self.url)

    def turned_away(self, code: str) -> None:
        """A home that no longer knows us, or was put back from an older copy, has nobody knows how much."""
        if code in LOST and self._at_home():
            self.replica.forget_stored({})

    def _at_home(self) -> bool:
        return self.url == self.replica.relay_url()


def taken_out(before: Version, here: Version) -> bool:
    """Whether something that was here before is here no more."""
    return any(actor not in here or here[actor][0] < seq for actor, (seq, _) in before.items())
