"""Members with a JavaScript client: what they write in good faith is never refused."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Edit
from moot_client.replica.founding import prepare_join
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_shared.format.change import Action, Change
from moot_shared.trust.admission import admit
from moot_shared.trust.history import History
from moot_shared.trust.seal import Sealed
from tests.helpers.cohort import RELAY, outside, paragraphs
from tests.helpers.javascript import Written, community


@pytest.fixture
def written() -> Written:
    return community()


def admitted(changes: list[Change], written: Written) -> History:
    """A history after every one of these was let in, each under its author's seal."""
    chunks: dict[bytes, bytes] = {}
    history = History(chunks.__getitem__)
    for change in changes:
        admit(change, history, seal=written.seal(change), seal_needed=True)
        chunks[change.hash] = change.raw
        history.add(change)
    return history


def shuffled(changes: list[Change], dice: random.Random) -> list[Change]:
    """Another order in which each change comes after those that it was made on."""
    waiting, here, order = list(changes), set[bytes](), list[Change]()
    while waiting:
        ready = [change for change in waiting if here.issuperset(change.deps)]
        order.append(dice.choice(ready))
        here.add(order[-1].hash)
        waiting.remove(order[-1])
    return order


def test_everything_that_they_write_is_admitted(written: Written) -> None:
    assert len(written.changes) > 200
    assert {change.author for change in written.changes} == {
        written.identities[name].public_key for name in ("Mara", "Joon", "Ines")
    }
    assert set(admitted(written.everything, written).heads()) == written.heads


@pytest.mark.parametrize("seed", range(3))
def test_it_is_admitted_in_whatever_order_it_comes(written: Written, seed: int) -> None:
    order = shuffled(written.everything, random.Random(seed))
    assert set(admitted(order, written).heads()) == written.heads


def test_they_did_everything_that_members_do(written: Written) -> None:
    operations = [operation for change in written.changes for operation in change.operations]
    assert {operation.action for operation in operations} == {
        Action.MAKE_MAP, Action.MAKE_LIST, Action.PUT, Action.DELETE,
    }  # fmt: skip
    assert any(len(operation.pred) > 1 for operation in operations)
    assert any(len(change.deps) > 1 for change in written.changes)
    assert any(change.message for change in written.changes)


@pytest.mark.parametrize("place", ["record", "statement", "paragraph"])
def test_whoever_writes_the_value_that_won_already_is_not_refused(written: Written, place: str) -> None:
    """JavaScript (and newer cores of the binding) write that as a deletion of the values that lost."""
    *_, choice = written.settling[place]
    assert [operation.action for operation in choice.operations] == [Action.DELETE]
    admitted([*written.everything, *written.settling[place]], written)


@pytest.fixture
def tariq(tmp_path: Path, written: Written) -> Iterator[Replica]:
    """A member's own replica, on a machine that is new to the community."""
    around = outside(99)
    place = prepare_join(
        Home(tmp_path), written.community, written.identities["Tariq"], "Tariq", "North", RELAY, around
    )
    replica = Replica.open(place, around)
    yield replica
    replica.close()


def receive(replica: Replica, written: Written) -> None:
    """Bring everything, a page at a time."""
    batch = [Sealed(change.raw, written.seal(change)) for change in written.everything]
    for start in range(0, len(batch), 60):
        assert not replica.receive(batch[start : start + 60]).refused


def shown(replica: Replica) -> dict[str, dict[str, Any]]:
    """Records as a replica's rows say, prose as lists of paragraphs; without times, which stand elsewhere."""
    rows = replica.reader().execute("SELECT key, value FROM record").fetchall()
    return {
        key: {n: [p[1] for p in v] if isinstance(v, list) else v for n, v in json.loads(value).items()}
        for key, value in rows
    }


@pytest.mark.slow
def test_a_replica_shows_what_javascript_shows(tariq: Replica, written: Written) -> None:
    receive(tariq, written)
    theirs = {key: {n: v for n, v in record.items() if n != "at"} for key, record in written.records.items()}
    assert shown(tariq) == theirs
    said = dict(tariq.reader().execute("SELECT key, value FROM statement").fetchall())
    assert {key: json.loads(value) for key, value in said.items()} == {
        key: json.loads(value) for key, value in written.said.items()
    }
    assert set(tariq.heads()) == written.heads
    assert verify(tariq.store, tariq.community).troubles == ()


@pytest.mark.slow
def test_a_replica_goes_on_from_what_they_wrote(tariq: Replica, written: Written) -> None:
    receive(tariq, written)
    key = next(key for key, record in written.records.items() if record.get("body"))
    before = [text for _, text, *_ in paragraphs(tariq, key, "body")]
    tariq.do(Edit(key, {"body": "\n\n".join([*before[:-1], "As we see it now."])}))
    assert [text for _, text, *_ in paragraphs(tariq, key, "body")] == [*before[:-1], "As we see it now."]
    assert verify(tariq.store, tariq.community).troubles == ()
