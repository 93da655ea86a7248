"""What members were told, written down outside of their own stores, to be held against the disk later."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.survival.watch import Failed

Log = Mapping[bytes, Mapping[int, bytes]]
"""actor -> seq -> hash: what is in a database."""


@dataclass
class Ledger:
    """Of a whole community. Any thread."""

    words: dict[str, str] = field(default_factory=dict)
    """Every word that was said to be on a machine -> whose."""
    told: dict[str, dict[bytes, int]] = field(default_factory=dict)
    """member -> actor -> through which seq the relay has stored, as that member was told."""
    claims: int = 0
    """How often somebody was told that something is stored."""
    hear: Callable[[], None] = lambda: None
    """Called at each claim."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def said(self, name: str, words: list[str]) -> None:
        """A member was told that these are on their machine."""
        with self._lock:
            self.words |= dict.fromkeys(words, name)

    def stored(self, name: str, through: Mapping[bytes, int]) -> None:
        """A member was told that the relay has these actors' changes through these seqs."""
        with self._lock:
            mine = self.told.setdefault(name, {})
            for actor, seq in through.items():
                mine[actor] = max(seq, mine.get(actor, 0))
            self.claims += 1
        self.hear()

    def hold(self, name: str, key: bytes, relay: Log, here: Log) -> int:
        """Hold what a member was told, and what came to them, against the relay's log; how much that was.

        What somebody else wrote can only have come by the relay, so it is there. Failed otherwise.
        """
        with self._lock:
            told = dict(self.told.get(name, {}))
        for actor, changes in here.items():
            if not actor.startswith(key):
                told[actor] = max((told.get(actor, 0), *changes))
        return sum(_hold(name, actor, seq, relay, here) for actor, seq in told.items())


def _hold(name: str, actor: bytes, seq: int, relay: Log, here: Log) -> int:
    there, mine = relay.get(actor, {}), here.get(actor, {})
    for number in range(1, seq + 1):
        if number not in there:
            raise Failed(
                f"{name} was told that the relay has change {number} of {actor[:4].hex()}; it is not there."
            )
        if there[number] != mine.get(number, there[number]):
            raise Failed(f"Of change {number} of {actor[:4].hex()} the relay has another one than {name}.")
    return seq


def log_of(db: sqlite3.Connection) -> Log:
    """What is in a database, a client's or a relay's of one community; Failed where a log has a hole."""
    found: dict[bytes, dict[int, bytes]] = {}
    for actor, seq, change_hash in db.execute("SELECT actor, seq, hash FROM change"):
        found.setdefault(actor, {})[seq] = change_hash
    for actor, changes in found.items():
        if sorted(changes) != list(range(1, len(changes) + 1)):
            raise Failed(f"The log of {actor[:4].hex()} has a hole.")
    return found


def words_in(db: sqlite3.Connection) -> bytes:
    """Everything that was ever said, as it stands in the changes of a database."""
    return b"\n".join(chunk for (chunk,) in db.execute("SELECT bytes FROM change"))
