"""Drafts put in place from outside, whatever stood there: as an editor, or an earlier Moot, left them."""

from __future__ import annotations

from collections.abc import Mapping

from moot_client.replica.replica import Replica


def save_draft(replica: Replica, form: str, subject: str, fields: Mapping[str, str]) -> None:
    """This draft stands there; durable when it returns."""
    replica.change_draft(form, subject, lambda stands: fields)


def forget_draft(replica: Replica, form: str, subject: str) -> None:
    """None does."""
    save_draft(replica, form, subject, {})
