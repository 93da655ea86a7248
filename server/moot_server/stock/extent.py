"""How large a document is: its operations, its counters, and how far the counters ran ahead of them.

Counters are finite. Who counts on further than all that is known may know of operations that are on their
way; but no honest document ever leaps further in all than it has counters. So each leap is bounded, and
the sum of them.
"""

from __future__ import annotations

from typing import NamedTuple

LEAP = 1 << 20
"""How far beyond all known operations one may count: its writer may know of some that are on their way."""
LEAPS = 1 << 28
"""How far in all: an eighth of what there is."""


class Extent(NamedTuple):
    """Of one document."""

    last_op: int = 0
    """The highest counter."""
    operations: int = 0
    leapt: int = 0
    """Counters that nothing was known of when somebody counted on behind them."""

    def leap(self, start_op: int) -> int:
        """How far a change that begins there leaps."""
        return max(0, start_op - 1 - self.last_op)

    def too_far(self, start_op: int) -> bool:
        """Whether that is further than anybody may."""
        leap = self.leap(start_op)
        return leap > LEAP or (leap > 0 and self.leapt + leap > LEAPS)

    def grown(self, start_op: int, last_op: int) -> Extent:
        """With a change more."""
        return Extent(
            max(self.last_op, last_op),
            self.operations + last_op - start_op + 1,
            self.leapt + self.leap(start_op),
        )
