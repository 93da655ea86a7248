"""Seals are kept one of each author in a window of changes, and every page still ends with all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_server.storage.sqlite import SqliteStore
from moot_shared.trust.facts import facts_of
from moot_shared.trust.seal import WINDOW
from moot_shared.wire import pages
from moot_shared.wire.pages import pack
from tests.helpers.cohort import Cohort, carry, issue, vote
from tests.helpers.community import Community, person

pytestmark = pytest.mark.slow


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[list[Replica]]:
    """Two members who wrote in turns, each change carried on at once."""
    with Cohort(tmp_path, 2) as replicas:
        mara, joon = replicas
        key = issue(mara)
        carry(mara, joon)
        for number in range(2 * WINDOW):
            writer, reader = (mara, joon) if number % 2 else (joon, mara)
            vote(writer, key, 1 + number // 2 % 3, str(number))
            carry(writer, reader)
        yield replicas


def seals(replica: Replica, other: Replica) -> int:
    """How many seals of another member are kept."""
    query = "SELECT count(seal) FROM change WHERE substr(actor, 1, 32) = ?"
    return int(replica.store.read(query, (other.identity.public_key,))[0][0])


def test_of_others_one_seal_a_window_is_kept_and_mine_until_the_relay_has_them(busy: list[Replica]) -> None:
    mara, joon = busy
    written = joon.version()[joon.actor][0]
    assert written > WINDOW
    assert seals(mara, joon) <= 2 + WINDOW // 2
    assert seals(joon, joon) == written
    assert verify(mara.store, mara.community).good
    assert verify(joon.store, joon.community).good


def test_a_store_with_thinned_seals_serves_a_newcomer_in_pages_that_end_with_everybodys(
    busy: list[Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, _ = busy
    monkeypatch.setattr(pages, "CHANGES", WINDOW)
    packed = list(pack(mara.lacking({})))
    assert sum(len(page.names) for page in packed) == len(mara._writer.history)
    assert sum(page.more for page in packed) <= len(packed) // 2
    assert not packed[-1].more


def test_once_the_relay_has_stored_mine_they_are_thinned_too(busy: list[Replica]) -> None:
    mara, joon = busy
    before = seals(joon, joon)
    joon.note_stored({joon.actor: joon.version()[joon.actor][0]}, 1)
    key = issue(joon)
    for number in range(2 * WINDOW):
        vote(joon, key, 1 + number % 3, str(number))
        joon.note_stored({joon.actor: joon.version()[joon.actor][0]}, 1)
    assert seals(joon, joon) < before + 2 * WINDOW
    carry(joon, mara)
    assert verify(joon.store, joon.community).good


def test_a_relay_thins_its_log_in_the_same_way(tmp_path: Path) -> None:
    made = Community()
    ann, bob = made.member("ann"), made.member("bob")
    store = SqliteStore(tmp_path / "relay.db")
    for number in range(3 * WINDOW):
        who = (ann, bob, person("founder"))[number % 3]
        made.say(who, "vote", str(number))
    with store.transaction():
        for entry in made.history.missing_from({}):
            change = made.history.change(entry.hash)
            store.add_change(made.id, change, b"s" * 64, facts_of(change))
    kept = [
        position
        for position, entry in enumerate(store.entries(made.id), 1)
        if store.row(made.id, entry.hash).seal is not None
    ]
    whole = len(made.history) // WINDOW * WINDOW
    assert all(
        sum(start < place <= start + WINDOW for place in kept) <= 5 for start in range(0, whole, WINDOW)
    )
    last = {entry.actor: position for position, entry in enumerate(store.entries(made.id), 1)}
    assert set(last.values()) <= set(kept)
    store.close()
