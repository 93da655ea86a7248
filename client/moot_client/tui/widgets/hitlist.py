"""What a search found, a line for each thing and one with the words around; one types on meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content
from typing_extensions import override

from moot_client.tui.looks.ink import ACCENT, DIM, STRONG, joined, line, spread, write
from moot_client.tui.looks.signs import Signs
from moot_client.tui.widgets.items import Item
from moot_client.tui.widgets.rowlist import RowList
from moot_client.views.emphasis import Words
from moot_client.views.hits import Hit

_SAID = {"comment": "commented", "note": "answered", "vote": "said why", "use": "used it"}
_MATCHED = f"{STRONG} {ACCENT}"  # bold as well: no colour is needed to see it


class HitList(RowList):
    """Lines of things, each with the words around under it; the focus stays where one types."""

    def show_hits(self, hits: tuple[Hit, ...]) -> None:
        """Show these, the first one selected."""
        self.show([item for hit in hits for item in items(hit)], adopt=True, mine=True)
        self.action_top()

    @override
    def _follow(self) -> None:
        """The words around a thing are seen with it."""
        super()._follow()
        under = self._cursor + 1
        if under < len(self.rows) and self.rows[under].heading:
            below = under - (self.scroll_offset.y + self.size.height) + 1
            if self.size.height and below > 0:
                self.scroll_to(y=self.scroll_offset.y + below, animate=False)


def emphasis(words: Words, role: str = "") -> Content:
    """Words with what was looked for made strong; none of it is markup."""
    return joined((line(part, _MATCHED if matched else role) for part, matched in words.parts), "")


def items(hit: Hit) -> Iterator[Item]:
    """The lines of one thing."""

    def title(width: int, signs: Signs) -> Content:
        tags = f" {signs.between} ".join(word for word in (hit.kind, hit.state) if word)
        role = DIM if hit.state else ""
        return spread(emphasis(hit.title, role), write((tags, DIM)), width, signs.more)

    def around(width: int, signs: Signs) -> Content:
        by = (
            write("  ", line(hit.by, DIM), (f" {_SAID.get(hit.where, 'said')}: ", DIM))
            if hit.by
            else write("  ")
        )
        return by + emphasis(hit.context, DIM)

    yield Item(hit.key, title, hit.key)
    if hit.context:
        yield Item(f"around {hit.key}", around, heading=True)
