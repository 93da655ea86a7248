"""This machine's own side of a replica: drafts, and small notes. Nothing of it is ever sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moot_client.replica.holding import Holding
from moot_client.store import drafts, own


class Desk(Holding):
    """What was typed and not yet said, and what this machine remembers for itself."""

    def keep_draft(
        self,
        form: str,
        subject: str,
        fields: Mapping[str, str],
        over: Mapping[str, str],
        *,
        parts: bool = False,
    ) -> str:
        """Keep what was typed over a draft that was read or written; beside another one that stands by now.

        Durable when it returns; an empty draft is forgotten. The answer is the subject under which it is
        kept. `parts`: see `drafts.keep`.
        """
        return drafts.keep(self.store, form, subject, fields, self.outside.now(), over, parts=parts)

    def change_draft(
        self, form: str, subject: str, work: Callable[[dict[str, str]], Mapping[str, str]]
    ) -> dict[str, str]:
        """Put what `work` makes of a draft in its place; what stood until then."""
        return drafts.change(self.store, form, subject, self.outside.now(), work)

    def draft(self, form: str, subject: str) -> dict[str, str]:
        """What was typed before, or nothing."""
        return drafts.load(self.store, form, subject)

    def drafts(self) -> tuple[tuple[str, str, int], ...]:
        """All drafts: (form, subject, saved in Unix milliseconds), newest first."""
        return drafts.listed(self.store)

    def own(self, name: str, default: Any = None) -> Any:
        """A small value that belongs to this machine alone (last look, confirmed words, …)."""
        return own.value(self.store, name, default)

    def set_own(self, name: str, value: Any) -> None:
        """Keep such a value; durable when it returns."""
        own.keep(self.store, name, value)
