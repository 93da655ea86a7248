"""What was typed and not yet said. Drafts belong to this machine; nothing here is ever sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moot_client.store.reading import Reading
    from moot_client.store.store import Store

REFUSED = "refused"
"""The form of drafts that hold words which were not accepted, or could not be said."""


def asked(number: int) -> str:
    """The subject of the draft with the words of a command in the inbox that could not be carried out."""
    return f"asked {number}"


def save(store: Store, form: str, subject: str, fields: Mapping[str, str], at: int) -> None:
    """Keep a draft (durable when it returns); one without a word in it is forgotten."""
    if not any(fields.values()):
        forget(store, form, subject)
        return
    with store.writing() as db:
        db.execute(
            "INSERT OR REPLACE INTO draft VALUES (?,?,?,?)", (form, subject, json.dumps(dict(fields)), at)
        )


def load(store: Reading, form: str, subject: str) -> dict[str, str]:
    """A draft's fields, or nothing."""
    rows = store.read("SELECT fields FROM draft WHERE form = ? AND subject = ?", (form, subject))
    return dict(json.loads(rows[0][0])) if rows else {}


def listed(store: Reading) -> tuple[tuple[str, str, int], ...]:
    """All drafts: form, subject, when saved; newest first."""
    rows = store.read("SELECT form, subject, saved FROM draft ORDER BY saved DESC, form, subject")
    return tuple((form, subject, saved) for form, subject, saved in rows)


def forget(store: Store, form: str, subject: str) -> None:
    """Drop a draft."""
    if load(store, form, subject):
        with store.writing() as db:
            db.execute("DELETE FROM draft WHERE form = ? AND subject = ?", (form, subject))
