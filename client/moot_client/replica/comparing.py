"""Where two sequences are alike, looked for only so long: others choose what has to be compared.

`difflib` looks at all that is left after each stretch it finds: thousands of short ones, in one text that
was made for it, take minutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate

from typing_extensions import override


class Patient(SequenceMatcher[str]):
    """Finds what it can with `looks` looks at words and pairs of equal ones; the rest is not alike."""

    def __init__(self, a: Sequence[str], b: Sequence[str], looks: int) -> None:
        super().__init__(None, a, b, autojunk=False)
        self._left = looks
        often = Counter(b)
        self._before = [0, *accumulate(1 + often[word] for word in a)]

    @override
    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        """The longest stretch that is alike between these places; none once there were enough looks."""
        self._left -= self._before[-1 if ahi is None else ahi] - self._before[alo]
        return super().find_longest_match(alo, ahi, blo, bhi) if self._left >= 0 else Match(alo, blo, 0)
