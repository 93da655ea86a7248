"""One record as Markdown, from its declaration: scalars a line each, prose under its label."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import relpath

from moot_client.export.content import Content
from moot_client.export.markup import block, day, inline, raw
from moot_client.export.said import said_lines
from moot_client.views.rows import NEWER, NewerRecord
from moot_shared.kinds import Lesson, Paragraph, ProseText, Record
from moot_shared.kinds.fields import Flag, Reference


def record_lines(content: Content, where: dict[str, str], record: Record) -> Iterator[str]:
    """The lines of a record's file."""
    yield f"# {inline(record.title_line)}"
    yield ""
    yield f"- Id: {record.key.handle}"
    made = f"{inline(content.people[record.key.creator].label)} {day(record.created)}".rstrip()
    yield f"- Made by: {made}"
    if record.changed_by:
        last = f"{inline(content.people[record.changed_by].label)} {day(record.changed)}".rstrip()
        yield f"- Last changed by: {last}"
    if isinstance(record, Lesson):
        yield f"- State: {inline(content.states.get(str(record.key), 'noted'))}"
    yield from _scalars(content, where, record)
    for name, field in record.fields.items():
        value = getattr(record, name)
        if isinstance(value, ProseText) and value:
            yield from ("", f"## {field.label}", "", _prose(content, value))
    yield from _other_versions(content, record)
    if isinstance(record, NewerRecord) or record.unknown:
        yield from ("", f"## {NEWER.capitalize()}", "", *raw(record.unknown))
    yield from said_lines(content, str(record.key))


def _scalars(content: Content, where: dict[str, str], record: Record) -> Iterator[str]:
    for name, field in record.fields.items():
        value = getattr(record, name)
        if name == record.title_field or isinstance(value, ProseText) or value in ("", None):
            continue
        if isinstance(field, Flag) and not value:
            continue
        shown_value = (
            _link(content, where, record, value)
            if isinstance(field, Reference)
            else inline(field.show(value))
        )
        yield f"- {field.label}: {shown_value}"


def _link(content: Content, where: dict[str, str], record: Record, key: str) -> str:
    if key not in where:
        return inline(key)
    here = where[str(record.key)].rpartition("/")[0]
    return f"[{inline(content.titles[key])}]({relpath(where[key], here)})"


def _prose(content: Content, text: ProseText) -> str:
    return "\n\n".join(_paragraph(content, paragraph) for paragraph in text.paragraphs)


def _paragraph(content: Content, paragraph: Paragraph) -> str:
    """One paragraph; one of two that stand for the same says whose it is."""
    if not paragraph.doubled:
        return block(paragraph.text)
    return f"*{inline(content.people[paragraph.author].label)}, at the same time:*\n\n{block(paragraph.text)}"


def _other_versions(content: Content, record: Record) -> Iterator[str]:
    if record.others:
        yield from ("", "## Other versions", "")
    for name, listed in record.others.items():
        label = record.fields[name].label if name in record.fields else inline(name)
        for other in listed:
            yield f"- {label}, by {inline(content.people[other.author].label)}: {inline(str(other.value))}"
