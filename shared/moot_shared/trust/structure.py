"""What a change may do to the document: structure only grows, and everyone's words stay theirs.

    records["<kind>/<ulid>/<creator's key>"]   a map, made once, by its creator
    records[…][field]                          a scalar, or a list of strings made with the record
    said["<author's key>/<kind>/<subject>"]    a string, put by its author alone

Fields, kinds and what strings say are not looked at: a newer Moot may know more than this one.
What an operation names - its container, its element, what it replaces - must be an operation of
its ancestors, or an earlier one of the same change; otherwise replicas could not all apply it.
"""

from __future__ import annotations

import math
import re

from moot_shared.errors import AdmissionError, FormatError
from moot_shared.format.change import HEAD, Action, Change, Operation, OpId, ValueKind
from moot_shared.ids import RecordKey, StatementKey, encode_bytes
from moot_shared.trust.facts import TRUST_KINDS
from moot_shared.trust.history import Clock, History

LONGEST_KEY = 1_000  # characters
FARTHEST = 1 << 53  # beyond it JavaScript cannot count
LAST_MILLISECOND = 253_402_300_799_999  # of the year 9999
_KIND = re.compile(r"[a-z][a-z0-9-]{0,31}")
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


class Structure:
    """Judges the operations of one change, one after the other."""

    def __init__(self, change: Change, history: History, clock: Clock) -> None:
        self._change = change
        self._history = history
        self._clock = clock
        self._author = encode_bytes(change.author)
        self._found: dict[OpId, Operation | None] = {}
        self._lists: dict[OpId, set[str]] = {}  # the keys of a record's lists
        self._said: set[str] = set()  # keys of records and statements of trust that it makes
        self._fields: set[tuple[OpId, str]] = set()

    def check(self) -> None:
        """Every operation is allowed; AdmissionError for the first that is not."""
        self._look_up()
        for op in self._change.operations:
            if op.obj is None:
                raise AdmissionError("root", "This change touches the root of the document.")
            if op.obj == self._history.said_id:
                self._statement(op)
            elif op.obj == self._history.records_id:
                self._record(op)
            else:
                self._inside(op, op.obj)
            self._found[op.id] = op

    def _look_up(self) -> None:
        """Find everything that is named, ordered so that each change is decoded once."""
        named: set[OpId] = set()
        containers = (None, self._history.said_id, self._history.records_id)
        for op in self._change.operations:
            if op.obj not in containers and op.obj is not None:
                named.add(op.obj)
            if isinstance(op.key, OpId) and op.key != HEAD:
                named.add(op.key)
            named.update(op.pred)
        for op_id in sorted(named, key=lambda op_id: (op_id.actor, op_id.counter)):
            maker = self._history.maker(op_id)
            if maker is not None and self._clock.covers(op_id.actor, maker.seq):
                change = self._history.change(maker.hash)
                found = change.operations[op_id.counter - maker.start_op]
                self._found[op_id] = found
                if found.action is Action.MAKE_MAP:
                    self._lists[op_id] = {
                        str(op.key)
                        for op in change.operations
                        if op.obj == op_id and op.action is Action.MAKE_LIST
                    }

    def _known(self, op_id: OpId) -> Operation:
        found = self._found.get(op_id)
        if found is None:
            raise AdmissionError(
                "unknown", "This change names something that was not there when it was made."
            )
        return found

    def _statement(self, op: Operation) -> None:
        key = _key(op)
        try:
            said = StatementKey.parse(key)
        except FormatError:
            raise AdmissionError("statement", "This statement has no proper name.") from None
        if not _KIND.fullmatch(said.kind):
            raise AdmissionError("statement", "This statement has no proper name.")
        if said.author != self._author:
            raise AdmissionError("not yours", "This change speaks in somebody else's name.")
        if said.kind in TRUST_KINDS:
            self._check_once(op, key, said)
        if op.action is not Action.DELETE and (op.action is not Action.PUT or op.kind is not ValueKind.STR):
            raise AdmissionError("statement", "A statement is a text: it can be said again, or taken back.")
        self._check_replaced(op)

    def _check_once(self, op: Operation, key: str, said: StatementKey) -> None:
        before = self._history.facts_about(said.kind, said.subject, self._clock)
        if (
            op.action is Action.DELETE
            or op.pred
            or key in self._said
            or any(fact.author == self._change.author for fact in before)
        ):
            raise AdmissionError("again", "A statement of trust is said once and stays as it is.")
        if said.kind == "join":
            raise AdmissionError("joined", "This change joins somebody who has joined already.")
        self._said.add(key)

    def _record(self, op: Operation) -> None:
        if op.action is not Action.MAKE_MAP or op.pred:
            raise AdmissionError("record", "This change does something to records other than adding one.")
        try:
            key = RecordKey.parse(_key(op))
        except FormatError:
            raise AdmissionError("record", "This record has no proper name.") from None
        if not (_KIND.fullmatch(key.kind) and _ULID.fullmatch(key.ulid)):
            raise AdmissionError("record", "This record has no proper name.")
        if key.creator != self._author:
            raise AdmissionError("not yours", "This change makes a record in somebody else's name.")
        if str(op.key) in self._said:
            raise AdmissionError("record", "This change makes one record twice.")
        self._said.add(str(op.key))
        self._lists[op.id] = set()

    def _inside(self, op: Operation, container: OpId) -> None:
        made = self._known(container).action
        if made is Action.MAKE_MAP:
            self._field(op, container)
        elif made is Action.MAKE_LIST:
            self._element(op)
        else:
            raise AdmissionError("container", "This change writes into something that holds nothing.")

    def _field(self, op: Operation, record: OpId) -> None:
        key, lists = _key(op), self._lists[record]
        if key in lists:
            raise AdmissionError("structure", "This change puts something in the place of a text.")
        if op.action is Action.MAKE_LIST and record.counter >= self._change.start_op:
            if record.actor != self._change.actor or op.pred or (record, key) in self._fields:
                raise AdmissionError("structure", "A record's texts are made together with it.")
            lists.add(key)
        elif op.action in (Action.PUT, Action.DELETE):  # some choose among values by taking out the others
            _check_value(op)
            self._check_replaced(op)
            self._fields.add((record, key))
        else:
            raise AdmissionError("structure", "A record holds plain values, and texts made with it.")

    def _element(self, op: Operation) -> None:
        if not isinstance(op.key, OpId):
            raise AdmissionError("element", "This change names a paragraph in a way that none is named.")
        if op.key != HEAD:
            element = self._known(op.key)
            if not element.insert or element.obj != op.obj:
                raise AdmissionError("element", "This change names a paragraph that is not in this text.")
        if op.action is Action.PUT:
            if op.kind is not ValueKind.STR:
                raise AdmissionError("element", "A paragraph is a text.")
        elif op.action is not Action.DELETE:
            raise AdmissionError("element", "A paragraph is a text.")
        if not op.insert:
            if not op.pred:
                raise AdmissionError("element", "This change replaces nothing that there is.")
            self._check_replaced(op)

    def _check_replaced(self, op: Operation) -> None:
        """What an operation replaces is a value that stands in the same place."""
        for pred in op.pred:
            before = self._known(pred)
            place = before.id if before.insert else before.key
            if before.obj != op.obj or place != op.key or before.action is not Action.PUT:
                raise AdmissionError("replaced", "This change replaces something that is elsewhere.")


def _key(op: Operation) -> str:
    if not isinstance(op.key, str) or not 0 < len(op.key) <= LONGEST_KEY:
        raise AdmissionError("key", "This change uses a name that is too long, or none.")
    return op.key


def _check_value(op: Operation) -> None:
    """Only what every replica can read, store and write again."""
    value, kind = op.value, op.kind
    if kind in (ValueKind.COUNTER, ValueKind.UNKNOWN):
        fine = False
    elif kind is ValueKind.TIMESTAMP:
        fine = isinstance(value, int) and 0 <= value <= LAST_MILLISECOND
    elif isinstance(value, float):
        fine = math.isfinite(value)
    else:
        fine = not isinstance(value, int) or abs(value) <= FARTHEST
    if not fine:
        raise AdmissionError("value", "This change holds a value that not everyone could read.")
