"""View rows as JSON: full ids, keys of members beside their names, times in Unix milliseconds."""

from __future__ import annotations

from typing import Any

from moot_client.views.issue import IssuePage
from moot_client.views.ledger import IssueRow
from moot_client.views.lessons import LessonPage, LessonRow
from moot_client.views.people import Member
from moot_client.views.reviews import ReviewPage, ReviewRow
from moot_shared.ids import RecordKey
from moot_shared.kinds import OtherVersion, ProseText, Record

Json = dict[str, Any]


def who(member: Member) -> Json:
    """A member, as part of something else."""
    return {"name": member.label, "key": member.key}


def ids(key: str, short: str = "") -> Json:
    """A record's names: `id` is the whole handle, `short` what people type."""
    handle = RecordKey.parse(key).handle
    return {"id": handle, "key": key, "short": short or handle}


def member(row: Member) -> Json:
    """A member in full."""
    return {
        "key": row.key,
        "name": row.name,
        "label": row.label,
        "role": row.role,
        "me": row.me,
        "removed": row.removed,
        "about": row.about,
        "invited_by": row.invited_by,
    }


def issue_row(row: IssueRow) -> Json:
    """A line of the agenda."""
    return {
        **ids(row.key, row.id),
        "title": row.title,
        "status": row.status,
        "dots": row.dots,
        "hours": row.hours,
        "level": row.level,
        "kind": row.kind,
        "my_dots": row.my_dots,
        "my_hours": row.my_hours,
        "voters": row.voters,
        "comments": row.comments,
        "nobody": row.nobody,
        "archived": row.archived,
        "doubled": row.doubled,
        "other_versions": row.versions,
        "changed": row.changed,
    }


def issue_page(page: IssuePage) -> Json:
    """An issue in full."""
    return {
        **issue_row(page.row),
        **page.issue.as_json(),
        "creator": who(page.creator),
        "votes": [
            {"member": who(v.member), "dots": v.dots, "counted": v.counted, "why": v.why} for v in page.votes
        ],
        "pledges": [{"member": who(by), "hours": hours} for by, hours in page.pledges],
        "comments": [
            {"key": c.key, "member": who(c.member), "text": c.text, "said": c.said} for c in page.comments
        ],
        "links": [
            {
                "how": link.how,
                "id": RecordKey.parse(link.other).handle,
                "key": link.other,
                "title": link.title,
                "outgoing": link.outgoing,
                "member": who(link.member),
            }
            for link in page.links
        ],
        "related": [{**ids(r.key), "kind": r.kind, "title": r.title, "note": r.note} for r in page.related],
        "other_versions": versions(page.others),
        "paragraphs": paragraphs(page.issue),
        "members": page.members,
        "dots_left": page.dots_left,
    }


def review_row(row: ReviewRow) -> Json:
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


def review_page(page: ReviewPage) -> Json:
    """A review in full, with my draft marked as such."""
    return {
        **review_row(page.row),
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
        "shared_by": [who(by) for by in page.shared_by],
        "members": page.members,
        "lessons": [{**ids(key), "statement": said, "state": state} for key, said, state in page.lessons],
        "other_versions": versions(page.others),
    }


def lesson_row(row: LessonRow) -> Json:
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


def lesson_page(page: LessonPage) -> Json:
    """A lesson in full."""
    return {
        **lesson_row(page.row),
        **page.lesson.as_json(),
        "creator": who(page.creator),
        "uses": [
            {"member": who(u.member), "state": u.state, "where": u.where, "how": u.how, "said": u.said}
            for u in page.uses
        ],
        "other_versions": versions(page.others),
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
