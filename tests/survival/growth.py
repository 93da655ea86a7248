"""What minutes of broken connections have cost in memory, handles and threads, and what is too much."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.survival.vitals import MIB, Vitals
from tests.survival.watch import Failed

UNEXPLAINED = MIB
UNEXPLAINED_PER_CUT = 3 * 1024
"""Bytes by which relay and members may grow while nobody writes: what caches and allocators do is less.

A connection that is not given back costs 10 KiB on either side, so in minutes every third of them shows.
"""


@dataclass
class Growth:
    """What was done, and what it took."""

    members: int = 0
    seconds: float = 0.0
    cuts: int = 0
    quiet_cuts: int = 0
    words: int = 0
    changes: int = 0
    curve: list[tuple[float, str, Vitals, Vitals]] = field(default_factory=list)
    """At the end of each turn: seconds, what it was, the relay, all members (one process)."""

    def unexplained(self) -> tuple[int, int]:
        """By how many bytes the relay and the members grew while nobody wrote."""
        turns = [
            (after[2].memory - before[2].memory, after[3].memory - before[3].memory)
            for before, after in zip(self.curve, self.curve[1:], strict=False)
            if after[1] == "cuts"
        ]
        return sum(relay for relay, _ in turns), sum(members for _, members in turns)

    def judge(self) -> None:
        """Failed where cuts cost memory, handles or threads for good."""
        for whose, grown in zip(("the relay", "the members"), self.unexplained(), strict=True):
            if grown > UNEXPLAINED + UNEXPLAINED_PER_CUT * self.quiet_cuts:
                raise Failed(
                    f"In {self.quiet_cuts} cuts, while nobody wrote, {whose} grew by {grown / MIB:.1f} MiB."
                )
        first, last = self.curve[0], self.curve[-1]
        for whose, before, after in (("the relay", first[2], last[2]), ("the members", first[3], last[3])):
            if after.handles > before.handles or after.threads > before.threads:
                raise Failed(f"In {self.cuts} cuts {whose} did not give everything back: {before}; {after}.")

    def lines(self) -> list[str]:
        """The curve, as lines."""
        return [
            f"endurance: {at:5.0f} s after {what:8} relay {relay}; members {members}"
            for at, what, relay, members in self.curve
        ]

    def __str__(self) -> str:
        relay, members = self.unexplained()
        first, last = self.curve[0], self.curve[-1]
        return (
            f"endurance: {self.members} members, {self.seconds:.0f} s, {self.cuts} cuts, {self.words} words, "
            f"{self.changes} changes; memory of the relay {first[2].memory / MIB:.1f} -> "
            f"{last[2].memory / MIB:.1f} MiB, of all members {first[3].memory / MIB:.1f} -> "
            f"{last[3].memory / MIB:.1f} MiB; in {self.quiet_cuts} cuts while nobody wrote "
            f"{relay / 1024:+.0f} KiB and {members / 1024:+.0f} KiB"
        )
