"""One thing whole, in words: what `show` prints."""

from __future__ import annotations

from moot_client.cli.output import line, prose
from moot_client.cli.records import short_id
from moot_client.cli.session import Session
from moot_client.cli.times import when
from moot_client.views.issue import IssuePage, LinkRow
from moot_client.views.lessons import LessonPage
from moot_client.views.people import People, people
from moot_client.views.reviews import ReviewPage
from moot_shared.kinds import OtherVersion, ProseText, Record

BACKWARDS = {"causes": "caused by", "affects": "affected by", "part of": "has as a part"}


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


def issue_in_words(session: Session, page: IssuePage) -> None:
    """An issue, with what was put behind it and said about it."""
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
        line(f"{related.kind.title():<7} {related.title} ({related.note}, {short_id(session, related.key)})")
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


def review_in_words(session: Session, page: ReviewPage) -> None:
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
    fields_in_words(known, page.review)
    for key, statement, state in page.lessons:
        line()
        line(f"Lesson  {statement} ({state}, {short_id(session, key)})")
    if row.draft:
        line()
        line(f"moot review share {row.id} shares your draft.")


def lesson_in_words(session: Session, page: LessonPage) -> None:
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
