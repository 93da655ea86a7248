"""What a history keeps decoded is little enough for the garbage collector to walk through at once."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator

import pytest

from moot_shared.format.change import Action, Change, Operation, OpId, ValueKind
from moot_shared.trust.history import History

ACTOR = bytes(40)
PARAGRAPHS = 10
CHANGES = 3_000


@pytest.fixture
def untouched() -> Iterator[None]:
    """Nothing else is collected meanwhile, so that what is counted is what was made."""
    gc.collect()
    enabled = gc.isenabled()
    gc.disable()
    yield
    if enabled:
        gc.enable()


def chain(length: int) -> Iterator[Change]:
    """One member's changes, one after the other, each of some paragraphs that each replace another."""
    before: tuple[bytes, ...] = ()
    for number in range(length):
        start = 1 + number * PARAGRAPHS
        operations = tuple(
            Operation(
                OpId(counter, ACTOR), OpId(1, ACTOR), OpId(counter, ACTOR), insert=False, action=Action.PUT,
                kind=ValueKind.STR, value="a paragraph", pred=(OpId(counter, ACTOR),),
            )
            for counter in range(start, start + PARAGRAPHS)
        )  # fmt: skip
        name = hashlib.sha256(number.to_bytes(4, "big")).digest()
        yield Change(name, before, ACTOR, number + 1, start, 0, "", operations, raw=bytes(100))
        before = (name,)


def test_a_long_history_leaves_few_objects_to_walk_through(untouched: None) -> None:
    stored: dict[bytes, bytes] = {}
    history, before = History(stored.__getitem__), len(gc.get_objects())
    for change in chain(CHANGES):
        history.add(change)
    assert len(history) == CHANGES
    assert len(gc.get_objects()) - before < 60_000
