"""What is opened in place, above the bottom lines."""

from __future__ import annotations

from textual.widget import Widget


class Bar(Widget):
    """One line or a small box; `first` is where the typing begins."""

    @property
    def first(self) -> Widget:
        """What has the focus when it opens."""
        return self

    async def keep_typing(self) -> bool:
        """Moot is about to close: put what was typed on disk; False where that did not work."""
        return True

    def keep_typing_now(self) -> None:
        """The same where nothing can be waited for any more."""


def bar_of(focused: Widget | None) -> Bar | None:
    """The bar that has the focus: while it is there, only its own keys mean something."""
    nodes = focused.ancestors_with_self if focused else []
    return next((node for node in nodes if isinstance(node, Bar)), None)
