"""The complete export: one JSON file with every record and statement, and all that was kept beside them.

    {"format": "moot-export", "version": 1, "community": {…}, "members": […], "invites": […],
     "records": [{"key", "kind", "id", "creator", "created", "changed", "changed_by",
                  "fields": {name: value}, "paragraphs": {name: [{"text", "author", "doubled"}]},
                  "other_versions": {name: [{"value", "author"}]}}],
     "statements": [{"key", "author", "kind", "subject", "said", "fields": {…}, "text", "others"}]}

`fields` holds values as they are stored, also of fields and kinds that this Moot does not know; a
prose field's value is its text. A statement's `text` is what was said, word for word. Members are
named by key; times are Unix milliseconds as their authors' clocks said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from moot_client.export.content import Content, Spoken
from moot_client.views.rows import Stored
from moot_shared.kinds import ProseText, Record

NAME = "community.json"
VERSION = 1


def files(content: Content) -> Iterator[tuple[str, str]]:
    """The one file: its name and its text."""
    yield NAME, json.dumps(whole(content), indent=1, sort_keys=True) + "\n"


def whole(content: Content) -> dict[str, Any]:
    """Everything as JSON values."""
    view = content.community
    return {
        "format": "moot-export",
        "version": VERSION,
        "community": {
            "id": content.place.community.hex(),
            "name": view.name,
            "purpose": view.purpose,
            "vote_budget": view.vote_budget,
        },
        "members": [
            {
                "key": member.key,
                "name": member.name,
                "role": member.role,
                "removed": member.removed,
                "about": member.about,
                "invited_by": member.invited_by,
            }
            for member in content.people
        ],
        "invites": [{**invite, "revoked": bool(invite["revoked"])} for invite in content.invites],
        "records": [record(stored) for stored in content.records],
        "statements": [statement(spoken) for spoken in content.statements],
    }


def record(stored: Stored[Record]) -> dict[str, Any]:
    """A record with every value that is stored."""
    row = stored.row
    prose = {name: value for name, value in row.values.items() if isinstance(value, ProseText)}
    return {
        "key": str(row.key),
        "kind": row.key.kind,
        "id": row.key.handle,
        "creator": row.key.creator,
        "created": row.created,
        "changed": row.changed,
        "changed_by": row.changed_by,
        "fields": {name: str(value) if name in prose else value for name, value in row.values.items()},
        "paragraphs": {
            name: [{"text": p.text, "author": p.author, "doubled": p.doubled} for p in value.paragraphs]
            for name, value in prose.items()
        },
        "other_versions": {
            name: [{"value": other.value, "author": other.author} for other in listed]
            for name, listed in row.others.items()
        },
    }


def statement(spoken: Spoken) -> dict[str, Any]:
    """A statement, read and word for word."""
    row = spoken.row.row
    return {
        "key": str(row.key),
        "author": row.author,
        "kind": row.key.kind,
        "subject": row.key.subject,
        "said": row.said,
        "fields": dict(row.values),
        "text": spoken.text,
        "others": list(spoken.others),
    }
