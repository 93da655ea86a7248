"""Markdown that reads well: one file an issue, review or lesson, an index, the members."""

from __future__ import annotations

from collections.abc import Iterator

from moot_client.drawing import svg
from moot_client.export.content import Content
from moot_client.export.markup import block, inline
from moot_client.export.names import paths
from moot_client.export.record import record_lines
from moot_client.views.rows import NEWER
from moot_shared.kinds import Lesson, Record

MAP, WEEKS = "agenda.svg", "activity.svg"


def files(content: Content) -> Iterator[tuple[str, str]]:
    """Every file: its path and its text."""
    records = [stored.row for stored in content.records if str(stored.row.key) != content.community.key]
    where = paths(records)
    yield "README.md", _lines(_index(content, records, where))
    yield "members.md", _lines(_members(content))
    yield MAP, svg.of_map(content.map)
    yield WEEKS, svg.of_activity(content.activity)
    for record in records:
        yield where[str(record.key)], _lines(record_lines(content, where, record))


def _lines(lines: Iterator[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _index(content: Content, records: list[Record], where: dict[str, str]) -> Iterator[str]:
    yield f"# {inline(content.community.name or content.place.name)}"
    yield ""
    if content.community.purpose:
        yield block(content.community.purpose)
        yield ""
    yield f"Each member has {content.community.vote_budget} dots. The [members](members.md)."
    yield from ("", f"Pictures: [the agenda as a map]({MAP}), [what we said, week by week]({WEEKS}).")
    kinds: dict[str, list[Record]] = {}
    for record in records:
        kinds.setdefault(record.key.kind, []).append(record)
    for kind, listed in kinds.items():
        heading = listed[0].plural.capitalize() if listed[0].plural else f"{inline(kind)} ({NEWER})"
        yield from ("", f"## {heading}", "")
        for record in listed:
            yield f"- [{inline(record.title_line)}]({where[str(record.key)]}){_glance(content, record)}"


def _glance(content: Content, record: Record) -> str:
    """What the index says of a record beside its title."""
    known = [content.states.get(str(record.key), "noted")] if isinstance(record, Lesson) else []
    known += [str(getattr(record, "status", ""))]
    known += ["archived"] if record.archived else []
    words = ", ".join(inline(word) for word in known if word)
    return f" - {words}" if words else ""


def _members(content: Content) -> Iterator[str]:
    yield "# Members"
    for member in content.people:
        yield from ("", f"## {inline(member.label)}", "")
        yield f"- Role: {inline(content.people.what(member))}"
        if member.invited_by:
            yield f"- Invited by: {inline(content.people[member.invited_by].label)}"
        yield f"- Key: `{member.key}`"
        if member.about:
            yield from ("", block(member.about))
