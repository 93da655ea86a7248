"""A document is the same however it was built, and says so where it is not what it should be."""

from __future__ import annotations

from pathlib import Path

import pytest

from moot_client.replica.commands import Create, Edit
from moot_client.replica.replica import Replica
from moot_client.store import changes
from moot_shared.document import BrokenDocument, Document
from moot_shared.document import Edit as Change
from tests.helpers import cohort


@pytest.fixture
def mara(tmp_path: Path) -> Replica:
    """A member with some issues, votes and rewritten words."""
    mara = cohort.founder(tmp_path)
    keys = [
        cohort.issue(mara, f"Handover loses fact {number}", body="First\n\nSecond") for number in range(70)
    ]  # more than go into one call
    for number, key in enumerate(keys):
        cohort.vote(mara, key, number % 2)
    mara.do(Edit(keys[0], {"body": "First, again\n\nSecond"}))
    return mara


def chunks_of(replica: Replica) -> list[bytes]:
    return list(changes.chunks(replica.reader()))


def one_by_one(replica: Replica) -> Document:
    document = Document(replica.actor)
    for chunk in chunks_of(replica):
        document.apply([chunk])
    return document


def apply_and_look(document: Document, chunks: list[bytes], heads: tuple[bytes, ...]) -> None:
    document.apply(chunks)
    document.expect(heads)


def next_change(replica: Replica, document: Document) -> bytes | None:
    """What the document makes of something new."""
    said = replica._writer.history.said_id

    def write(change: Change) -> None:
        change.put(said, f"{replica.me}/profile/me", '{"name":"M."}')

    return document.edit(write)


def test_a_document_built_by_the_page_goes_on_as_one_that_was_built_bit_by_bit(mara: Replica) -> None:
    together, slowly = Document(mara.actor), one_by_one(mara)
    together.apply(chunks_of(mara))
    assert together.heads() == slowly.heads() == mara.heads()
    made = next_change(mara, slowly)
    assert made
    assert next_change(mara, together) == made
    mara.close()


@pytest.mark.parametrize("at", [0, 60, -1])
def test_a_damaged_change_is_found_out_wherever_it_stands(mara: Replica, at: int) -> None:
    chunks = chunks_of(mara)
    chunks[at] = chunks[at][:-1] + bytes([chunks[at][-1] ^ 1])
    document = Document(mara.actor)
    with pytest.raises(BrokenDocument):
        apply_and_look(document, chunks, mara.heads())
    mara.close()


def test_a_command_that_runs_by_itself_writes_as_any_other_does(mara: Replica) -> None:
    mara.close()
    alone = Replica.open(mara.place)
    key = alone.do(Create("issue", {"title": "Said by itself"}))
    alone.close()
    after = Replica.open(mara.place)
    assert cohort.values(after, key)["title"] == "Said by itself"
    assert after.become_writer()
    assert after._writer.document.heads() == after.heads()
    after.close()
