"""Commands of kinds that have no module of their own here: all from their declarations.

A kind that is declared and no more can be used from the command line at once. Where a list wants a
ranking, or a page wants what belongs together, a module of its own takes its place in `parser.MODULES`.
"""

from __future__ import annotations

from argparse import Namespace
from functools import partial

from moot_client.cli.options import add_fields, field_values, once
from moot_client.cli.output import aside, json_value, line, prose, table
from moot_client.cli.parser import MODULES, Commands
from moot_client.cli.records import ID, answer, archiving, change, one
from moot_client.cli.session import Session
from moot_client.cli.shapes import Json, ids, versions, who
from moot_client.cli.showing import fields_in_words, heading
from moot_client.cli.times import when
from moot_client.views.find import Ids, record_key
from moot_client.views.issue import comments_on
from moot_client.views.people import people
from moot_client.views.rows import Stored, record, records
from moot_shared.errors import NotFound
from moot_shared.kinds import RECORDS, Record


def add(commands: Commands) -> None:
    """`<plural>` and `<kind> …` for each kind that has no commands yet."""
    taken = {name for names in MODULES.values() for name in names}
    for name, kind in RECORDS.items():
        if name not in taken and kind.plural not in taken:
            _add_kind(commands, kind)


def _add_kind(commands: Commands, kind: type[Record]) -> None:
    name = kind.name_of_kind
    about = f"all {kind.plural}, newest first"
    listing = commands.command(kind.plural, partial(list_records, kind), about, f"moot {kind.plural}")
    listing.add_argument("--archived", action="store_true", help="those put away too")
    group = commands.group(name, f"one {name}: add, show, edit, archive")
    adding = group.command(
        "add", partial(add_record, kind), "make one; prints its id", f'moot {name} add "A title"'
    )
    adding.add_argument(
        kind.title_field, nargs="?", metavar="TITLE", help=f"the same as --{kind.title_field}"
    )
    add_fields(adding, kind)
    one(
        group.command("show", partial(show_record, kind), "one of them whole", f"moot {name} show {ID}"), name
    )
    editing = group.command(
        "edit",
        partial(edit_record, kind),
        "change its fields",
        f"moot {name} edit {ID} --{kind.title_field} 'Another title'",
    )
    one(editing, name)
    add_fields(editing, kind)
    archiving(group, name, partial(set_record, kind))


def list_records(kind: type[Record], session: Session, arguments: Namespace) -> None:
    """All of a kind."""
    rows = [
        stored
        for stored in reversed(records(session.db, kind))
        if arguments.archived or not stored.row.archived
    ]
    if session.as_json:
        json_value([_as_json(session, stored) for stored in rows])
    elif not rows:
        aside(f"No {kind.plural} here yet. Make one: moot {kind.name_of_kind} add --help")
    else:
        short, plain = Ids(session.db), _scalars(kind)
        heads = ("id", *(kind.fields[name].label.lower() for name in plain), kind.name_of_kind)
        table(heads, [(short.short(s.row.key.handle), *_shown(s.row, plain), s.row.title_line) for s in rows])


def _scalars(kind: type[Record]) -> list[str]:
    """The fields that are a column: short ones, besides the title."""
    apart = (kind.title_field, "archived")
    return [name for name, field in kind.fields.items() if name not in apart and not field.multiline]


def _shown(row: Record, names: list[str]) -> list[str]:
    return [row.fields[name].show(getattr(row, name)) for name in names]


def add_record(kind: type[Record], session: Session, arguments: Namespace) -> None:
    """Create one."""
    once(arguments, kind.title_field)
    answer(session, kind.name_of_kind, field_values(session, arguments, kind))


def show_record(kind: type[Record], session: Session, arguments: Namespace) -> None:
    """One, and what was said about it."""
    stored = _found(session, record_key(session.db, arguments.id, kind.name_of_kind))
    known, key = people(session.db, session.me), str(stored.row.key)
    comments = comments_on(session.db, known, key)
    if session.as_json:
        said = [{"member": who(c.member), "text": c.text, "said": c.said} for c in comments]
        json_value({**_as_json(session, stored), "comments": said})
        return
    heading(stored.row, f"by {known[stored.row.key.creator].label} {when(stored.row.created)}".rstrip())
    plain = _scalars(kind)
    for name, value in zip(plain, _shown(stored.row, plain), strict=True):
        if value:
            line(f"{kind.fields[name].label}: {value}")
    fields_in_words(known, stored.row)
    for comment in comments:
        line()
        line(f"{comment.member.label} {when(comment.said)}")
        prose(comment.text)


def edit_record(kind: type[Record], session: Session, arguments: Namespace) -> None:
    """Change what was given."""
    _changed(
        session, change(session, kind.name_of_kind, arguments.id, field_values(session, arguments, kind))
    )


def set_record(kind: type[Record], session: Session, arguments: Namespace) -> None:
    """Archive, unarchive."""
    _changed(session, change(session, kind.name_of_kind, arguments.id, arguments.values))


def _changed(session: Session, key: str) -> None:
    stored = _found(session, key)
    if session.as_json:
        json_value(_as_json(session, stored))
    else:
        line(f"‘{stored.row.title_line}’ is changed{', and archived' if stored.row.archived else ''}.")


def _found(session: Session, key: str) -> Stored[Record]:
    stored = record(session.db, key)
    if stored is None:
        raise NotFound("That is not here any more. Look again.")
    return stored


def _as_json(session: Session, stored: Stored[Record]) -> Json:
    row = stored.row
    creator = people(session.db, session.me)[row.key.creator]
    return {
        **ids(str(row.key), Ids(session.db).short(row.key.handle)),
        **row.as_json(),
        "creator": who(creator),
        "changed": row.changed,
        "other_versions": versions(dict(row.others)),
    }
