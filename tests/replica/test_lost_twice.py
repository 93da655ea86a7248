"""A member who loses the key twice is one person, whose rows say which key came after which."""

from __future__ import annotations

from pathlib import Path

import pytest

from moot_client.replica.commands import Say
from moot_client.replica.verify import verify
from tests.helpers.cohort import Cohort, carry, issue, joiner, settle, vote


@pytest.mark.slow
def test_the_rows_tell_each_keys_next_one_and_the_later_vote_counts(tmp_path: Path) -> None:
    with Cohort(tmp_path, 3) as (mara, joon, ines):
        key = issue(mara)
        first, second, third = (joiner(tmp_path / f"kim{n}", mara, "Kim", seed=40 + n) for n in range(3))
        for replica, dots in ((first, 3), (second, 1)):
            carry(mara, replica)
            vote(replica, key, dots)
            carry(replica, mara)
        for earlier, later in ((first, second), (second, third)):
            settle(mara, joon, ines, third, second)
            for member in (later, joon, ines):
                member.do(Say("self", f"{earlier.me}/{later.me}", {}))
        settle(mara, joon, ines, third)
        rows = mara.reader().execute("SELECT key, later FROM person").fetchall()
        assert dict(rows) == {first.me: second.me, second.me: third.me}
        assert verify(mara.store, mara.community).good
        for replica in (first, second, third):
            replica.close()
