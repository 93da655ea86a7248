"""Commands become acts: small pieces of an edit that a writer packs into changes.

An act knows its size, so that a writer can keep each change under the limits that every relay and
replica hold it to. What must stand in one change (a record and its containers; a paragraph and the
one it replaces) is one act.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from moot_client.projection.order import in_order, name
from moot_client.projection.rows import AT, twins_of
from moot_client.replica.commands import Create, Edit, Say
from moot_client.replica.outside import Outside
from moot_shared.document import Edit as Change
from moot_shared.errors import InputError, NotFound
from moot_shared.format.change import OpId
from moot_shared.frozen import field, frozen
from moot_shared.ids import RecordKey, StatementKey
from moot_shared.kinds import RECORDS, STATEMENTS, Statement
from moot_shared.trust.facts import TRUST_KINDS
from moot_shared.trust.history import History

if TYPE_CHECKING:
    from moot_client.replica.prose import Step


@frozen
class Act:
    """One piece of a change: what it writes, and how much that is (bytes of text, operations)."""

    write: Callable[[Change], None]
    size: int
    operations: int


@frozen
class Making:
    """What acts are made from: the rows as they are, who writes, and the outside."""

    db: sqlite3.Connection
    history: History
    me: str
    outside: Outside
    acts: list[Act] = field(default_factory=list)

    def add(self, write: Callable[[Change], None], size: int, operations: int) -> None:
        """One more act."""
        self.acts.append(Act(write, size, operations))


def create(making: Making, command: Create) -> str:
    """A new record: its map, scalars and lists in one act, then each paragraph. Answer: its key."""
    declared = RECORDS.get(command.kind)
    if declared is None:
        raise InputError(f"There is no kind called {command.kind}. There are: {', '.join(RECORDS)}.")
    values = declared.check(command.values, whole=True)
    key = str(RecordKey(command.kind, making.outside.ulid(), making.me))
    lists = declared.prose_fields()
    scalars = {n: v for n, v in values.items() if n not in lists and v != declared.fields[n].default}
    scalars[AT] = making.outside.now()
    made: dict[str, OpId] = {}

    def write(change: Change) -> None:
        record = change.make_map(making.history.records_id, key)
        for scalar, value in scalars.items():
            change.put(record, scalar, value)
        for name_of_list in lists:
            made[name_of_list] = change.make_list(record, name_of_list)

    making.add(write, len(key) + _size(scalars), 1 + len(scalars) + len(lists))
    for name_of_list in lists:
        for index, paragraph in enumerate(values.get(name_of_list, ())):
            making.add(_insert(made, name_of_list, index, paragraph), len(paragraph.encode()), 1)
    return key


def _insert(made: Mapping[str, OpId], name_of_list: str, index: int, text: str) -> Callable[[Change], None]:
    return lambda change: change.insert(made[name_of_list], index, text)


def edit(making: Making, command: Edit) -> str:
    """Fields of a record that are different from what stands; nothing where none is. Answer: its key."""
    key = RecordKey.parse(command.key)
    declared = RECORDS.get(key.kind)
    row = standing_record(making.db, command.key)
    if row is None or declared is None:
        raise NotFound("That is not here. It may not have arrived yet.")
    record = op_id(row[0])
    values = declared.check(command.values, whole=False)
    standing = json.loads(row[1])
    lists = declared.prose_fields()
    before = len(making.acts)
    for field_name in (n for n in values if n in lists):
        _edit_prose(making, row[0], field_name, values[field_name], command.base.get(field_name))
    changed = {
        n: v
        for n, v in values.items()
        if n not in lists
        and (v != standing.get(n, declared.fields[n].default) or _contested(making.db, row[0], n))
    }
    if changed or len(making.acts) > before:
        changed[AT] = making.outside.now()

        def write(change: Change) -> None:
            for scalar, value in changed.items():
                change.put(record, scalar, value)

        making.add(write, _size(changed), len(changed))
    return command.key


def standing_record(db: sqlite3.Connection, key: str) -> tuple[str, str] | None:
    """Id and value of a record; of two maps that one member's machines made at one key, of the one shown."""
    rows: list[tuple[str, str]] = db.execute("SELECT id, value FROM record WHERE key = ?", (key,)).fetchall()
    return max(rows, key=lambda row: op_id(row[0]), default=None)


def _contested(db: sqlite3.Connection, record: str, field_name: str) -> bool:
    """Whether several people's values stand at a field, so that choosing one settles it."""
    query = "SELECT count(*) FROM cell WHERE object = ? AND key = ?"
    return bool(db.execute(query, (record, field_name)).fetchone()[0] > 1)


def _edit_prose(
    making: Making, record: str, field_name: str, text: tuple[str, ...], seen: list[str] | None
) -> None:
    from moot_client.replica.prose import steps

    found = making.db.execute(
        "SELECT id FROM object WHERE record = ? AND name = ?", (record, field_name)
    ).fetchone()
    if found is None:
        raise InputError("This was made with an older Moot that did not have that field yet.")
    list_id = op_id(found[0])
    order, texts, twins = standing_elements(making.db, found[0])
    hidden = {twin for repeated in twins.values() for twin in repeated}
    base = seen if seen is not None else [e for e in order if e not in hidden]
    known = [(e, texts[e] if e in texts else _text_of(making.history, e)) for e in base]
    for step in steps(order, known, text, twins):
        size = len(step.insert[1].encode()) if step.insert else 0
        making.add(_prose_act(list_id, step), size, 1 + len(step.delete))


def _prose_act(list_id: OpId, step: Step) -> Callable[[Change], None]:
    def write(change: Change) -> None:
        if step.insert:
            change.insert(list_id, *step.insert)
        for index in step.delete:
            change.delete(list_id, index)

    return write


def standing_elements(
    db: sqlite3.Connection, list_id: str
) -> tuple[list[str], dict[str, str], dict[str, list[str]]]:
    """A list's standing elements in order, their texts, and the unseen twins of each."""
    texts: dict[str, str] = dict(
        db.execute("SELECT key, value FROM cell WHERE object = ?", (list_id,)).fetchall()
    )
    places = db.execute(
        "SELECT counter, actor, after, instead FROM element WHERE object = ?", (list_id,)
    ).fetchall()
    order = [e for e in in_order((c, a, after) for c, a, after, _ in places) if e in texts]
    instead = {name(c, a): origin for c, a, _, origin in places}
    twins: dict[str, list[str]] = {}
    for twin in twins_of(order, instead, texts):
        first = next(e for e in order if instead[e] == instead[twin] and texts[e] == texts[twin])
        twins.setdefault(first, []).append(twin)
    return order, texts, twins


def _text_of(history: History, element: str) -> str:
    """What stood in a paragraph that somebody has replaced since."""
    operation = history.operation(op_id(element))
    return str(operation.value) if operation else ""


def say(making: Making, command: Say) -> str:
    """One statement of one's own, keeping what it said before and what is not known here. Answer: its key."""
    declared = STATEMENTS.get(command.kind)
    if declared is None:
        raise InputError(f"There is no kind called {command.kind}. There are: {', '.join(STATEMENTS)}.")
    subject = command.subject + making.outside.ulid() if command.subject.endswith("/") else command.subject
    key = StatementKey(making.me, command.kind, subject)
    if command.kind in TRUST_KINDS:
        from moot_client.replica.trusting import check

        check(making.db, making.me, command.kind, subject, command.values)
    row = making.db.execute("SELECT value FROM statement WHERE key = ?", (str(key),)).fetchone()
    before = Statement.fields_of(row[0]) if row else {}
    emptied = _taken_back(declared, command.values) if before else {}
    given = {n: v for n, v in command.values.items() if n not in emptied}
    merged = {**before, **declared.check(given, whole=not before), **emptied}
    if row and merged == before:
        return str(key)
    put_statement(making, str(key), {**merged, AT: making.outside.now()})
    return str(key)


def _taken_back(declared: type[Statement], values: Mapping[str, Any]) -> dict[str, str]:
    """Fields that were needed and are said again empty: that is how a comment is taken back."""
    needed = (n for n, declared_field in declared.fields.items() if declared_field.required)
    return {n: "" for n in needed if n in values and not str(values[n]).strip()}


def put_statement(making: Making, key: str, values: Mapping[str, Any]) -> None:
    """Say exactly this at a key of one's own."""
    text = Statement.encode(values)
    making.add(lambda change: change.put(making.history.said_id, key, text), len(key) + len(text.encode()), 1)


def op_id(text: str) -> OpId:
    """The operation whose name (`<counter>@<actor hex>`) this is."""
    counter, _, actor = text.partition("@")
    return OpId(int(counter), bytes.fromhex(actor))


def _size(values: Mapping[str, Any]) -> int:
    return sum(len(n) + len(str(v).encode()) + 8 for n, v in values.items())
