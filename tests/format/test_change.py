"""Whole changes: every honest one is read with its own hash; of the others none does harm."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from moot_shared.errors import FormatError
from moot_shared.format.change import (
    HEAD,
    Action,
    Change,
    Mark,
    Operation,
    OpId,
    Scalar,
    ValueKind,
    decode_change,
)
from moot_shared.limits import DEFAULT
from tests.helpers.binding import accepts, honest
from tests.helpers.encoding import again, chunk, deflated, encode_change

ME, YOU = bytes(range(40)), bytes(range(40, 80))
ROOT_MAP = Operation(OpId(1, ME), None, "m", False, Action.MAKE_MAP, ValueKind.NULL, None, ())


def operation(
    action: Action = Action.PUT,
    key: str | OpId = "k",
    value: Scalar = None,
    kind: ValueKind = ValueKind.NULL,
    *,
    obj: OpId | None = None,
    insert: bool = False,
    pred: tuple[OpId, ...] = (),
) -> Operation:
    return Operation(OpId(0, b""), obj, key, insert, action, kind, value, pred)


def read(*operations: Operation, start_op: int = 10, **more: object) -> Change:
    return decode_change(encode_change(operations, actor=ME, start_op=start_op, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(30))
def test_every_change_that_the_binding_writes_is_read_with_its_own_hash(seed: int) -> None:
    for made in honest(seed):
        change = decode_change(made.bytes)
        assert change.raw == made.raw_bytes
        assert (change.hash, change.actor, change.seq) == (made.hash, made.actor_id, made.seq)
        assert (change.start_op, change.last_op) == (made.start_op, made.max_op)
        assert change.deps == tuple(made.deps)
        assert decode_change(change.raw) == change == decode_change(deflated(change.raw))
        assert again(change) == change.raw


def test_ids_of_operations_sort_by_counter_and_then_by_actor() -> None:
    assert sorted([OpId(2, b"a"), OpId(1, b"b"), OpId(1, b"a"), HEAD]) == [
        HEAD, OpId(1, b"a"), OpId(1, b"b"), OpId(2, b"a"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ValueKind.NULL, None),
        (ValueKind.FALSE, False),
        (ValueKind.TRUE, True),
        (ValueKind.UINT, (1 << 64) - 1),
        (ValueKind.INT, -(1 << 63)),
        (ValueKind.FLOAT, -0.5),
        (ValueKind.STR, "ひ"),
        (ValueKind.BYTES, b"\0\xff"),
        (ValueKind.COUNTER, -3),
        (ValueKind.TIMESTAMP, 1_700_000_000_000),
    ],
)
def test_every_kind_of_value_is_read(kind: ValueKind, value: Scalar) -> None:
    raw = encode_change([operation(value=value, kind=kind)], actor=ME)
    assert accepts([raw]) == {decode_change(raw).hash}
    (found,) = decode_change(raw).operations
    assert (found.kind, found.value) == (kind, value)


def test_a_kind_of_value_that_is_yet_to_come_is_kept_as_its_bytes() -> None:
    made = replace(operation(value=b"abc", kind=ValueKind.UNKNOWN))
    assert read(made).operations[0].value == b"abc"


def test_counters_marks_texts_and_tables_of_other_writers_are_read() -> None:
    text, counter = OpId(1, ME), OpId(2, ME)
    ops = [
        operation(Action.MAKE_TEXT, "t"),
        operation(key="c", value=5, kind=ValueKind.COUNTER),
        operation(Action.INCREMENT, "c", 3, ValueKind.INT, pred=(counter,)),
        operation(key=HEAD, value="a", kind=ValueKind.STR, obj=text, insert=True),
        operation(Action.MARK, OpId(4, ME), True, ValueKind.TRUE, obj=text, insert=True),
        operation(Action.MARK, OpId(4, ME), obj=text, insert=True),
        operation(Action.MAKE_TABLE, "table"),
    ]
    raw = encode_change(ops, actor=ME, marks={4: ("bold", True)})
    assert accepts([raw]) == {decode_change(raw).hash}
    found = decode_change(raw).operations
    assert [op.action for op in found] == [op.action for op in ops]
    assert [op.mark for op in found if op.mark] == [Mark("bold", True), Mark(None, False)]
    with pytest.raises(FormatError):
        decode_change(encode_change(ops, actor=ME, marks={4: ("bold", True), 6: ("odd", False)}))


def test_a_change_that_does_nothing_is_read_and_left_to_others_to_judge() -> None:
    empty = read(start_op=5)
    assert (empty.operations, empty.start_op, empty.last_op) == ((), 5, 4)


@pytest.mark.parametrize(
    "odd",
    [
        operation(Action.DELETE),
        operation(Action.DELETE, value="x", kind=ValueKind.STR, pred=(OpId(1, ME),)),
        operation(Action.MAKE_MAP, value=1, kind=ValueKind.INT),
        operation(Action.INCREMENT, value="x", kind=ValueKind.STR, pred=(OpId(1, ME),)),
        operation(insert=True),
        operation(key=HEAD, insert=True),
        operation(key=OpId(1, ME)),
        operation(Action.MARK),
        operation(Action.MARK, OpId(2, ME), obj=OpId(1, ME)),
        operation(key=HEAD, obj=OpId(1, ME)),
        operation(key=OpId(1, ME), obj=OpId(1, ME), insert=True, pred=(OpId(1, ME),)),
        operation(obj=OpId(10, ME)),
        operation(pred=(OpId(99, YOU),)),
        operation(key=OpId(10, YOU), obj=OpId(1, ME), insert=True),
        operation(pred=(OpId(2, ME), OpId(1, ME))),
        operation(pred=(OpId(1, ME), OpId(1, ME))),
        operation(obj=OpId(0, ME)),
    ],
)
def test_an_operation_that_no_writer_makes_is_refused(odd: Operation) -> None:
    with pytest.raises(FormatError):
        read(odd)


@pytest.mark.parametrize(
    ("start_op", "more"),
    [
        (0, {}),
        (1 << 31, {}),
        (10, {"seq": 0}),
        (10, {"seq": 1 << 40}),
        (10, {"time": 1 << 60}),
        (10, {"deps": [b"b" * 32, b"a" * 32]}),
        (10, {"deps": [b"a" * 32, b"a" * 32]}),
        (10, {"deps": [n.to_bytes(32, "big") for n in range(DEFAULT.change_deps + 1)]}),
    ],
)
def test_a_change_with_numbers_or_deps_out_of_range_is_refused(
    start_op: int, more: dict[str, object]
) -> None:
    assert read(operation()).operations
    with pytest.raises(FormatError):
        read(operation(), start_op=start_op, **more)


def test_more_operations_than_a_change_may_have_are_refused() -> None:
    most = DEFAULT.change_operations
    assert len(read(*[operation()] * most).operations) == most
    with pytest.raises(FormatError):
        read(*[operation()] * (most + 1))


def test_a_short_change_that_names_countless_predecessors_is_refused() -> None:
    pred = tuple(OpId(counter, ME) for counter in range(1, DEFAULT.change_predecessors + 2))
    assert len(encode_change([operation(pred=pred)], actor=ME, start_op=9_999)) < 250
    with pytest.raises(FormatError):
        read(operation(pred=pred), start_op=9_999)


def _mutated(body: bytes, dice: random.Random) -> bytes:
    """One small wrong: a bit, a byte, one too few or many, an end that is missing, a piece said twice."""
    at, to = dice.randrange(len(body)), dice.randrange(len(body))
    match dice.randrange(6):
        case 0:
            return body[:at] + bytes((body[at] ^ 1 << dice.randrange(8),)) + body[at + 1 :]
        case 1:
            return body[:at] + bytes((dice.choice((0, 1, 2, 0x7F, 0x80, 0xFF)),)) + body[at + 1 :]
        case 2:
            return body[:at] + body[at + 1 :]
        case 3:
            return body[:at] + bytes((dice.randrange(256),)) + body[at:]
        case 4:
            return body[: at + 1]
        case _:
            return body[:at] + body[to : to + 9] + body[at:]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_what_is_left_of_mutated_changes_is_canonical_or_refused(seed: int) -> None:
    """Whatever is read at all is written the same way again: so it has no second form or hash."""
    dice = random.Random(seed)
    bodies = [made.raw_bytes for made in honest(1000 + seed, edits=12)]
    bodies = [next(raw[at:] for at in range(10, 14) if chunk(raw[at:]) == raw) for raw in bodies]
    for _ in range(3_000):
        body = dice.choice(bodies)
        for _ in range(dice.choice((1, 1, 2, 5))):
            body = _mutated(body, dice) or b"\0"
        raw = chunk(body)
        try:
            change = decode_change(raw)
        except FormatError:
            continue
        assert change.raw == raw
        if all(op.kind is not ValueKind.UNKNOWN for op in change.operations):
            assert again(change) == raw
