"""Whole documents: honest ones are taken apart, and agree with the binding; of the others none does harm."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moot_shared.errors import FormatError
from moot_shared.format.columns import number_count
from moot_shared.format.document import Encoding, decode_document
from moot_shared.limits import DEFAULT
from tests.helpers.binding import honest, saved
from tests.helpers.documents import ANN, BOB, HEAD, Written, deflate
from tests.helpers.encoding import chunk, deltas, run_lengths, sleb, uleb

GOOD = Written()


@pytest.mark.parametrize("seed", range(20))
def test_every_document_that_the_binding_saves_is_taken_apart(seed: int) -> None:
    made = honest(seed)
    found = decode_document(saved([change.raw_bytes for change in made]))
    last = {change.hash for change in made} - {dep for change in made for dep in change.deps}
    assert set(found.heads) == last
    assert set(found.actors) == {change.actor_id for change in made}
    assert sorted((c.actor, c.seq, c.last_op) for c in found.changes) == sorted(
        (c.actor_id, c.seq, c.max_op) for c in made
    )
    assert 0 < found.operations <= sum(change.max_op - change.start_op + 1 for change in made)


def test_columns_that_were_deflated_are_handed_on_inflated() -> None:
    long = [change.raw_bytes for change in honest(1, edits=200)]
    raw = saved(long)
    found = decode_document(raw)
    assert len(raw) < sum(len(column.data) for column in found.columns)
    assert len(found.changes) == len(long)
    assert [column.spec for column in found.columns] == sorted(column.spec for column in found.columns)
    (action,) = (column for column in found.columns if column.id == 4)
    assert action.encoding is Encoding.NUMBER


def test_a_document_that_holds_nothing_is_read() -> None:
    found = decode_document(saved([]))
    assert (found.actors, found.heads, found.changes, found.operations) == ((), (), (), 0)


def test_a_document_says_of_each_change_who_made_it_and_on_what() -> None:
    found = decode_document(GOOD.chunk())
    assert found.actors == (ANN, BOB)
    assert [(c.actor, c.seq, c.last_op, c.time, c.message, c.deps) for c in found.changes] == [
        (ANN, 1, 2, 0, "", ()),
        (BOB, 1, 3, 5, "after the round", (0,)),
        (ANN, 2, 4, 0, "", (0, 1)),
    ]
    assert (found.heads, found.head_places, found.operations) == ((HEAD,), (2,), 4)


@pytest.mark.slow
@given(st.lists(st.integers(0, 1 << 40), max_size=30))
def test_numbers_are_counted_without_being_read(values: list[int]) -> None:
    assert number_count(run_lengths(values, uleb), 30) == len(values)


def test_a_document_of_an_older_writer_does_not_say_where_its_heads_are() -> None:
    assert decode_document(replace(GOOD, head_places=()).chunk()).head_places == ()


@pytest.mark.parametrize(
    "odd",
    [
        {"actors": (BOB, ANN)},
        {"actors": (ANN, ANN)},
        {"actors": (ANN, b"")},
        {"actors": (ANN, b"b" * 65)},
        {"actors": (ANN,)},
        {"heads": ()},
        {"heads": (HEAD, b"\x22" * 32)},
        {"heads": (HEAD, HEAD)},
        {"head_places": (1,)},
        {"head_places": (2, 2)},
        {"head_places": (3,)},
        {"writers": (0, 1, 2)},
        {"writers": (0, None, 0)},
        {"seqs": (1, 1, 3)},
        {"seqs": (1, 1, 1)},
        {"seqs": (0, 1, 1)},
        {"seqs": (1, 1)},
        {"seqs": (1, 1, 2, 3)},
        {"last_ops": (2, 1, 4)},
        {"last_ops": (-1, 3, 4)},
        {"last_ops": (2, 3, 1 << 32)},
        {"last_ops": (2, 3, None)},
        {"times": (0, 0, 1 << 60)},
        {"times": ()},
        {"messages": ("one", None)},
        {"deps": ((), (0,), (0, 2))},
        {"deps": ((), (0,), (0, 0))},
        {"deps": ((), (0,), (-1, 1))},
        {"deps": ((1,), (), (0, 1))},
        {"deps": ((), (0,))},
        {"deps": ((), (), (0,))},
        {"extra": (7, 7)},
        {"extra": (7, 7, 6)},
        {"extra": (7, 7, 7 | 5 << 4)},
        {"extra_raw": b"x"},
        {"instead": {0x43: deltas([0, 0, 1, 1])}},
        {"instead": {0x66: b"\x01"}},
        {"more": {0x42: run_lengths([1, None, 1], uleb)}},
        {"more": {0x42: b"\x7f\1\x7f\2"}},
        {"more": {0x42: b"\x7e\1\x80"}},
        {"more": {0x73: b"\x7f\x01"}},
        {"operations": DEFAULT.document_read_operations + 1},
        {"tail": b"\0"},
    ],
)
def test_a_document_that_contradicts_itself_is_refused(odd: dict[str, object]) -> None:
    assert decode_document(GOOD.chunk()).changes
    with pytest.raises(FormatError, match="This document cannot be read"):
        decode_document(replace(GOOD, **odd).chunk())  # type: ignore[arg-type]


def test_what_follows_the_operations_of_a_change_is_kept_with_it() -> None:
    said = replace(GOOD, extra=(7, 7 | 2 << 4, 7), extra_raw=b"hi")
    assert [change.extra for change in decode_document(said.chunk()).changes] == [b"", b"hi", b""]


@cache
def noughts() -> bytes:
    """Made when it is needed: every test process reads this module, and few of them play this."""
    return deflate(bytes(64 << 20))


@pytest.mark.parametrize(
    "bomb",
    [
        {"instead": {0x01: sleb(1 << 40) + b"\0"}},
        {"instead": {0x01: sleb(-(1 << 40)) + b"\0"}},
        {"instead": {0x01: b"\0" + uleb(1 << 40)}},
        {"instead": {0x40: sleb(3) + uleb(1 << 40)}},
        {"instead": {0x43: sleb(1 << 40) + b"\0"}},
        {"instead": {0x0B: noughts}},
        {"more": {0x4A: noughts}},
        {"more": {0x42: sleb(1 << 62) + b"\1"}},
        {"more": {0x4A: deflate(b"")}},
        {"more": {0x4A: b"\xff" * 9}},
    ],
)
def test_a_short_document_that_would_fill_the_memory_is_refused_before_it_does(
    bomb: dict[str, dict[int, bytes | Callable[[], bytes]]],
) -> None:
    [(place, made)] = bomb.items()
    columns = {spec: data if isinstance(data, bytes) else data() for spec, data in made.items()}
    plain = {spec & ~8: b"" for spec in columns if spec & 8}
    raw = replace(GOOD, **{place: {**plain, **columns}}).chunk()  # type: ignore[arg-type]
    assert len(raw) < 200_000
    with pytest.raises(FormatError):
        decode_document(raw)


def test_all_columns_of_a_document_share_one_limit_when_they_are_inflated() -> None:
    page = deflate(bytes(DEFAULT.document_inflated_bytes * 2 // 5))
    two = replace(GOOD, more={0x1D: page, 0x5F: page})
    three = replace(GOOD, more={0x1D: page, 0x5F: page, 0xAD: page})
    assert decode_document(two.chunk()).columns
    with pytest.raises(FormatError, match=r"over a limit|too large"):
        decode_document(three.chunk())


@pytest.mark.parametrize("data", [b"", GOOD.chunk()[:-1], GOOD.chunk() + b"\0", GOOD.chunk()[1:]])
def test_more_or_less_than_one_document_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        decode_document(data)


def test_a_damaged_document_and_a_chunk_of_another_type_are_refused() -> None:
    raw = GOOD.chunk()
    with pytest.raises(FormatError, match="damaged"):
        decode_document(raw[:30] + bytes((raw[30] ^ 1,)) + raw[31:])
    for kind in (1, 2, 3):
        with pytest.raises(FormatError, match="another type"):
            decode_document(chunk(GOOD.body(), kind))


def test_a_document_larger_than_any_may_be_is_refused_by_its_size() -> None:
    with pytest.raises(FormatError, match=r"over a limit|too large"):
        decode_document(chunk(bytes(DEFAULT.document_bytes), 0))


@pytest.mark.parametrize("seed", range(6))
def test_what_is_left_of_mutated_documents_is_consistent_or_refused(seed: int) -> None:
    dice = random.Random(seed)
    raw = saved([change.raw_bytes for change in honest(seed, edits=12)])
    body = next(raw[at:] for at in range(10, 14) if chunk(raw[at:], 0) == raw)
    for _ in range(1_500):
        wrong = bytearray(body)
        for _ in range(dice.choice((1, 1, 2, 4))):
            at = dice.randrange(len(wrong))
            match dice.randrange(3):
                case 0:
                    wrong[at] ^= 1 << dice.randrange(8)
                case 1:
                    del wrong[at : at + dice.randint(1, 3)]
                case _:
                    wrong[at:at] = dice.randbytes(dice.randint(1, 3))
        try:
            found = decode_document(chunk(bytes(wrong), 0))
        except FormatError:
            continue
        assert {change.actor for change in found.changes} <= set(found.actors)
        assert all(dep < at for at, change in enumerate(found.changes) for dep in change.deps)
