"""What a relay says again with every new connection is not written again: each write waits for the disk."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.cohort import Cohort, issue, settle


def test_a_receipt_that_is_known_and_a_claim_that_says_nothing_new_are_not_written(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        issue(joon)
        settle(mara, joon)
        word, through = joon.receipt(5), {actor: seq for actor, (seq, _) in mara.version().items()}
        assert mara.note_receipts([word])
        mara.note_stored(through, 7)
        before = mara.revision()
        assert not mara.note_receipts([word])
        mara.note_stored(through, 9)
        mara.forget_stored(through)
        assert mara.revision() == before
        assert mara.note_receipts([joon.receipt(6)])
        mara.forget_stored(dict.fromkeys(through, 1))
        assert mara.revision() != before
        assert set(mara.store.read("SELECT seq, at FROM stored")) == {(1, 7)}
