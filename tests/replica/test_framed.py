"""A relay cannot make somebody out to have forked their history: only what they signed proves that."""

from __future__ import annotations

from pathlib import Path

from moot_client.store import standing
from moot_shared.format.change import decode_change
from moot_shared.trust.seal import Sealed
from tests.helpers.cohort import Cohort, carry, issue, values, vote
from tests.helpers.encoding import encode_change


def test_an_unsigned_change_beside_a_signed_one_withdraws_nothing_and_blames_nobody(tmp_path: Path) -> None:
    with Cohort(tmp_path, 2) as (mara, joon):
        key = issue(joon)
        (honest,) = joon.lacking(mara.version())
        carry(joon, mara)
        change = decode_change(honest.chunk)
        forged = encode_change(
            change.operations,
            actor=change.actor, seq=change.seq, start_op=change.start_op, deps=change.deps, time=1,
        )  # fmt: skip
        vote(joon, key, 3)
        mara.receive([Sealed(forged, None), *joon.lacking(mara.version())], home=True)
        assert values(mara, key)["title"] == "Handover loses facts"
        assert joon.version().items() <= mara.version().items()
        assert standing.count_refused(mara.store, "fork") == 0
