"""Lessons, and where they were used."""

from __future__ import annotations

from argparse import Namespace

from moot_client.cli import lesson_page as pages
from moot_client.cli.empty import nothing_listed
from moot_client.cli.options import add_fields, field_values, once
from moot_client.cli.output import aside, json_value, line, table
from moot_client.cli.parser import Commands
from moot_client.cli.records import answer, archiving, change, one
from moot_client.cli.session import Session
from moot_client.drawing.cells import cut
from moot_client.views.find import record_key
from moot_client.views.lessons import LessonRow, lesson_page, lessons
from moot_shared.kinds import Lesson, Use

KIND = "lesson"
SOURCE = 30  # cells of a source's title in the list


def add(commands: Commands) -> None:
    """`lessons` and `lesson …`."""
    listing = commands.command(
        "lessons",
        list_lessons,
        "what was learned; those not applied come first",
        "moot lessons",
        "moot lessons --json",
    )
    listing.add_argument("--archived", action="store_true", help="those put away too")
    group = commands.group(KIND, "one lesson: add, applied, tried, show, edit, archive")
    adding = group.command(
        "add",
        add_lesson,
        "note a lesson; prints its id",
        'moot lesson add "Read it back out loud" --source 9fq0',
    )
    adding.add_argument("statement", nargs="?", metavar="LESSON", help="the same as --statement")
    add_fields(adding, Lesson)
    for state, meaning in (
        ("applied", "say where you applied a lesson"),
        ("tried", "say where you tried a lesson"),
    ):
        example = f'moot lesson {state} 3bcd --where "Audit, June" --how "At every handover"'
        using = group.command(state, use_lesson, meaning, example)
        one(using, KIND)
        using.add_argument("where", nargs="?", metavar="WHERE", help="the same as --where")
        add_fields(using, Use, skip=("state",))
        using.set_defaults(state=state)
    one(
        group.command("show", show_lesson, "one lesson, and where it was used", "moot lesson show 3bcd"), KIND
    )
    editing = group.command(
        "edit", edit_lesson, "change fields of a lesson", 'moot lesson edit 3bcd --origin "Nights, March"'
    )
    one(editing, KIND)
    add_fields(editing, Lesson)
    archiving(group, KIND, set_lesson)


def list_lessons(session: Session, arguments: Namespace) -> None:
    """All lessons."""
    rows = lessons(session.db, session.me, archived=arguments.archived)
    if session.as_json:
        json_value([pages.row_json(row) for row in rows])
    elif not rows:
        begin = 'No lessons here yet. Note one: moot lesson add "What we learned"'
        aside(nothing_listed(session.db, KIND, begin, "moot lessons --archived"))
    else:
        heads = ("id", "state", "used", "lesson")
        table(heads, [_columns(row) for row in rows], ("used",), [_marks(row) for row in rows])


def _columns(row: LessonRow) -> tuple[str, ...]:
    return row.id, row.state, str(row.uses or "-"), row.statement


def _marks(row: LessonRow) -> str:
    marks = (
        f"from {cut(row.source_title, SOURCE)}" if row.source_title else "",
        "archived" if row.archived else "",
    )
    return ", ".join(mark for mark in marks if mark)


def add_lesson(session: Session, arguments: Namespace) -> None:
    """Create a lesson."""
    once(arguments, "statement")
    answer(session, KIND, field_values(session, arguments, Lesson))


def use_lesson(session: Session, arguments: Namespace) -> None:
    """Say where and how a lesson was used."""
    from moot_client.replica.commands import Say

    once(arguments, "where")
    values = {**field_values(session, arguments, Use), "state": arguments.state}
    Use.check(values, whole=True)
    key = record_key(session.db, arguments.id, KIND)
    session.do(Say("use", key + "/", values))
    _said(session, key)


def show_lesson(session: Session, arguments: Namespace) -> None:
    """One lesson."""
    page = lesson_page(session.db, session.me, record_key(session.db, arguments.id, KIND))
    if session.as_json:
        json_value(pages.page_json(page))
    else:
        pages.in_words(session, page)


def edit_lesson(session: Session, arguments: Namespace) -> None:
    """Change what was given."""
    _said(session, change(session, KIND, arguments.id, field_values(session, arguments, Lesson)))


def set_lesson(session: Session, arguments: Namespace) -> None:
    """Archive, unarchive."""
    _said(session, change(session, KIND, arguments.id, arguments.values))


def _said(session: Session, key: str) -> None:
    row = lesson_page(session.db, session.me, key).row
    if session.as_json:
        json_value(pages.row_json(row))
    else:
        line(f"‘{row.statement}’ ({row.id}): {row.state}{', archived' if row.archived else ''}.")
