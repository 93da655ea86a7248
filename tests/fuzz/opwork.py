"""Changes to operations that know what these mean. Each tells what it did."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from moot_shared.format.change import HEAD, Action, Operation, OpId, Scalar, ValueKind
from moot_shared.trust.facts import TRUST_KINDS
from tests.fuzz.corpus import Corpus
from tests.fuzz.fitting import Draft, moved

MILLISECOND = 253_402_300_799_999
VALUES: tuple[tuple[ValueKind, Scalar], ...] = (
    (ValueKind.NULL, None), (ValueKind.TRUE, True), (ValueKind.FALSE, False), (ValueKind.STR, ""),
    (ValueKind.STR, "\x1b]0;title\x07\u202e\0"), (ValueKind.STR, "🙂" * 3_000),
    (ValueKind.BYTES, b"\xff\0"),
    (ValueKind.UINT, (1 << 64) - 1), (ValueKind.UINT, 1 << 53), (ValueKind.INT, -(1 << 63)),
    (ValueKind.INT, (1 << 63) - 1), (ValueKind.INT, (1 << 53) + 1), (ValueKind.FLOAT, float("nan")),
    (ValueKind.FLOAT, float("inf")), (ValueKind.FLOAT, -0.0), (ValueKind.FLOAT, 5e-324),
    (ValueKind.FLOAT, 1e300), (ValueKind.COUNTER, 7), (ValueKind.TIMESTAMP, 1 << 62),
    (ValueKind.TIMESTAMP, MILLISECOND), (ValueKind.TIMESTAMP, -1), (ValueKind.UNKNOWN, b"later"),
)  # fmt: skip
PAYLOADS = (
    "{}", "", "[]", "null", "nul", '"text"', "{" * 40 + "}" * 40, "[" * 100_000,
    '{"a":' * 33 + "1" + "}" * 33,
    '{"dots":1e999}', '{"dots":NaN}', '{"dots":-0}', '{"dots":' + "9" * 5_000 + "}", '{"at":1e400}',
    '{"at":-9223372036854775809,"text":"\\ud800"}', '{"at":9223372036854775808}', '{"a":1,"a":2}',
    '{"role":["convenor"],"uses":-1}', '{"role":"convenor","uses":1e3,"expires":"soon"}',
    '{"role":"convenor","uses":null,"expires":null}', '{"by":7,"proof":null}', '{"why":{"why":{}}}',
    '{"n":99999999999999999999,"url":"ws://evil"}', '{"hours":true,"dots":"5"}',
    '{"text":"\\u0000\\u001b[2J"}',
    '{"name":{"first":"A"}}', '{"how":"causes","to":["x"]}', '{"\ud7ff":"\\udfff\\ud800"}', "\ufeff{}",
)  # fmt: skip
KINDS = ("vote", "comment", "profile", "relay", "note", "use", "link", "pledge", *sorted(TRUST_KINDS))
WHAT = ("drop", "double", "swap", "put in", "object", "key", "action", "value", "insert", "replaces",
        "payload", "said of trust", "many")  # fmt: skip


def operations_changed(draft: Draft, corpus: Corpus, dice: random.Random) -> str:
    """One thing about one operation is another."""
    operations = draft.operations
    what = dice.choice(WHAT)
    if not operations:
        what = "put in"
    at = dice.randrange(len(operations)) if operations else 0
    if what == "drop":
        del operations[at]
    elif what == "double":
        operations.insert(at, operations[at])
    elif what == "swap":
        other = dice.randrange(len(operations))
        operations[at], operations[other] = operations[other], operations[at]
    elif what == "put in":
        other_change = dice.choice(corpus.changes)
        given = moved(other_change, draft.by, draft.start_op + len(operations))
        operations[at:at] = given[: dice.randint(1, 5)]
    elif what == "many":
        operations[at:at] = [operations[at]] * dice.choice((2, 5, 5, 5, 30, 30, 300, 1_999, 2_001))
    else:
        operations[at] = _one_changed(operations[at], what, draft, corpus, dice)
    _renumber(draft)
    return f"operations: {what} at {at}"


def _one_changed(op: Operation, what: str, draft: Draft, corpus: Corpus, dice: random.Random) -> Operation:
    if what == "object":
        return replace(op, obj=dice.choice((None, an_id(draft, corpus, dice), corpus.history.said_id)))
    if what == "key":
        return replace(op, key=_key(op, draft, corpus, dice))
    if what == "action":
        return _with_value(replace(op, action=dice.choice(tuple(Action))), dice)
    if what == "value":
        kind, value = dice.choice(VALUES)
        return replace(op, kind=kind, value=value)
    if what == "insert":
        key = op.key if isinstance(op.key, OpId) else HEAD
        return replace(op, insert=not op.insert, key=key, pred=() if dice.random() < 0.5 else op.pred)
    if what == "replaces":
        return replace(op, pred=_preds(op, draft, corpus, dice))
    if what == "payload":
        return replace(op, kind=ValueKind.STR, value=dice.choice(PAYLOADS))
    return _of_trust(op, draft, corpus, dice)


def _of_trust(op: Operation, draft: Draft, corpus: Corpus, dice: random.Random) -> Operation:
    """Something about who belongs, which this actor may or may not say."""
    about = dice.choice([*corpus.machines.values()]).text
    fact = dice.choice(corpus.facts)
    both = f"{about}/{draft.by.text}"
    subject = dice.choice((about, fact.subject, both, f"{both}/{'2' * 26}", f"{draft.by.text}/{about}", "x"))
    payload = dice.choice((fact.payload, dice.choice(PAYLOADS), "{}"))
    key = f"{draft.by.text}/{dice.choice(sorted(TRUST_KINDS))}/{subject}"
    return Operation(
        op.id, corpus.history.said_id, key, False, Action.PUT, ValueKind.STR, payload,
        () if dice.random() < 0.9 else op.pred,
    )  # fmt: skip


def _with_value(op: Operation, dice: random.Random) -> Operation:
    if op.action in (Action.PUT, Action.MARK) or dice.random() < 0.2:
        return op
    if op.action is Action.INCREMENT:
        return replace(op, kind=ValueKind.INT, value=dice.choice((1, -1, (1 << 63) - 1)))
    return replace(op, kind=ValueKind.NULL, value=None)


def _key(op: Operation, draft: Draft, corpus: Corpus, dice: random.Random) -> Any:
    what = dice.randrange(8)
    if what == 0:
        return dice.choice(
            ("", "a" * 1_001, "title", "body", "at", "archived", "\0", "\x1b[2J", "moot", "ü/ü/ü")
        )
    if what == 1 and isinstance(op.key, str) and op.key:
        at = dice.randrange(len(op.key))
        return op.key[:at] + dice.choice(("", "/", "A", "é", "🙂")) + op.key[at + 1 :]
    if what == 2:
        someone = dice.choice(list(corpus.machines.values())).text
        return f"{someone}/{dice.choice(KINDS)}/{dice.choice(corpus.facts).subject}"
    if what == 3:
        return f"{draft.by.text}/{dice.choice(KINDS)}/{dice.choice(('me', 'home', '/', 'a/b', '🙂'))}"
    if what == 4:
        other = dice.choice(dice.choice(corpus.changes).operations)
        return other.key
    return HEAD if what == 5 else an_id(draft, corpus, dice)


def _preds(op: Operation, draft: Draft, corpus: Corpus, dice: random.Random) -> tuple[OpId, ...]:
    what = dice.randrange(5)
    if what == 0:
        return ()
    if what == 1:
        return tuple(sorted({*op.pred, an_id(draft, corpus, dice)}))
    if what == 2:
        return (*op.pred, *op.pred) or (an_id(draft, corpus, dice),) * 2
    if what == 3:
        return tuple(sorted({an_id(draft, corpus, dice) for _ in range(dice.choice((1, 2, 40)))}))
    return (an_id(draft, corpus, dice),)


def an_id(draft: Draft, corpus: Corpus, dice: random.Random) -> OpId:
    """An operation that is here, or is about to be, or is nowhere."""
    what = dice.randrange(7)
    if what == 0:
        return OpId(draft.start_op + dice.randrange(len(draft.operations) + 2), draft.by.actor)
    if what == 1:
        return OpId(dice.choice((1, 2, 3, 1 << 31, (1 << 64) - 1)), dice.choice(corpus.changes).actor)
    if what == 2:
        return OpId(dice.randrange(1, draft.start_op + 5), dice.randbytes(40))
    if what == 3:
        return dice.choice(dice.choice(corpus.changes).operations).id
    return dice.choice(dice.choice((corpus.maps, corpus.lists, corpus.elements)))


def _renumber(draft: Draft) -> None:
    """Every operation's own id is its place."""
    draft.operations = [
        replace(op, id=OpId(draft.start_op + n, draft.by.actor)) for n, op in enumerate(draft.operations)
    ]
