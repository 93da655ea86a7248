"""A community of changes made by hand: any operation, by anybody, on top of anything.

Nothing here asks the rules before it writes; `Community.admit` does, as a replica or a relay would.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from moot_shared.errors import AdmissionError
from moot_shared.format.change import (
    HEAD,
    Action,
    Change,
    Operation,
    OpId,
    Scalar,
    ValueKind,
    decode_change,
)
from moot_shared.identity import Identity
from moot_shared.ids import encode_bytes
from moot_shared.trust.admission import admit
from moot_shared.trust.history import History
from moot_shared.trust.seal import join_message, seal_message
from tests.helpers.encoding import encode_change

ULID = "01J8ZQ6T3KDWM0000000000000"
KINDS = {
    type(None): ValueKind.NULL,
    int: ValueKind.INT,
    float: ValueKind.FLOAT,
    str: ValueKind.STR,
    bytes: ValueKind.BYTES,
}


def here(index: int) -> OpId:
    """The operation that is `index`th in the change being made."""
    return OpId(-1 - index, b"")


def op(
    action: Action,
    obj: OpId | None,
    key: str | OpId,
    value: Scalar = None,
    *,
    kind: ValueKind | None = None,
    insert: bool = False,
    pred: Iterable[OpId] = (),
) -> Operation:
    """One operation, as it will stand in a change."""
    if isinstance(value, bool):
        kind = ValueKind.TRUE if value else ValueKind.FALSE
    known = kind if kind is not None else KINDS[type(value)]
    return Operation(HEAD, obj, key, insert, action, known, value, tuple(pred))


def put(
    obj: OpId | None, key: str | OpId, value: Scalar, *pred: OpId, kind: ValueKind | None = None
) -> Operation:
    """Put a value at a key or over an element."""
    return op(Action.PUT, obj, key, value, kind=kind, pred=pred)


def insert(obj: OpId, after: OpId, text: Scalar) -> Operation:
    """Insert a paragraph."""
    return op(Action.PUT, obj, after, text, insert=True)


@dataclass
class Machine:
    """One actor: a member on one machine."""

    identity: Identity
    nonce: int = 0

    @property
    def key(self) -> bytes:
        return self.identity.public_key

    @property
    def text(self) -> str:
        return self.identity.key_text

    @property
    def actor(self) -> bytes:
        return self.key + self.nonce.to_bytes(8, "big")

    def again(self, nonce: int) -> Machine:
        """The same member under another actor."""
        return Machine(self.identity, nonce)


def person(name: str) -> Machine:
    """Somebody, the same in every run."""
    return Machine(Identity(hashlib.sha256(name.encode()).digest()))


@dataclass
class Community:
    """One replica's changes, and what it takes to make more."""

    founder: Machine = field(default_factory=lambda: person("founder"))
    chunks: dict[bytes, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.history = History(self.chunks.__getitem__)
        self.genesis = self.add(genesis(self.founder), self.founder)

    @property
    def id(self) -> bytes:
        assert self.history.community
        return self.history.community

    @property
    def said(self) -> OpId:
        return self.history.said_id

    @property
    def records(self) -> OpId:
        return self.history.records_id

    def make(
        self,
        by: Machine,
        *operations: Operation,
        on: Sequence[Change] | None = None,
        seq: int | None = None,
        start_op: int | None = None,
    ) -> Change:
        """A change on top of `on` (or of everything here); not admitted."""
        deps = sorted(c.hash for c in on) if on is not None else list(self.history.heads())
        clock = self.history.clock(deps)
        start = (
            1 + max((self.history.entry(h).last_op for h in deps), default=0)
            if start_op is None
            else start_op
        )
        return decode_change(
            encode_change(
                [_placed(o, start, by.actor) for o in operations],
                actor=by.actor,
                seq=clock.get(by.actor, 0) + 1 if seq is None else seq,
                start_op=start,
                deps=deps,
            )
        )

    def admit(self, change: Change, by: Machine | None = None) -> None:
        """Ask the rules, with the seal of `by` if there is one."""
        admit(change, self.history, seal=self.seal(change, by) if by else None, seal_needed=by is not None)

    def seal(self, change: Change, by: Machine) -> bytes:
        """The seal that `by` puts on a change."""
        community = self.history.community or change.hash
        return by.identity.sign(seal_message(community, change.actor, change.seq, change.hash))

    def add(self, change: Change, by: Machine | None = None) -> Change:
        """Admit a change and keep it."""
        self.admit(change, by)
        self.chunks[change.hash] = change.raw
        self.history.add(change)
        return change

    def write(self, by: Machine, *operations: Operation, on: Sequence[Change] | None = None) -> Change:
        """Make, admit and keep a change."""
        return self.add(self.make(by, *operations, on=on))

    def saying(self, by: Machine, kind: str, subject: str, values: Any, *pred: OpId) -> Operation:
        """A statement as an operation."""
        return put(self.said, f"{by.text}/{kind}/{subject}", json.dumps(values), *pred)

    def say(
        self, by: Machine, kind: str, subject: str, values: Any = None, on: Sequence[Change] | None = None
    ) -> Change:
        """A statement, admitted and kept."""
        return self.write(by, self.saying(by, kind, subject, values or {}), on=on)

    def invite(self, by: Machine, name: str, on: Sequence[Change] | None = None, **terms: Any) -> Machine:
        """An invite whose key is made from `name`."""
        key = person("invite " + name)
        values = {"role": "member", "uses": None, "expires": None, **terms}
        self.say(by, "invite", key.text, values, on=on)
        return key

    def joining(
        self, who: Machine, invite: Machine, by: Machine, on: Sequence[Change] | None = None, **values: Any
    ) -> Change:
        """A join, not admitted."""
        proof = invite.identity.sign(join_message(self.id, who.key))
        said = {"by": by.text, "proof": encode_bytes(proof), **values}
        return self.make(who, self.saying(who, "join", invite.text, said), on=on)

    def member(self, name: str, by: Machine | None = None, **terms: Any) -> Machine:
        """Somebody who joined by an invite of `by` (the founder), on top of everything."""
        who, host = person(name), by or self.founder
        self.add(self.joining(who, self.invite(host, name, **terms), host))
        return who

    def record(
        self, by: Machine, ulid: str = ULID, on: Sequence[Change] | None = None
    ) -> tuple[Change, OpId, OpId]:
        """A record with a title and a body of two paragraphs: its change, its map, its body."""
        change = self.write(
            by,
            op(Action.MAKE_MAP, self.records, f"issue/{ulid}/{by.text}"),
            put(here(0), "title", "Handover loses facts"),
            op(Action.MAKE_LIST, here(0), "body"),
            insert(here(2), HEAD, "One."),
            insert(here(2), here(3), "Two."),
            on=on,
        )
        return change, change.operations[0].id, change.operations[2].id


def refused(moot: Community, change: Change, code: str) -> None:
    """The rules refuse a change for this reason, in a sentence."""
    with pytest.raises(AdmissionError) as refusal:
        moot.admit(change)
    assert refusal.value.code == code
    assert str(refusal.value).endswith(".")


def genesis(founder: Machine) -> Change:
    """A founder's first change."""
    operations = [
        put(None, "moot", 1, kind=ValueKind.UINT),
        op(Action.MAKE_MAP, None, "records"),
        op(Action.MAKE_MAP, None, "said"),
    ]
    return decode_change(encode_change(operations, actor=founder.actor))


def _placed(o: Operation, start: int, actor: bytes) -> Operation:
    def placed(op_id: OpId) -> OpId:
        return OpId(start - 1 - op_id.counter, actor) if op_id.counter < 0 else op_id

    return Operation(
        o.id,
        placed(o.obj) if o.obj else None,
        placed(o.key) if isinstance(o.key, OpId) else o.key,
        o.insert,
        o.action,
        o.kind,
        o.value,
        tuple(sorted(placed(p) for p in o.pred)),
    )
