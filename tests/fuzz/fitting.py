"""Honest operations made to fit on top of the community, as if an attacker of ours had written them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from moot_shared.errors import FormatError
from moot_shared.format.change import Change, Operation, OpId
from moot_shared.ids import RecordKey, StatementKey
from tests.fuzz.corpus import Corpus
from tests.helpers.community import Machine


@dataclass
class Draft:
    """A change that is yet to be written down."""

    by: Machine
    deps: Sequence[bytes]
    seq: int
    start_op: int
    operations: list[Operation]
    actor: bytes = b""
    """Under whose name, if not under one's own."""


def fitted(corpus: Corpus, source: Change, by: Machine, dice: random.Random) -> Draft:
    """The operations of a change as the next change of `by`, built on something that is here."""
    deps = corpus.at(dice)
    clock = corpus.history.clock(deps)
    seq = clock.get(by.actor, 0) + 1
    last = corpus.history.last(by.actor)
    if last is not None and seq != last.seq + 1 and dice.random() < 0.9:  # go on from their own last word
        deps = corpus.history.heads()
        seq = last.seq + 1
    start = 1 + max(corpus.history.entry(dep).last_op for dep in deps)
    operations = moved(source, by, start)
    if dice.random() < 0.95:
        operations = [_own(op, by) for op in operations]
    return Draft(by, deps, seq, start, operations)


def moved(source: Change, by: Machine, start: int) -> list[Operation]:
    """A change's operations at another place; what they name in their own change moves with them."""

    def place(op_id: OpId) -> OpId:
        inside = op_id.actor == source.actor and op_id.counter >= source.start_op
        return OpId(op_id.counter - source.start_op + start, by.actor) if inside else op_id

    return [with_ids(op, place) for op in source.operations]


def with_ids(op: Operation, place: Callable[[OpId], OpId]) -> Operation:
    """An operation with every id in it replaced."""
    return replace(
        op,
        id=place(op.id),
        obj=None if op.obj is None else place(op.obj),
        key=place(op.key) if isinstance(op.key, OpId) else op.key,
        pred=tuple(sorted({place(pred) for pred in op.pred})),
    )


def _own(op: Operation, by: Machine) -> Operation:
    """The operation, with its record or statement under the attacker's own name."""
    if not isinstance(op.key, str):
        return op
    for parse in (StatementKey.parse, RecordKey.parse):
        try:
            key = parse(op.key)
        except FormatError:
            continue
        other = (
            replace(key, author=by.text) if isinstance(key, StatementKey) else replace(key, creator=by.text)
        )
        return replace(op, key=str(other), pred=()) if other != key else op
    return op
