"""A lesson as JSON and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_client.cli.output import line, prose
from moot_client.cli.session import Session
from moot_client.cli.shapes import Json, ids, versions, who
from moot_client.cli.showing import fields_in_words, heading
from moot_client.cli.times import when
from moot_client.views.people import people

if TYPE_CHECKING:
    from moot_client.views.lessons import LessonPage, LessonRow


def row_json(row: LessonRow) -> Json:
    """A line of the list of lessons."""
    return {
        **ids(row.key, row.id),
        "statement": row.statement,
        "state": row.state,
        "source": row.source,
        "source_title": row.source_title,
        "uses": row.uses,
        "archived": row.archived,
        "changed": row.changed,
    }


def page_json(page: LessonPage) -> Json:
    """A lesson in full."""
    return {
        **row_json(page.row),
        **page.lesson.as_json(),
        "creator": who(page.creator),
        "uses": [
            {"member": who(u.member), "state": u.state, "where": u.where, "how": u.how, "said": u.said}
            for u in page.uses
        ],
        "other_versions": versions(page.others),
    }


def in_words(session: Session, page: LessonPage) -> None:
    """A lesson, and where it was used."""
    row = page.row
    heading(page.lesson, row.id, row.state, f"by {page.creator.label} {when(page.lesson.created)}".rstrip())
    if row.source_title:
        line(f"Comes from {row.source_title}")
    fields_in_words(people(session.db, session.me), page.lesson)
    for use in page.uses:
        line()
        line(f"{use.state}: {use.where} ({use.member.label} {when(use.said)})".replace(" )", ")"))
        if use.how:
            prose(use.how)
