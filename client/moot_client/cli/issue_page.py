"""An issue as JSON and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_client.cli.issues import row_json
from moot_client.cli.output import line, prose
from moot_client.cli.records import short_id
from moot_client.cli.session import Session
from moot_client.cli.shapes import Json, ids, paragraphs, versions, who
from moot_client.cli.showing import fields_in_words, heading
from moot_client.cli.times import when
from moot_client.views.people import people
from moot_shared.ids import RecordKey

if TYPE_CHECKING:
    from moot_client.views.issue import IssuePage, LinkRow

BACKWARDS = {"causes": "caused by", "affects": "affected by", "part of": "has as a part"}


def page_json(page: IssuePage) -> Json:
    """An issue in full."""
    return {
        **row_json(page.row),
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


def in_words(session: Session, page: IssuePage) -> None:
    """An issue, with what was put behind it and said about it."""
    from moot_client.views.issue import MET

    known, row = people(session.db, session.me), page.row
    made = f"by {page.creator.label} {when(page.issue.created)}".rstrip()
    heading(page.issue, row.id, row.level, row.kind, row.status, made)
    fields_in_words(known, page.issue)
    line()
    given = ", ".join(f"{_you(v.member.me, v.member.label)} {_dots(v.dots, v.counted)}" for v in page.votes)
    line(f"Dots    {row.dots}" + (f"  ({given})" if given else ""))
    hours = ", ".join(f"{_you(by.me, by.label)} {hours:g} h" for by, hours in page.pledges)
    line(f"Hours   {hours or ('nobody yet' if row.nobody else '-')}")
    for vote in page.votes:
        if vote.why:
            line(f"Why     {vote.member.label}: {vote.why}")
    for link in page.links:
        line(f"Link    {_link(link)} ‘{link.title}’ ({short_id(session, link.other)})")
    for related in page.related:
        note = f"{MET}?" if related.note == MET else related.note
        line(f"{related.kind.title():<7} {related.title} ({note}, {short_id(session, related.key)})")
    for comment in page.comments:
        line()
        line(f"{comment.member.label} {when(comment.said)}")
        prose(comment.text)


def _dots(dots: int, counted: int) -> str:
    return str(dots) if dots == counted else f"{dots}, of which {dots - counted} not counted"


def _you(me: bool, label: str) -> str:
    return "you" if me else label


def _link(link: LinkRow) -> str:
    return link.how if link.outgoing else BACKWARDS.get(link.how, link.how)
