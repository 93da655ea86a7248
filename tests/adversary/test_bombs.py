"""Bombs of every sort that a member (or anybody) throws at the relay, and what a relay would let through."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from moot_client.views.people import members
from moot_shared.format.change import Action, ValueKind
from moot_shared.limits import DEFAULT
from moot_shared.trust.seal import Sealed
from tests.adversary.stage import Stage, plays
from tests.helpers.attacker import Attacker
from tests.helpers.community import op, put
from tests.helpers.encoding import chunk, deflated, encode_change, sleb, uleb

Bomb = Callable[[Attacker], bytes]
A_SECOND = 1.0


def body_of(ted: Attacker, columns: dict[int, bytes], *, seq: int = 0, start: int = 0) -> bytes:
    """A change of Ted's with columns of any content."""
    seq = seq or ted.make(put(ted.moot.said, "x", "")).seq
    start = start or ted.make(put(ted.moot.said, "x", "")).start_op
    deps = sorted(ted.moot.history.heads())
    actor = ted.machine.actor
    head = uleb(len(deps)) + b"".join(deps) + uleb(len(actor)) + actor + uleb(seq) + uleb(start) + b"\0\0\0"
    table = b"".join(uleb(column) + uleb(len(data)) for column, data in sorted(columns.items()))
    return chunk(head + uleb(len(columns)) + table + b"".join(data for _, data in sorted(columns.items())))


def many_runs(ted: Attacker) -> bytes:
    """120 bytes that say 65,000 operations: 25 seconds in the binding."""
    count = 65_000
    return body_of(
        ted,
        {
            0x15: sleb(count) + uleb(1) + b"k",
            0x34: uleb(count),
            0x42: sleb(count) + uleb(1),
            0x56: sleb(count) + uleb(0),
            0x70: sleb(count) + uleb(0),
        },
    )


def raw(ted: Attacker, *operations: object, **where: int) -> bytes:
    """A change that is not even read before it is sent."""
    honest = ted.make(put(ted.moot.said, "x", ""))
    given = {"seq": honest.seq, "start_op": honest.start_op, **where}
    return encode_change(operations, actor=ted.machine.actor, deps=honest.deps, **given)  # type: ignore[arg-type]


def note(ted: Attacker, text: str = "{}", **where: int) -> bytes:
    """A note of Ted's, and something about it that is not honest."""
    return raw(ted, put(ted.moot.said, f"{ted.key}/note/x", text), **where)


CHANGES: dict[str, Bomb] = {
    "65,000 operations in 120 bytes": many_runs,
    "a run without end": lambda t: body_of(t, {0x42: sleb((1 << 62) - 1) + uleb(1)}),
    "a run of nothing": lambda t: body_of(t, {0x15: b"\0" + uleb((1 << 62) - 1), 0x42: sleb(2) + uleb(1)}),
    "counted from near 2^32": lambda t: raw(
        t, put(t.moot.said, f"{t.key}/note/x", "{}"), start_op=(1 << 32) - 1
    ),
    "counted from near 2^63": lambda t: raw(
        t, put(t.moot.said, f"{t.key}/note/x", "{}"), start_op=(1 << 63) - 1
    ),
    "a number as seq beyond all": lambda t: raw(
        t, put(t.moot.said, f"{t.key}/note/x", "{}"), seq=(1 << 64) - 1
    ),
    "a deflated chunk that inflates to 8 MB": lambda t: deflated(chunk(bytes(8 << 20))),
    "a value that says it is a gigabyte": lambda t: body_of(
        t, {0x42: b"\x7f\1", 0x56: b"\x7f" + uleb(1 << 34 | 6)}
    ),
    "a chunk that says it is a gigabyte": lambda t: b"\x85\x6f\x4a\x83" + bytes(4) + b"\1" + uleb(1 << 30),
    "an empty chunk": lambda t: b"",
    "a document instead of a change": lambda t: chunk(b"\0\0\0\0", kind=0),
    "a text of letters": lambda t: raw(t, op(Action.MAKE_TEXT, t.moot.said, f"{t.key}/note/x")),
    "a link": lambda t: raw(t, op(Action.MAKE_TABLE, t.moot.said, f"{t.key}/note/x")),
    "a value of a type that there is not": lambda t: raw(
        t, put(t.moot.said, f"{t.key}/note/x", b"abc", kind=ValueKind.UNKNOWN)
    ),
    "half a pair as text": lambda t: body_of(
        t, {0x42: b"\x7f\1", 0x15: b"\x7f\3\xed\xa0\x80", 0x56: b"\x7f\0", 0x70: b"\x7f\0"}
    ),
    "more operations than a change may have": lambda t: raw(
        t, *(put(t.moot.said, f"{t.key}/note/{n}", "{}") for n in range(DEFAULT.change_operations + 1))
    ),
    "more bytes than a change may have": lambda t: note(t, "a" * 300_000),
    "no operation at all": raw,
    "a hundred thousand actors": lambda t: chunk(
        uleb(0) + uleb(40) + t.machine.actor + b"\1\1\0\0" + uleb(100_000) + (uleb(8) + bytes(8)) * 10
    ),
    "deps without end": lambda t: chunk(uleb(1 << 40) + bytes(64)),
}


@plays("M8", "H1", "H2", "H6")
def test_changes_that_would_cost_dearly_are_refused_at_once(stage: Stage) -> None:
    ted = stage.attacker()
    ted.pull()
    stage.meet()
    for name, bomb in CHANGES.items():
        carried = Sealed(bomb(ted), bytes(64))
        assert len(ted.push(carried)) == 1, name
        for replica in stage.honest:
            assert len(stage.handed(replica, carried)) == 1, name


@plays("M8", "H1")
def test_thousands_of_bent_changes_are_refused_and_none_ruins_anything(stage: Stage) -> None:
    """Every byte of an honest change, bent, with its checksum repaired and Ted's own seal over it."""
    ted = stage.attacker()
    ted.pull()
    stage.meet()
    honest = ted.vote(stage.issue, 3).raw
    bent = [
        ted.mended(honest[:at] + bytes([honest[at] ^ flip]) + honest[at + 1 :])
        for at in range(9, len(honest))
        for flip in (1, 0x80)
    ]
    carried = [Sealed(raw, ted.over(hashlib.sha256(raw[8:]).digest(), 2)) for raw in bent]
    for at in range(0, len(carried), 100):
        with ted.enter() as wire:
            wire.page(carried[at : at + 100])
    for replica in stage.honest:
        stage.handed(replica, *carried)
    stage.settle_votes_of(ted)


@plays("M9", "H7")
def test_orphans_without_end_are_not_kept_without_end(stage: Stage) -> None:
    """Changes on ancestors that will never come: some may wait, they take room in nobody's file."""
    ted = stage.attacker()
    ted.pull()
    lost = ted.chain(1)
    orphans = ted.chain(1_200)
    size = len(stage.relay_file())
    refused = 0
    for at in range(0, len(orphans), 300):
        with ted.enter() as wire:
            wire.page([ted.sealed(change) for change in orphans[at : at + 300]])
            refused += len(wire.refused)
    assert refused >= len(orphans) - 4 * DEFAULT.orphans_per_peer
    assert len(stage.relay_file()) - size < 100_000
    for replica in stage.honest:
        stage.handed(replica, *(ted.sealed(change) for change in orphans[:300]))
        assert orphans[0].hash not in replica.heads()
    assert lost


@plays("M10")
@pytest.mark.parametrize(
    "text",
    ["\x1b]0;owned\x07\x1b[2J", "\x1b]52;c;cm0gLXJm\x07", "[red]boo[/red]", "a\u0301" + "\u0301" * 5_000,
     "\u202eevil", "x" * 90_000, "\ud7ff\x00\x9b31m", "|" * 5_000 + "\n" * 5_000],
    ids=["title", "clipboard", "markup", "marks", "turned round", "long", "controls", "lines"],
)  # fmt: skip
def test_text_that_plays_tricks_is_shown_as_signs(stage: Stage, text: str) -> None:
    ted = stage.attacker()
    ted.pull()
    said = ted.make(
        ted.moot.saying(ted.machine, "profile", "me", {"name": text}),
        ted.moot.saying(ted.machine, "comment", f"{stage.issue}/01J8ZQ6T3KDWM0000000000000", {"text": text}),
    )
    assert ted.push(ted.sealed(said)) == []
    stage.meet()
    for replica in stage.honest:
        (label,) = [m.label for m in members(replica.reader(), replica.me) if m.key == ted.key]
        assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 or sign == "\u202e" for sign in label)
