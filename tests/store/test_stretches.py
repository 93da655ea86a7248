"""The index of changes that is kept beside them: it says what they say, or is not asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_client.store import changes, stretches
from moot_shared.trust.history import Entry
from tests.helpers.cohort import Cohort, carry, founder, issue, vote


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "LENGTH", 4)


@pytest.fixture
def mara(tmp_path: Path) -> Iterator[Replica]:
    replica = founder(tmp_path)
    talk(replica, 6)
    yield replica
    replica.close()


def entries(replica: Replica) -> list[Entry]:
    return list(changes.history(replica.store.db).ancestry.entries)


def as_rows_have_them(replica: Replica) -> list[Entry]:
    """The same, of a store that keeps none of it."""
    db = replica.store.db
    db.execute("BEGIN")
    db.execute("DELETE FROM stretch")
    found = entries(replica)
    db.execute("ROLLBACK")
    return found


def talk(replica: Replica, times: int) -> None:
    for number in range(times):
        vote(replica, issue(replica, f"Handover {number}"), 1)


def stretched(replica: Replica) -> int:
    """How many changes are kept in stretches."""
    return int(replica.store.ask("SELECT coalesce(max(upto), 0) FROM stretch")[0][0])


def test_it_says_what_the_changes_say_wherever_they_came_from(tmp_path: Path) -> None:
    with Cohort(tmp_path, 2) as replicas:
        for replica in replicas:
            talk(replica, 5)
        carry(*replicas)
        carry(*reversed(replicas))
        for replica in replicas:
            assert stretched(replica) == len(entries(replica)) // 4 * 4 > 16
            assert entries(replica) == as_rows_have_them(replica)
            assert verify(replica.store, replica.community).good


def test_what_is_withdrawn_goes_from_it(mara: Replica) -> None:
    middle = mara._writer.history.ancestry.entries[-8]
    mara.note_refused(middle.hash, "statement", "This statement has no proper name.", 0)
    assert middle.hash not in {entry.hash for entry in entries(mara)}
    assert entries(mara) == as_rows_have_them(mara)
    talk(mara, 4)
    assert stretched(mara) == len(entries(mara)) // 4 * 4
    assert entries(mara) == as_rows_have_them(mara)


def test_a_file_of_an_earlier_moot_has_it_with_the_next_full_stretch(mara: Replica) -> None:
    mara.store.put("DELETE FROM stretch", ())
    talk(mara, 4)
    assert stretched(mara) == len(entries(mara)) // 4 * 4
    assert entries(mara) == as_rows_have_them(mara)


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM stretch WHERE upto = 8",
        "DELETE FROM stretch WHERE upto = 4",
        "UPDATE stretch SET seq = substr(seq, 2) WHERE upto = 8",
        "UPDATE stretch SET hashes = zeroblob(128) WHERE upto = (SELECT max(upto) FROM stretch)",
        "UPDATE stretch SET position = 1 WHERE upto = (SELECT max(upto) FROM stretch)",
        "UPDATE stretch SET position = 100000 WHERE upto = (SELECT max(upto) FROM stretch)",
    ],
)
def test_where_it_does_not_fit_the_changes_are_read(mara: Replica, harm: str) -> None:
    expected = as_rows_have_them(mara)
    mara.store.put(harm, ())
    assert entries(mara) == expected


def test_what_does_not_follow_from_the_changes_is_found_and_made_anew(mara: Replica) -> None:
    mara.store.put("UPDATE stretch SET waist = zeroblob(4) WHERE upto = 4", ())
    findings = verify(mara.store, mara.community)
    assert [text for text in findings.troubles if "index" in text]
    with mara.store.lock:
        mara._writer.rebuild()
    assert verify(mara.store, mara.community).good
