"""A cohort that every seed begins from: made once a process by the real client, then copied."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from moot_client.home import Home
from moot_client.replica.commands import Say
from moot_client.replica.founding import prepare_join
from moot_client.replica.replica import Replica
from tests.helpers.cohort import founder, joiner, outside, settle
from tests.helpers.network import Relay, hosted

NAMES = ("joon", "ines", "tariq", "vera", "omar")
TOO = ("mara-too", "joon-too")


@dataclass(frozen=True, slots=True)
class Template:
    """A folder with a home for each machine, and `relay` with its database."""

    folder: Path
    founder: str
    machines: tuple[str, ...]
    """One of each member."""
    seconds: tuple[str, ...]
    """Second machines: <name>-too."""

    def some(self, dice: random.Random) -> list[str]:
        """The machines that a world begins with: of three to six members, the founder among them."""
        names = dice.sample(self.machines, dice.choice((3, 3, 3, 4, 4, 5, 6)))
        if self.founder not in names:
            names[0] = self.founder
        return names + [two for two in self.seconds if two[:-4] in names and dice.random() < 0.4]


def make(folder: Path) -> Template:
    """Found it, let everybody join, and put it on a relay."""
    mara = founder(folder / "mara")
    others = [joiner(folder / name, mara, name.title(), seed=20 + n) for n, name in enumerate(NAMES)]
    mara.do(Say("relay", "home", {"n": 1, "url": "ws://relay.example"}))
    seconds = [second(folder / name, replica) for name, replica in ((TOO[0], mara), (TOO[1], others[0]))]
    settle(mara, *others, *seconds)
    relay = Relay(folder / "relay")
    hosted(relay, mara)
    relay.crash()
    for replica in (mara, *others, *seconds):
        replica.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        replica.close()
    return Template(folder, "mara", ("mara", *NAMES), TOO)


def second(folder: Path, first: Replica) -> Replica:
    """Another machine of the same member."""
    place = first.place
    made = prepare_join(Home(folder), first.community, first.identity, "", place.name, place.relay)
    return Replica.open(made, outside(50 + len(folder.name)))
