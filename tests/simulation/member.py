"""A member on one machine, whose work may be cut short at any step, and what they were told is kept.

It is noted as words that have to be found from then on wherever the client shows words: among records,
statements or drafts.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from moot_client.home import Home
from moot_client.replica.outside import Outside
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from tests.helpers.cohort import Clock, issue
from tests.helpers.drafts import save_draft
from tests.simulation.disk import VirtualDisk
from tests.simulation.process import Process

_WORDS = """
    SELECT value FROM record UNION ALL SELECT value FROM statement UNION ALL SELECT fields FROM draft
"""


@dataclass
class Member:
    """One machine of somebody: `told` are the words that they were told are kept."""

    disk: VirtualDisk
    acts: Sequence[Callable[[Member], None]] = ()
    told: list[str] = field(default_factory=list)
    seed: int = 1
    speaks: bool = True
    """Whether they belong in the end, and so can say something more."""
    replica: Replica | None = None

    def __post_init__(self) -> None:
        self._process()

    def _process(self) -> None:
        self.process = Process(self.disk)
        self.home = Home(self.disk.root / "home", self.process)
        around = random.Random(self.seed * 100_000 + self.disk.steps)
        self.outside = Outside(Clock(), around.randbytes, self.process.hands)

    def open(self) -> Replica:
        """The community here, by this process."""
        if self.replica is None:
            self.replica = Replica.open(self.home.place(), self.outside)
        return self.replica

    def close(self) -> None:
        """Let go of it, as an interface that is left."""
        if self.replica is not None:
            replica, self.replica = self.replica, None
            replica.close()

    # -- a work ------------------------------------------------------------------------------------------

    def play(self) -> None:
        for act in self.acts:
            act(self)
        self.close()

    def go_on(self) -> None:
        if not self._is_here():
            self._again()
            return
        self._has_all(self.open())
        self._says_more("with room again")
        self.close()

    def look(self) -> None:
        self.replica = None
        self._process()
        if not self._is_here():
            assert not self.told
            self._again()
        replica = self.open()
        findings = verify(replica.store, replica.community)
        assert findings.good, findings.troubles
        self._has_all(replica)
        self._says_more("after all that")
        self.close()

    def _is_here(self) -> bool:
        """Whether there is a community: else its founding, or its arrival, is taken up again."""
        return bool(self.home.places()) and bool(self.open().heads())

    def _again(self) -> None:
        for act in self.acts:
            act(self)

    def _has_all(self, replica: Replica) -> None:
        found = "\n".join(text for (text,) in replica.reader().execute(_WORDS))
        lost = [words for words in self.told if words not in found]
        assert not lost, f"lost: {lost}"

    def _says_more(self, words: str) -> None:
        replica = self.open()
        if self.speaks and replica.joined():
            issue(replica, words)
            self.told.append(words)
        else:
            save_draft(replica, "issue", words, {"title": words})
            self.told.append(words)
        self._has_all(replica)
