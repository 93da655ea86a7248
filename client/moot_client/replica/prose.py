"""An edited text as steps on a list of paragraphs.

A rewritten paragraph is inserted after the old one, and then the old one is deleted, in one change:
two people who do so at once both get theirs, side by side. What the editor saw when they began is the
base: paragraphs that others changed since are left as they are (docs/decisions/0011-prose-is-paragraphs.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from moot_shared.frozen import frozen

MOST_LOOKS = 5_000_000  # at paragraphs and pairs of equal ones: a second or two, where a text is made for it


@frozen
class Step:
    """Steps that belong into one change: insertions (index, text), then deletions (index), in order."""

    insert: tuple[int, str] | None
    delete: tuple[int, ...] = ()


def steps(
    order: Sequence[str],
    base: Sequence[tuple[str, str]],
    text: Sequence[str],
    twins: Mapping[str, Sequence[str]] | None = None,
) -> list[Step]:
    """What turns the list into `text`.

    `order` names the list's standing elements, in order; `base` is what the editor saw (element, text);
    `twins` names, for an element, those that repeat it unseen and go with it.
    """
    return _Editing(list(order), base, text, twins or {}).run()


class _Editing:
    def __init__(
        self,
        order: list[str],
        base: Sequence[tuple[str, str]],
        text: Sequence[str],
        twins: Mapping[str, Sequence[str]],
    ) -> None:
        self.order = order
        self.base = base
        self.text = text
        self.twins = twins
        self.made = 0
        self.result: list[Step] = []

    def run(self) -> list[Step]:
        from moot_client.replica.comparing import Patient  # a vote compares nothing, and waits for no difflib

        before = [paragraph for _, paragraph in self.base]
        matcher = Patient(before, self.text, MOST_LOOKS)
        # From the end, so that what stands before an edit has not moved yet.
        for tag, i1, i2, j1, j2 in reversed(matcher.get_opcodes()):
            if tag != "equal":
                self._replace(i1, i2, self.text[j1:j2])
        return self.result

    def _replace(self, first: int, last: int, new: Sequence[str]) -> None:
        pairs = min(last - first, len(new))
        for offset in range(last - first - 1, pairs - 1, -1):
            self._add(None, "", self._gone(first + offset))
        anchor_at = first + pairs - 1
        for offset in range(len(new) - 1, pairs - 1, -1):
            self._add(new[offset], self._anchor(anchor_at), ())
        for offset in range(pairs - 1, -1, -1):
            self._add(new[offset], self._anchor(first + offset), self._gone(first + offset))

    def _gone(self, at: int) -> tuple[str, ...]:
        element = self.base[at][0]
        return tuple(e for e in (element, *self.twins.get(element, ())) if e in self.order)

    def _anchor(self, at: int) -> str:
        """The standing element after which new text goes: the base's own, or the nearest before it."""
        for index in range(at, -1, -1):
            if self.base[index][0] in self.order:
                return self.base[index][0]
        return ""

    def _add(self, text: str | None, anchor: str, gone: tuple[str, ...]) -> None:
        insertion = None
        if text is not None:
            index = self.order.index(anchor) + 1 if anchor else 0
            self.made += 1
            self.order.insert(index, f"new {self.made}")
            insertion = (index, text)
        deletions = []
        for element in gone:
            deletions.append(self.order.index(element))
            self.order.remove(element)
        if insertion or deletions:
            self.result.append(Step(insertion, tuple(deletions)))
