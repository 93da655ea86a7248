"""A cohort that every seed begins from: made once a process by the real client, then copied."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from moot_client.replica.commands import Say
from tests.helpers.cohort import founder, joiner, settle
from tests.helpers.network import Relay, hosted

NAMES = ("joon", "ines", "tariq", "vera", "omar")


@dataclass(frozen=True, slots=True)
class Template:
    """A folder with a home for each machine, and `relay` with its database."""

    folder: Path
    founder: str
    machines: tuple[str, ...]


def make(folder: Path) -> Template:
    """Found it, let everybody join, and put it on a relay."""
    mara = founder(folder / "mara")
    others = [joiner(folder / name, mara, name.title(), seed=20 + n) for n, name in enumerate(NAMES)]
    mara.do(Say("relay", "home", {"n": 1, "url": "ws://relay.example"}))
    settle(mara, *others)
    relay = Relay(folder / "relay")
    hosted(relay, mara)
    relay.crash()
    for replica in (mara, *others):
        replica.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        replica.close()
    return Template(folder, "mara", ("mara", *NAMES))
