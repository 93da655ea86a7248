"""One changed change: what it was made from, what was done to it, who signs it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from moot_shared.errors import FormatError
from moot_shared.format.change import Change, decode_change
from moot_shared.identity import SIGNATURE_BYTES
from tests.fuzz.anatomy import Anatomy, anatomy, body_of
from tests.fuzz.bytework import (
    BOUNDARIES,
    bytes_changed,
    columns_changed,
    deflated_changed,
    number_changed,
    numbers_changed,
)
from tests.fuzz.corpus import Corpus
from tests.fuzz.fitting import Draft, fitted
from tests.fuzz.opwork import operations_changed
from tests.helpers import encoding
from tests.helpers.community import Machine

LARGEST = (1 << 64) - 1
MEMBERS = ("joon", "joon2", "ines", "third")
"""Attackers who have what it takes to be admitted."""


@dataclass
class Case:
    """Bytes for somebody else's machine, and the story of how they were made."""

    chunk: bytes
    seal: bytes | None = None
    story: list[str] = field(default_factory=list)
    by: Machine | None = None


def changed_change(corpus: Corpus, dice: random.Random) -> Case:
    """A change that has been tampered with."""
    source = dice.choice(corpus.changes)
    number = corpus.changes.index(source)
    by = _attacker(corpus, dice)
    if dice.random() < 0.8:
        draft = fitted(corpus, source, by, dice)
        case = Case(b"", None, [f"change {number} as if by {_name(corpus, by)}"], by)
        for _ in range(dice.choice((0, 1, 1, 1, 2, 3))):
            case.story.append(operations_changed(draft, corpus, dice))
        if dice.random() < 0.2:
            case.story.append(_fields_changed(draft, corpus, dice))
        case.chunk = written(draft)
        often = 0.2
    else:
        case = Case(source.raw, None, [f"change {number} as it is"], by)
        often = 1.0
    if dice.random() < often:
        _bytes(case, corpus, dice)
    _seal(case, corpus, dice)
    return case


def written(draft: Draft) -> bytes:
    """A draft as a chunk, whether or not it makes sense."""
    return encoding.encode_change(
        draft.operations,
        actor=draft.actor or draft.by.actor,
        seq=draft.seq,
        start_op=draft.start_op,
        deps=draft.deps,
    )


def _attacker(corpus: Corpus, dice: random.Random) -> Machine:
    usual = dice.random() < 0.8
    one = corpus.machines[dice.choice(MEMBERS)] if usual else dice.choice(list(corpus.machines.values()))
    return one.again(dice.choice((1, 78, 1 << 63))) if dice.random() < 0.15 else one


def _name(corpus: Corpus, by: Machine) -> str:
    return next((n for n, m in corpus.machines.items() if m.key == by.key), "?") + f" ({by.nonce:x})"


def _fields_changed(draft: Draft, corpus: Corpus, dice: random.Random) -> str:
    """What the head of the change says of its place."""
    what = dice.choice(("seq", "start op", "deps", "deps", "deps", "actor"))
    if what == "seq":
        draft.seq = _plain(number_changed(draft.seq, dice))
    elif what == "start op":
        draft.start_op = _plain(number_changed(draft.start_op, dice))
    elif what == "actor":
        draft.actor = dice.choice(corpus.changes).actor
        last = corpus.history.last(draft.actor)
        if last is not None and dice.random() < 0.7:
            draft.seq = last.seq + 1
    else:
        draft.deps = _deps(list(draft.deps), corpus, dice)
    return f"fields: another {what}"


def _plain(number: int | bytes) -> int:
    return BOUNDARIES[0] if isinstance(number, bytes) else min(number, LARGEST)


def _deps(deps: list[bytes], corpus: Corpus, dice: random.Random) -> list[bytes]:
    what = dice.randrange(7)
    if what == 0 and deps:
        deps.pop(dice.randrange(len(deps)))
    elif what == 1:
        deps.append(dice.randbytes(32))
    elif what == 2:
        deps.append(dice.choice(corpus.changes).hash)
    elif what == 3:
        return deps + deps
    elif what == 4:
        return list(reversed(deps))
    elif what == 5:
        deps = [change.hash for change in dice.sample(corpus.changes, dice.choice((2, 50, 100, 101)))]
    else:
        return []
    return sorted(deps)


def _bytes(case: Case, corpus: Corpus, dice: random.Random) -> None:
    """Below what operations mean: columns, numbers, bytes, another's parts, deflation."""
    what = dice.randrange(6)
    if what <= 1:
        parts = anatomy(case.chunk)
        for _ in range(dice.choice((1, 1, 2))):
            case.story.append((columns_changed, numbers_changed)[what](parts, dice))
        case.chunk = parts.chunk()
    elif what == 2:
        parts, other = anatomy(case.chunk), anatomy(dice.choice(corpus.changes).raw)
        case.story.append(_spliced(parts, other, dice))
        case.chunk = parts.chunk()
    elif what == 3:
        case.chunk, told = deflated_changed(case.chunk, dice)
        case.story.append(told)
    elif what == 4 and dice.random() < 0.3:
        case.chunk, told = bytes_changed(case.chunk, dice)
        case.story.append(f"checksum left as it was, {told}")
    else:
        body, told = bytes_changed(body_of(case.chunk), dice)
        case.chunk = encoding.chunk(body, dice.choice((1, 1, 1, 1, 1, 0, 2, 3)))
        case.story.append(told)


def _spliced(parts: Anatomy, other: Anatomy, dice: random.Random) -> str:
    what = dice.randrange(4)
    if what == 0:
        parts.columns = other.columns
    elif what == 1:
        parts.others, parts.columns = other.others, other.columns
    elif what == 2:
        mine, theirs = dict(parts.columns), dict(other.columns)
        for column in dice.sample(sorted(theirs, key=repr), min(2, len(theirs))):
            mine[column] = theirs[column]
        parts.columns = sorted(mine.items(), key=lambda c: c[0] if isinstance(c[0], int) else 0)
    else:
        parts.deps, parts.seq, parts.start_op = other.deps, other.seq, other.start_op
    return f"spliced: {('columns', 'actors and columns', 'two columns', 'the place')[what]} of another"


def _seal(case: Case, corpus: Corpus, dice: random.Random) -> None:
    """Most often the attacker's own, so that admission is reached."""
    change = _read(case.chunk)
    what = dice.random()
    if change is None or what < 0.03:
        case.seal, told = None, "no seal"
        if change is not None and dice.random() < 0.5:
            case.seal, told = dice.randbytes(SIGNATURE_BYTES), "a seal at random"
    elif what < 0.05:
        case.seal, told = dice.choice(corpus.sealed).seal, "the seal of another change"
    elif what < 0.07:
        case.seal, told = corpus.seal(change, dice.choice(list(corpus.machines.values()))), "another's seal"
    else:
        author = next((m for m in corpus.machines.values() if m.key == change.author), case.by)
        assert author is not None
        case.seal, told = corpus.seal(change, author), "sealed"
    case.story.append(told)


def _read(chunk: bytes) -> Change | None:
    try:
        return decode_change(chunk)
    except FormatError:
        return None
