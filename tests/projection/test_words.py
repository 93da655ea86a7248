"""Search knows the kinds and fields of the Moot that opens the file, not of the one that wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from moot_client.replica.commands import Create
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_client.store.store import Store
from moot_shared.errors import StorageError
from moot_shared.kinds import RECORDS, Record
from moot_shared.kinds.fields import Line, Prose
from tests.helpers.cohort import Cohort, founder, outside, settle


@contextmanager
def newer() -> Iterator[None]:
    """A Moot that knows one kind more."""

    class Offer(Record, name="offer", place="people"):
        """Something that a member can share with others."""

        title = Line("I can share", required=True, search=True)
        about = Prose("More about it", search=True)

    try:
        yield
    finally:
        del RECORDS[Offer.name_of_kind]


def found(replica: Replica, word: str) -> int:
    query = "SELECT count(*) FROM found WHERE found MATCH ?"
    count: int = replica.reader().execute(query, (word,)).fetchone()[0]
    return count


def again(replica: Replica) -> Replica:
    replica.close()
    return Replica.open(replica.place, outside(7))


def test_what_a_newer_moot_wrote_is_found_after_an_update(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        with newer():
            mara.do(Create("offer", {"title": "A clinic", "about": "Cases\n\nof handover"}))
        settle(mara, joon)
        assert found(joon, "clinic") == 0
        with newer():
            joon = again(joon)
            assert (found(joon, "clinic"), found(joon, "handover")) == (1, 1)
            assert verify(joon.store, joon.community).good
        joon = again(joon)  # and back to the older one, which cannot name what it finds
        assert found(joon, "clinic") == 0
        assert verify(joon.store, joon.community).good
        joon.close()


def test_a_disk_without_room_can_be_read_after_an_update(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara = founder(tmp_path)
    mara.do(Create("issue", {"title": "Handover loses facts"}))

    def full(*_: object) -> None:
        raise StorageError("The disk is full.")

    with newer(), monkeypatch.context() as trouble:
        trouble.setattr(Store, "set_own", full)
        mara = again(mara)
        assert found(mara, "handover") == 1
    mara.close()


def test_a_reader_of_another_version_leaves_the_words_to_the_process_that_writes(tmp_path: Path) -> None:
    mara = founder(tmp_path)
    mara.become_writer()
    with newer():
        Replica.open(mara.place, outside(7)).close()
    mara.do(Create("issue", {"title": "Handover loses facts"}))
    assert found(mara, "handover") == 1
    assert verify(mara.store, mara.community).good
    mara.close()
