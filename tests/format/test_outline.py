"""What is checked without making operations is held to the reader that makes them."""

from __future__ import annotations

import random
import time

import pytest

from moot_shared.errors import FormatError
from moot_shared.format import outline
from moot_shared.format.change import Action, Operation, OpId, ValueKind, decode_change
from moot_shared.format.leb import uleb as read_uleb
from moot_shared.format.outline import Outline, check_change
from moot_shared.limits import OPEN
from tests.helpers.binding import honest
from tests.helpers.encoding import chunk, encode_change, sleb, uleb

AUTHOR, OTHER = b"\1" * 16, b"\2" * 16
TEXT = OpId(1, OTHER)
KEPT = (OpId(3, OTHER), OpId(5, AUTHOR))


def read(raw: bytes) -> tuple[object, ...] | str:
    """What the strict reader says of a change, as an outline."""
    try:
        change = decode_change(raw, OPEN)
    except FormatError:
        return "refused"
    return change.hash, change.deps, change.actor, change.seq, change.start_op, change.last_op, change.raw


def outlined(raw: bytes) -> tuple[object, ...] | str:
    try:
        found = check_change(raw, OPEN)
    except FormatError:
        return "refused"
    return tuple(getattr(found, name) for name in Outline.__slots__)


def operations(dice: random.Random, count: int) -> list[Operation]:
    """Runs of typing, deleting, lists of numbers and keys, as in one large change."""
    made: list[Operation] = []
    while len(made) < count:
        at = 1_000 + len(made)
        what = dice.choice(["type", "delete", "numbers", "keys", "conflict", "mark"])
        for number in range(dice.choice([1, 2, 7, 60])):
            me = OpId(at + number, AUTHOR)
            before = OpId(at + number - 1, AUTHOR) if made or number else OpId(7, OTHER)
            gone = OpId(2 + number * dice.choice([1, 1, 3]), OTHER)
            made.append({
                "type": Operation(me, TEXT, before, True, Action.PUT, ValueKind.STR, dice.choice("abé≈"), ()),
                "delete": Operation(me, TEXT, gone, False, Action.DELETE, ValueKind.NULL, None, (gone,)),
                "numbers": Operation(
                    me, TEXT, before, True, Action.PUT, ValueKind.INT, dice.choice([1, 300]), ()),
                "keys": Operation(me, None, dice.choice("ab"), False, Action.PUT, ValueKind.NULL, None, ()),
                "conflict": Operation(
                    me, None, "k", False, Action.PUT, ValueKind.TRUE, True, KEPT),
                "mark": Operation(me, TEXT, before, True, Action.MARK, ValueKind.TRUE, True, ()),
            }[what])  # fmt: skip
    return made


def large(dice: random.Random) -> bytes:
    made = operations(dice, dice.choice([70, 200, 500]))
    marks = {n: (dice.choice(["b", None]), True) for n, op in enumerate(made) if op.action is Action.MARK}
    return encode_change(made, actor=AUTHOR, start_op=1_000, marks=marks)


def altered(raw: bytes, dice: random.Random) -> bytes:
    """A change with a few other bytes and the checksum that belongs to them."""
    _, start = read_uleb(raw, 9)
    body = bytearray(raw[start:])
    for _ in range(dice.choice([1, 1, 2])):
        at = dice.randrange(20, len(body))
        body[at] = dice.choice([0, 1, 2, 0x7F, dice.randrange(256), body[at] ^ 1])
    return chunk(bytes(body))


@pytest.mark.parametrize("seed", range(6))
def test_large_changes_are_checked_as_strictly_as_they_are_read(seed: int) -> None:
    dice = random.Random(seed)
    raw = large(dice)
    assert outlined(raw) == read(raw) != "refused"
    for _ in range(60):
        other = altered(raw, dice)
        assert outlined(other) == read(other)


@pytest.mark.parametrize("seed", range(6))
def test_small_changes_would_be_too(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outline, "_FEW", -1)
    dice = random.Random(seed)
    for made in honest(2_000 + seed, edits=10):
        assert outlined(made.raw_bytes) == read(made.raw_bytes) != "refused"
        for _ in range(40):
            other = altered(made.raw_bytes, dice)
            assert outlined(other) == read(other)


def hostile(count: int = 500_000, preds: int = 0) -> bytes:
    """So many operations in some sixty bytes."""
    columns = {
        0x15: sleb(count) + uleb(1) + b"a", 0x34: uleb(count), 0x42: sleb(count) + uleb(1),
        0x56: sleb(count) + uleb(0), 0x70: sleb(count) + uleb(preds),
    }  # fmt: skip
    if preds:
        columns |= {0x71: sleb(preds * count) + b"\0", 0x73: sleb(preds * count) + b"\1"}
    body = uleb(0) + uleb(16) + AUTHOR + uleb(1) + uleb(600_000) + bytes(3) + uleb(len(columns))
    table = b"".join(uleb(column) + uleb(len(data)) for column, data in columns.items())
    return chunk(body + table + b"".join(columns.values()))


def test_half_a_million_operations_in_sixty_bytes_cost_no_more_than_sixty_bytes() -> None:
    began = time.process_time()
    assert check_change(hostile(), OPEN).last_op == 1_099_999
    assert check_change(hostile(500_000, 1), OPEN).last_op == 1_099_999
    for preds in (1_000_000, 20_001):
        with pytest.raises(FormatError):
            check_change(hostile(1, preds), OPEN)
    with pytest.raises(FormatError, match="limit"):
        check_change(hostile(499_999, 2), OPEN)
    assert time.process_time() - began < 0.2  # the reader takes seven seconds


@pytest.mark.slow
def test_a_change_that_deletes_a_whole_book_is_honest_and_short() -> None:
    gone = [OpId(2 + n, OTHER) for n in range(100_000)]
    raw = encode_change(
        [
            Operation(OpId(1, AUTHOR), TEXT, each, False, Action.DELETE, ValueKind.NULL, None, (each,))
            for each in gone
        ],
        actor=AUTHOR, start_op=200_000,
    )  # fmt: skip
    assert len(raw) < 200
    assert check_change(raw, OPEN).last_op == 299_999
