"""The lines of a list, and which of them are shown: what others change appears in place and moves nothing.

Changing a few lines costs these few, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from moot_client.tui.widgets.items import Item


class Lines:
    """What a list holds. `rows` are those that pass the filter; `gone` the ids of lines that are no more."""

    def __init__(self) -> None:
        self._all: dict[str, Item] = {}
        self._new: set[str] = set()
        self._words: list[str] = []
        self._places: dict[str, int] | None = None  # where each of the rows stands; made when it is asked for
        self.rows: list[Item] = []
        self.gone: set[str] = set()
        self.first = 0
        """The first row that can be selected."""

    @property
    def waiting(self) -> int:
        """How many new ones there are that have no place yet."""
        return len(self._new)

    @property
    def holds_any(self) -> bool:
        """Whether there is any line, shown or not."""
        return bool(self._all)

    @property
    def stale(self) -> bool:
        """Whether the list would look otherwise if it were read anew."""
        return bool(self._new or self.gone)

    def place(self, id: str) -> int | None:
        """Where a line stands among the rows."""
        if self._places is None:
            self._places = {item.id: at for at, item in enumerate(self.rows)}
        return self._places.get(id)

    def show(self, items: Iterable[Item], *, adopt: bool) -> set[str]:
        """Bring all lines up to date; with `adopt` in their new order. The ids of those that have changed."""
        fresh = {item.id: item for item in items}
        if not adopt and self._all:
            return self.change({**dict.fromkeys(self._all.keys() - fresh.keys()), **fresh})
        before, self._all = self._all, fresh
        self._new, self.gone = set(), set()
        self._fill()
        return {new.id for new in fresh.values() if new.touched > before.get(new.id, new).touched}

    def change(self, lines: Mapping[str, Item | None]) -> set[str]:
        """Bring some lines up to date where they stand; None for what is no more.

        The ids of those that have changed. What is new waits until all are shown in a new order.
        """
        changed: set[str] = set()
        for key, item in lines.items():
            had = self._all.get(key)
            if item is None:
                self._new.discard(key)
                if had is not None:
                    self.gone.add(key)
            elif had is None:
                if not item.heading:
                    self._new.add(key)
            else:
                self._replace(item)
                if item.touched > had.touched:
                    changed.add(key)
        return changed

    def _replace(self, item: Item) -> None:
        self.gone.discard(item.id)
        self._all[item.id] = item
        at = self.place(item.id)
        if at is not None:
            self.rows[at] = item

    def put_first(self, item: Item) -> None:
        """A line that I made myself: it is there at once."""
        self._new.discard(item.id)
        self._all = {item.id: item, **self._all}
        self._fill()

    def narrow(self, words: str) -> None:
        """Show only lines with all these words; '' shows all."""
        before, self._words = self._words, words.casefold().split()
        further = bool(before) and _narrower(before, self._words)
        self._fill(self.rows if further else None)

    def _fill(self, among: Sequence[Item] | None = None) -> None:
        words = self._words
        source = self._all.values() if among is None else among
        self.rows = [i for i in source if not i.heading and _has(i.words, words)] if words else list(source)
        self._places = None
        self.first = next((at for at, item in enumerate(self.rows) if not item.heading), 0)


def _has(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def _narrower(before: Sequence[str], now: Sequence[str]) -> bool:
    """Whether what has the words now also had those before: somebody typed on."""
    return len(now) >= len(before) and all(new.startswith(old) for old, new in zip(before, now, strict=False))
