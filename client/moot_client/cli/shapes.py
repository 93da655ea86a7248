"""What the JSON of every kind has in common: full ids, members by name and key, times in milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moot_shared.ids import RecordKey
from moot_shared.kinds import OtherVersion, ProseText, Record

if TYPE_CHECKING:
    from moot_client.views.people import Member, People

Json = dict[str, Any]


def who(member: Member) -> Json:
    """A member, as part of something else."""
    return {"name": member.label, "key": member.key}


def ids(key: str, short: str = "") -> Json:
    """A record's names: `id` is the whole handle, `short` what people type."""
    handle = RecordKey.parse(key).handle
    return {"id": handle, "key": key, "short": short or handle}


def member(row: Member, known: People) -> Json:
    """A member in full. `now` is the key that they have now, where this one was lost."""
    gone = row.gone
    return {
        "key": row.key,
        "name": row.name,
        "label": row.label,
        "role": row.role,
        "me": row.me,
        "removed": row.removed,
        "about": row.about,
        "invited_by": row.invited_by,
        "standing": known.what(row),
        "belongs": row.belongs,
        "now": row.now,
        "gone": {"by": who(known[gone.by]), "why": gone.why, "at": gone.at} if gone else None,
    }


def versions(others: dict[str, tuple[OtherVersion, ...]]) -> Json:
    """Other versions: field -> values, each with its author's key."""
    return {
        name: [{"value": other.value, "author": other.author} for other in listed]
        for name, listed in others.items()
    }


def paragraphs(record: Record) -> Json:
    """Prose fields paragraph by paragraph, so that a program sees which stand in two versions."""
    return {
        name: [{"text": p.text, "author": p.author, "doubled": p.doubled} for p in value.paragraphs]
        for name, value in record.values.items()
        if isinstance(value, ProseText)
    }
