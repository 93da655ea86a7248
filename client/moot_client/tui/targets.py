"""What the lines of a list and the stops of a page name: a record, a member, a draft, one version of a field.

A target is a text, '<kind>/…'; Enter opens its page, or does what it stands for.
"""

from __future__ import annotations

import json
from typing import Any

from moot_client.store.drafts import about

RECORD_PAGES = frozenset({"issue", "review", "lesson"})
PAGES = RECORD_PAGES | {"member", "proposal", "claim", "invite", "draft"}


def kind_of(target: str) -> str:
    """Which kind of thing a target names: a record's kind, 'member', 'invite', 'draft' and so on."""
    return target.split("/", 1)[0] if "/" in target else ""


def record_of(subject: str) -> str:
    """The key of the record that a draft's subject is about, or begins with; '' where there is none."""
    parts = about(subject).split("/")
    return "/".join(parts[:3]) if len(parts) > 2 and parts[0] in RECORD_PAGES else ""


def can_show(target: str) -> bool:
    """Whether there is a page for it; what a newer Moot made has none here."""
    return kind_of(target) in PAGES


def draft_target(form: str, subject: str) -> str:
    """How a list names a draft."""
    return f"draft/{form}/{subject}"


def draft_of(target: str) -> tuple[str, str]:
    """The form and the subject that a target names."""
    _, form, subject = target.split("/", 2)
    return form, subject


def version_target(key: str, field: str, value: object) -> str:
    """How a page names one version of a field: with its value, so that it is taken as it was shown."""
    return "version/" + json.dumps([key, field, value])


def version_of(target: str) -> tuple[str, str, Any]:
    """The record's key, the field and the value that a target names."""
    key, field, value = json.loads(target.split("/", 1)[1])
    return str(key), str(field), value
