"""A record in words: title, prose under its labels, and what others wrote at the same time."""

from __future__ import annotations

from moot_client.cli.output import line, prose
from moot_client.views.people import People
from moot_shared.kinds import OtherVersion, ProseText, Record


def heading(record: Record, *parts: str) -> None:
    """The title, and a line of what else there is to know at a glance."""
    line(record.title_line)
    line(" · ".join(part for part in (*parts, "archived" if record.archived else "") if part))


def fields_in_words(known: People, record: Record) -> None:
    """Prose fields under their labels, and what other people wrote at the same time."""
    for name in record.prose_fields():
        value = record.values.get(name)
        if isinstance(value, ProseText) and value:
            line()
            line(record.fields[name].label)
            paragraphs(known, value)
    for name, listed in record.others.items():
        for other in listed:
            _other(known, record, name, other)
    if record.unknown:
        line()
        line(f"({', '.join(sorted(record.unknown))}: made with a newer Moot)")


def paragraphs(known: People, text: ProseText) -> None:
    """Prose; a paragraph that stands in two versions says whose it is."""
    for number, paragraph in enumerate(text.paragraphs):
        if number:
            line()
        by = f"[{known[paragraph.author].label}, at the same time] " if paragraph.doubled else ""
        prose(by + paragraph.text)


def _other(known: People, record: Record, name: str, other: OtherVersion) -> None:
    label = record.fields[name].label if name in record.fields else name
    line()
    line(f"{label}, other version by {known[other.author].label}")
    prose(str(other.value))
