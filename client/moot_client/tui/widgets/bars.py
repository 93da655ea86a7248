"""What is opened in place, above the bottom lines.

A line stands where the rule is: nothing else on the screen moves, so nothing else is drawn anew. It is put up
once, out of sight, and opened again and again; a box takes room of the work's, and is made anew each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from moot_client.tui.forms.keeper import Keeper


class Bar(Widget):
    """One line or a small box; `first` is where the typing begins."""

    is_line = False
    keeper: Keeper | None = None  # of what is typed here, where that is worth keeping

    @property
    def first(self) -> Widget:
        """What has the focus when it opens."""
        return self

    def hold(self, fields: Mapping[str, str]) -> None:
        """Have words in it as if they were typed: those of a draft of its own."""

    async def keep_typing(self) -> bool:
        """It is left: what was typed is on disk; False where that did not work."""
        return self.keeper is None or await self.keeper.save()


def bar_of(focused: Widget | None) -> Bar | None:
    """The bar that has the focus: while it is there, only its own keys mean something."""
    nodes = focused.ancestors_with_self if focused else []
    return next((node for node in nodes if isinstance(node, Bar)), None)
