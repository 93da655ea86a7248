"""Bytes that are no change, in one batch with changes: they are refused, and nothing else with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.replica.replica import Replica
from moot_shared.format.change import decode_change
from moot_shared.trust.seal import Sealed, seal_message
from tests.helpers.cohort import Cohort, issue, vote
from tests.helpers.encoding import chunk, encode_change


@pytest.fixture
def cohort(tmp_path: Path) -> Iterator[list[Replica]]:
    with Cohort(tmp_path, 2) as replicas:
        yield replicas


@pytest.mark.parametrize(
    "unreadable", [b"", chunk(b"\xff"), chunk(b"\0" * 50), b"\x85\x6f\x4a\x83 and so on"]
)
def test_a_chunk_that_cannot_be_read_beside_a_fork_ends_nothing(
    cohort: list[Replica], unreadable: bytes
) -> None:
    mara, joon = cohort
    forked = _another_last_word(joon)
    key = issue(joon)
    vote(joon, key, 3)
    received = mara.receive([forked, Sealed(unreadable, None), *joon.lacking(mara.version())])
    assert received.new == 2
    assert {no.code for no in received.refused} == {"fork", "format"}


def _another_last_word(replica: Replica) -> Sealed:
    """What this member's machine says a second time, otherwise, at the place of its last change."""
    (sealed,) = [
        s for s in replica.lacking({}) if decode_change(s.chunk).hash == replica.version()[replica.actor][1]
    ]
    change = decode_change(sealed.chunk)
    raw = encode_change(
        change.operations,
        actor=change.actor,
        seq=change.seq,
        start_op=change.start_op,
        deps=change.deps,
        time=1,
    )
    other = decode_change(raw)
    message = seal_message(replica.community, other.actor, other.seq, other.hash)
    return Sealed(raw, replica.identity.sign(message))
