"""Drafts by name: what was typed and not yet said, and how to go on with it."""

from __future__ import annotations

from textual.content import Content

from moot_client.store.drafts import REFUSED
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import line
from moot_client.views.begun import FROM, HOURS, PASTED, VOTE, WRITING, called

__all__ = ["FROM", "HOURS", "PASTED", "REFUSED", "TO_COPY", "VOTE", "WRITING", "named"]

TO_COPY = (PASTED, REFUSED)  # words without a form: one copies them, or puts them away


def named(desk: Desk, form: str, subject: str) -> Content:
    """A draft in a few words: 'New issue: Handover…', 'A comment on Handover…'."""
    return line(called(desk.db, form, subject, desk.rows.draft(form, subject)))
