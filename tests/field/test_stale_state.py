"""What one side remembered of the other was out of date, and they talked for ever (automerge-repo).

What happened there: an answer of the server was lost, the client connected again, and the server still
believed that it had sent its changes; the client asked for them, the server answered with nothing, and so
on without an end (https://github.com/automerge/automerge-repo/pull/206). The same loop began when one side
had lost all its data and the other one remembered what it used to have
(https://github.com/automerge/automerge-classic/issues/364), and when one message was lost on the way
(https://github.com/automerge/automerge/issues/1284).

What must hold here: what a side knows of the other lives as long as a connection, and every conversation
ends - wherever the last one was cut, whoever has not noticed it, and whoever has lost what.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.founding import prepare_join
from moot_client.replica.replica import Replica
from moot_shared.wire import pages
from tests.field.stage import all_the_same, converse, meet, titles, wipe
from tests.helpers.cohort import RELAY, issue, outside, vote
from tests.helpers.network import Client, Relay, credentials_of_a_host


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that there is something to lose between two of them."""
    monkeypatch.setattr(pages, "CHANGES", 2)


def apart(mara: Replica, joon: Replica, relay: Relay, words: str) -> None:
    """The relay has what Joon has not, and Joon what it has not."""
    key = issue(mara, f"Mara's {words}")
    vote(mara, key, 2)
    meet(relay, mara)
    key = issue(joon, f"Joon's {words}")
    vote(joon, key, 3)


@pytest.mark.slow
def test_whoever_comes_back_while_the_relay_thinks_they_are_still_there_is_sent_everything(
    cohort: list[Replica], relay: Relay
) -> None:
    """The old connection is half open: all that was sent into it is lost, and nobody has told the relay."""
    mara, joon, _ = cohort
    for lost_after in range(14):
        apart(mara, joon, relay, str(lost_after))
        gone = Client(joon, relay)
        for step in range(lost_after):
            gone.send_one() if step % 2 else gone.receive_one()
        while gone.send_one():  # it goes on talking, and hears nothing
            pass
        assert meet(relay, joon) < 40
    meet(relay, mara)
    all_the_same(mara, joon)


@pytest.mark.slow
def test_a_frame_that_never_arrives_is_no_reason_to_be_called_done_or_to_go_on_for_ever(
    cohort: list[Replica], relay: Relay
) -> None:
    """No TCP connection does this; a proxy in between once did."""
    mara, joon, _ = cohort
    for lost in range(12):
        apart(mara, joon, relay, str(lost))
        client = Client(joon, relay)
        _lose(client, lost)
        converse(client)
        whole = set(titles(mara)) <= set(titles(joon)) and not lacks(relay, joon)
        assert whole or not client.settled() or client.trouble
        client.socket.close()
        meet(relay, joon)
    meet(relay, mara)
    all_the_same(mara, joon)


def _lose(client: Client, number: int) -> None:
    """Of what the relay sends, this frame does not arrive."""
    take, count = client.socket.take, itertools.count()

    def without() -> bytes | None:
        frame = take()
        return take() if frame is not None and next(count) == number else frame

    client.socket.take = without  # type: ignore[method-assign]


def lacks(relay: Relay, replica: Replica) -> bool:
    """Whether the relay lacks something of what is here."""
    here = {entry.hash for entry in replica._writer.history.missing_from({})}
    return bool(here - {entry.hash for entry in relay.store.entries(replica.community)})


def test_a_relay_that_lost_all_it_had_while_everybody_remembers_it_is_filled_again(
    cohort: list[Replica], relay: Relay
) -> None:
    mara, joon, ines = cohort
    apart(mara, joon, relay, "before")
    meet(relay, mara, joon)
    wipe(relay)
    assert meet(relay, joon, credentials=credentials_of_a_host()) < 60
    assert meet(relay, mara) < 20
    assert meet(relay, ines) < 20
    all_the_same(mara, joon, ines)


def test_a_machine_that_lost_all_it_had_while_the_relay_remembers_it_gets_it_back(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    """Once with the machine's folder lost whole, once with nothing but its key left."""
    mara, joon, _ = cohort
    apart(mara, joon, relay, "before")
    meet(relay, mara, joon)
    joon.close()
    shutil.rmtree(joon.place.folder)
    place = prepare_join(
        Home(tmp_path / "again"), joon.community, joon.identity, "Joon", "x", RELAY, outside(70)
    )
    again = Replica.open(place, outside(71))
    assert meet(relay, again) < 40
    all_the_same(mara, again)
    issue(again, "And it goes on")
    meet(relay, again, mara)
    all_the_same(mara, again)
    again.close()
    for path in _store_of(again):
        path.unlink()
    bare = Replica.open(place, outside(72))
    assert meet(relay, bare) < 40
    all_the_same(mara, bare)
    bare.close()


def _store_of(replica: Replica) -> Iterator[Path]:
    yield from replica.place.folder.glob("store.db*")
    yield replica.place.folder / "opened"
