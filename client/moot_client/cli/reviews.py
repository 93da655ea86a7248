"""Reviews: each writes alone first, shares when ready, then all read it together."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from functools import partial

from moot_client.cli import review_page as pages
from moot_client.cli.empty import nothing_listed
from moot_client.cli.options import add_fields, field_values, from_stdin, once, once_from_stdin
from moot_client.cli.output import aside, json_value, line, note, table
from moot_client.cli.parser import Commands
from moot_client.cli.records import answer, archiving, change, one
from moot_client.cli.session import Session
from moot_client.store.drafts import WAS
from moot_client.views.find import record_key
from moot_client.views.reviews import (
    DRAFT_FORM,
    ReviewPage,
    ReviewRow,
    review_page,
    reviews,
    shared_by_me,
    typed_in,
)
from moot_shared.errors import InputError
from moot_shared.kinds import Note, Review
from moot_shared.kinds.review import QUESTIONS

KIND = "review"


def add(commands: Commands) -> None:
    """`reviews` and `review …`."""
    listing = commands.command(
        "reviews",
        list_reviews,
        "after-action reviews, newest first",
        "moot reviews",
        "moot reviews --archived",
    )
    listing.add_argument("--archived", action="store_true", help="those put away too")
    group = commands.group(KIND, "one review: add, note, share, show, edit, skip, …")
    adding = group.command(
        "add",
        add_review,
        "begin a review; prints its id",
        'moot review add "Night handover pilot, March" --issue 7xk2',
        'moot review add "The audit" --about customers --form full',
    )
    adding.add_argument("title", nargs="?", metavar="TITLE", help="the same as --title")
    add_fields(adding, Review)
    noting = group.command(
        "note",
        note_review,
        "write alone: a draft that stays on this machine",
        'moot review note 9fq0 --happened "The list was printed the night before"',
        "moot review note 9fq0 --why - < why.txt",
    )
    sharing = group.command(
        "share",
        share_review,
        "share what you wrote; all read it together",
        "moot review share 9fq0",
        'moot review share 9fq0 --next "Close the list before printing it"',
    )
    for parser in (noting, sharing):
        one(parser, KIND)
        for name, wording in QUESTIONS.items():
            parser.add_argument(f"--{name}", metavar="TEXT", help=f"{wording} - reads stdin")
    one(group.command("show", show_review, "one review, question by question", "moot review show 9fq0"), KIND)
    editing = group.command(
        "edit",
        edit_review,
        "change fields of a review, and how it ended",
        "moot review edit 9fq0 --ending lessons",
        'moot review edit 9fq0 --ending "next steps" --next-steps "Two of us try the list in April"',
    )
    one(editing, KIND)
    add_fields(editing, Review)
    skipping = group.command(
        "skip",
        skip_review,
        "end a review without one: an honest skip",
        "moot review skip 9fq0",
        'moot review skip 9fq0 "All of us were at the fair"',
    )
    one(skipping, KIND)
    skipping.add_argument("because", nargs="?", metavar="WHY", default="", help="a reason, or none")
    archiving(group, KIND, set_review)


def list_reviews(session: Session, arguments: Namespace) -> None:
    """All reviews."""
    rows = reviews(session.db, session.me, archived=arguments.archived)
    if session.as_json:
        json_value([pages.row_json(row) for row in rows])
    elif not rows:
        begin = 'No reviews here yet. Begin one: moot review add "What we look back at"'
        aside(nothing_listed(session.db, KIND, begin, "moot reviews --archived"))
    else:
        heads = ("id", "shared", "you", "review")
        table(heads, [_columns(row) for row in rows], ("shared",), [_marks(row) for row in rows])


def _columns(row: ReviewRow) -> tuple[str, ...]:
    mine = "draft" if row.draft else "shared" if row.mine_shared else "-"
    return row.id, str(row.shared), mine, row.title


def _marks(row: ReviewRow) -> str:
    marks = (f"about {row.about}", row.ending, "archived" if row.archived else "")
    return ", ".join(mark for mark in marks if mark)


def add_review(session: Session, arguments: Namespace) -> None:
    """Create a review."""
    once(arguments, "title")
    answer(session, KIND, field_values(session, arguments, Review))


def note_review(session: Session, arguments: Namespace) -> None:
    """Keep answers as a draft on this machine."""
    given = _answers(arguments)
    if not given:
        raise InputError(f"Say what to write: {', '.join('--' + name for name in QUESTIONS)}.")
    key = record_key(session.db, arguments.id, KIND)
    _save(session, key, given)
    page = review_page(session.db, session.me, key)
    if session.as_json:
        json_value(pages.page_json(page))
    else:
        line(f"Kept on this machine alone. moot review share {page.row.id} shares it.")


def share_review(session: Session, arguments: Namespace) -> None:
    """Say the draft's answers, together."""
    from moot_client.replica.commands import Say, Together

    key = record_key(session.db, arguments.id, KIND)
    given = _answers(arguments)
    if given:
        _save(session, key, given)
    draft = session.replica.draft(DRAFT_FORM, key)
    page = review_page(session.db, session.me, key)
    answers, shared = typed_in(draft), shared_by_me(page)
    if not answers:
        options = " ".join(f"--{question.name} …" for question in page.questions)
        raise InputError(
            f"You have written nothing to share yet. Write first: moot review note {page.row.id} {options}"
        )
    new = {name: text for name, text in answers.items() if text != shared.get(name, "")}
    if new:
        session.do(
            Together(tuple(Say("note", f"{key}/{name}", {"text": text}) for name, text in new.items()))
        )
    session.replica.change_draft(DRAFT_FORM, key, partial(_without, draft))
    for name in new:
        if shared.get(name, "") != draft.get(WAS + name, shared.get(name, "")):
            question = QUESTIONS.get(name, name)
            note(f"‘{question}’ had other words of yours by then: moot history {page.row.id} has them.")
    page = review_page(session.db, session.me, key)
    if session.as_json:
        json_value(pages.page_json(page))
    else:
        line(f"Shared: {page.row.shared} of {page.members} have written on ‘{page.row.title}’.")
        _tell_empty(page)


def _tell_empty(page: ReviewPage) -> None:
    """What stands in the form and has no words of mine: nobody must, and one may have overlooked it."""
    mine = shared_by_me(page)
    empty = [
        asked for asked in page.questions if asked.name in page.review.questions and not mine[asked.name]
    ]
    if empty:
        options = " ".join(f"--{asked.name} …" for asked in empty)
        wordings = " ".join(asked.wording for asked in empty)
        note(f"Empty: {wordings} You may add to it: moot review share {page.row.id} {options}")


def _answers(arguments: Namespace) -> dict[str, str]:
    """The answers that were given, each read and checked."""
    given = {name: getattr(arguments, name) for name in QUESTIONS if getattr(arguments, name) is not None}
    once_from_stdin(given.values())
    return {
        name: str(Note.check({"text": from_stdin(text)}, whole=False)["text"]) for name, text in given.items()
    }


def _without(said: Mapping[str, str], stands: Mapping[str, str]) -> dict[str, str]:
    """What is left of a draft when its answers were said: what was typed in a window meanwhile."""
    done = {name for name, words in stands.items() if said.get(name) == words}
    return {name: words for name, words in stands.items() if name.removeprefix(WAS) not in done}


def _save(session: Session, key: str, given: Mapping[str, str]) -> None:
    shared = shared_by_me(review_page(session.db, session.me, key))

    def noted(stands: Mapping[str, str]) -> dict[str, str]:
        was = {WAS + name: stands.get(WAS + name, shared.get(name, "")) for name in given}
        return {**stands, **given, **was}

    session.replica.change_draft(DRAFT_FORM, key, noted)


def show_review(session: Session, arguments: Namespace) -> None:
    """One review."""
    page = review_page(session.db, session.me, record_key(session.db, arguments.id, KIND))
    if session.as_json:
        json_value(pages.page_json(page))
    else:
        pages.in_words(session, page)
        if page.row.shared and not page.row.mine_shared and not page.row.draft and not page.row.ending:
            note(f"You have not written yours yet: moot review note {page.row.id} --happened …")


def edit_review(session: Session, arguments: Namespace) -> None:
    """Change what was given."""
    values = field_values(session, arguments, Review)
    _changed(session, change(session, KIND, arguments.id, values))


def skip_review(session: Session, arguments: Namespace) -> None:
    """End it with a skip."""
    values = {"ending": "skipped", "skipped_because": arguments.because}
    _changed(session, change(session, KIND, arguments.id, values))


def set_review(session: Session, arguments: Namespace) -> None:
    """Archive, unarchive."""
    _changed(session, change(session, KIND, arguments.id, arguments.values))


def _changed(session: Session, key: str) -> None:
    row = review_page(session.db, session.me, key).row
    if session.as_json:
        json_value(pages.row_json(row))
    else:
        state = [row.ending or "open", "archived" if row.archived else ""]
        line(f"‘{row.title}’ ({row.id}): {', '.join(word for word in state if word)}.")
