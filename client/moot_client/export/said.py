"""What members said about a record, as Markdown: kind by kind, in the order in which it was said.

To be read, like a screen: others' answers are kept back until one has shared one's own. The complete
JSON (`json_.py`) has them, since nothing of a community's may be lost with Moot.
"""

from __future__ import annotations

from collections.abc import Iterator

from moot_client.export.content import Content, Spoken
from moot_client.export.markup import block, day, fenced, inline, raw
from moot_client.views.rows import NEWER, NewerStatement
from moot_shared.kinds import STATEMENTS, Note, Statement
from moot_shared.kinds.review import QUESTIONS

KEPT_BACK = "Others have shared their answers. They stand here once you have shared yours."


def said_lines(content: Content, key: str) -> Iterator[str]:
    """The sections of a record's file that hold what was said about it."""
    everything = content.about.get(key, [])
    spoken = [one for one in everything if key not in content.alone or not _is_anothers_answer(content, one)]
    order = [*STATEMENTS, *sorted({one.row.row.key.kind for one in spoken} - set(STATEMENTS))]
    for kind in order:
        rows = [one for one in spoken if one.row.row.key.kind == kind and _has_words(one)]
        if not rows:
            continue
        declared = STATEMENTS.get(kind)
        heading = declared.plural.capitalize() if declared else f"{inline(kind)} ({NEWER})"
        yield from ("", f"## {heading}")
        for one in sorted(rows, key=lambda one: (_place(one), one.row.row.said, str(one.row.row.key))):
            yield from _statement(content, one)
    if len(spoken) < len(everything):
        yield from ("", KEPT_BACK)


def _is_anothers_answer(content: Content, one: Spoken) -> bool:
    row = one.row.row
    return isinstance(row, Note) and not content.people[row.author].me


def _place(one: Spoken) -> int:
    """Notes read question by question."""
    row = one.row.row
    names = list(QUESTIONS)
    return names.index(row.question) if isinstance(row, Note) and row.question in names else len(names)


def _has_words(one: Spoken) -> bool:
    """Whether it says anything: what was taken back does not."""
    row = one.row.row
    if isinstance(row, NewerStatement) or not row.values:
        return True
    return any(getattr(row, name) != field.default for name, field in row.fields.items())


def _statement(content: Content, one: Spoken) -> Iterator[str]:
    row = one.row.row
    by = " ".join(part for part in (inline(content.people[row.author].label), day(row.said)) if part)
    question = f", {QUESTIONS.get(row.question, inline(row.question))}" if isinstance(row, Note) else ""
    yield from ("", f"**{by}**{question}")
    if isinstance(row, NewerStatement) or not row.values:
        yield from ("", *fenced(one.text))
        return
    yield from _fields(content, row)
    for other in one.others:
        yield from ("", f"Said on another machine at the same time: {inline(other)}")


def _fields(content: Content, row: Statement) -> Iterator[str]:
    for name, field in row.fields.items():
        value = getattr(row, name)
        if value in ("", None):
            continue
        if field.multiline:
            yield from ("", *((f"{field.label}:", "") if len(row.fields) > 1 else ()), block(str(value)))
        else:
            yield from ("", f"{field.label}: {inline(content.titles.get(str(value), field.show(value)))}")
    if row.unknown:
        yield from ("", *raw(row.unknown))
