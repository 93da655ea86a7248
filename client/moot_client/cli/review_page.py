"""A review as JSON and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_client.cli.output import line, prose
from moot_client.cli.records import short_id
from moot_client.cli.session import Session
from moot_client.cli.shapes import Json, ids, versions, who
from moot_client.cli.showing import fields_in_words, heading
from moot_client.views.people import people
from moot_client.views.phrases import listed

if TYPE_CHECKING:
    from moot_client.views.reviews import ReviewPage, ReviewRow


def row_json(row: ReviewRow) -> Json:
    """A line of the list of reviews."""
    return {
        **ids(row.key, row.id),
        "title": row.title,
        "about": row.about,
        "form": row.form,
        "issue": row.issue,
        "issue_title": row.issue_title,
        "shared": row.shared,
        "mine_shared": row.mine_shared,
        "draft": row.draft,
        "ending": row.ending,
        "archived": row.archived,
        "changed": row.changed,
    }


def page_json(page: ReviewPage) -> Json:
    """A review in full, with my draft marked as such; `alone`: others' answers are kept back for now."""
    return {
        **row_json(page.row),
        **page.review.as_json(),
        "creator": who(page.creator),
        "questions": [
            {
                "name": question.name,
                "wording": question.wording,
                "answers": [
                    {"member": who(a.member), "text": a.text, "said": a.said} for a in question.answers
                ],
                "mine": question.mine,
                "drafted": question.drafted,
            }
            for question in page.questions
        ],
        "alone": page.alone,
        "shared_by": [who(by) for by in page.shared_by],
        "members": page.members,
        "lessons": [{**ids(key), "statement": said, "state": state} for key, said, state in page.lessons],
        "other_versions": versions(page.others),
    }


def in_words(session: Session, page: ReviewPage) -> None:
    """A review, question by question; my own unshared words are marked as a draft."""
    known, row = people(session.db, session.me), page.row
    shared = f"{row.shared} of {page.members} have shared"
    heading(page.review, row.id, f"about {row.about}", f"{row.form} form", shared, row.ending)
    if row.issue_title:
        line(f"Looks back at ‘{row.issue_title}’ ({short_id(session, row.issue)})")
    for question in page.questions:
        line()
        line(question.wording)
        for answer in question.answers:
            line(f"  {answer.member.label}:")
            prose(answer.text)
        if question.drafted:
            line("  your draft, on this machine alone:")
            prose(question.mine)
    others = [member.label for member in page.shared_by if not member.me]
    if page.alone and others:
        line()
        has = "has" if len(others) == 1 else "have"
        line(f"{listed(others)} {has} shared; you read it once you have shared yours.")
    fields_in_words(known, page.review)
    for key, statement, state in page.lessons:
        line()
        line(f"Lesson  {statement} ({state}, {short_id(session, key)})")
    if row.draft:
        line()
        line(f"moot review share {row.id} shares your draft.")
