"""Putting shared prose back as it was before an edit of mine: paragraph by paragraph, as things stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from moot_client.replica.comparing import Patient
from moot_client.replica.prose import MOST_LOOKS

Row = Sequence[Any]
"""A paragraph as a record has it: its element, its text, who wrote it, and more."""


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """What an edit of mine left (element, text), and the texts that had stood there before it."""

    left: tuple[tuple[str, str], ...]
    before: tuple[str, ...]

    def now(self, stands: Sequence[Row], me: str) -> tuple[list[str], list[str], bool]:
        """The elements to begin with, the texts to put there, and whether something stays as it is.

        What was rewritten since stays, by whomever: the older text beside it would be a third one. A
        paragraph of mine that was rewritten and put back since stands under another element.
        """
        elements, gone = self._standing(stands, me)
        texts, target, stays = [text for _, text in self.left], list[str](), False
        for tag, i1, i2, j1, j2 in Patient(texts, self.before, MOST_LOOKS).get_opcodes():
            mine, old = texts[i1:i2], self.before[j1:j2]
            changed = [at in gone for at in range(i1, i2)]
            if tag == "replace" and len(mine) == len(old):
                old = tuple(m if theirs else o for m, o, theirs in zip(mine, old, changed, strict=True))
            elif tag == "replace" and any(changed):
                old = tuple(mine)
            stays = stays or (tag != "equal" and any(changed))
            target += old
        return elements, target, stays

    def _standing(self, stands: Sequence[Row], me: str) -> tuple[list[str], set[int]]:
        """For each paragraph that was left the element under which it stands; which stand no more."""
        known = {element for element, _ in self.left}
        standing = {str(row[0]) for row in stands}
        again = [(str(row[0]), row[1]) for row in stands if row[2] == me and row[0] not in known]
        elements, gone = [], set()
        for at, (element, text) in enumerate(self.left):
            if element not in standing:
                back = next((other for other in again if other[1] == text), None)
                if back is None:
                    gone.add(at)
                else:
                    again.remove(back)
                    element = back[0]
            elements.append(element)
        return elements, gone
