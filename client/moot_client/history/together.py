"""Which edits of a record were made without knowing of each other: at the same time, as one would say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from moot_shared.format.change import Operation, OpId


class Together:
    """Edits in order. Each writes the record's `at`, in place of those that its author knew as the last."""

    def __init__(self) -> None:
        self._places: dict[OpId, int] = {}  # an edit's `at` -> its place
        self._known: dict[int, int] = {}  # its place -> the places of all edits that it knew, as bits
        self._every = 0

    def met(self, at: Sequence[Operation], place: int) -> tuple[int, ...]:
        """Take in one more edit; the places of earlier ones that it knew nothing of."""
        known = 0
        for operation in at:
            for last in operation.pred:
                if last in self._places:
                    before = self._places[last]
                    known |= self._known[before] | 1 << before
        for operation in at:
            self._places[operation.id] = place
        self._known[place] = known
        unknown, self._every = self._every & ~known, self._every | 1 << place
        return tuple(_bits(unknown))


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
