"""What was saved bit by bit was overwritten by what was saved next (automerge-repo).

What happened there: after a document was loaded its increments were counted from nought again, so that the
next one was written over the first (https://github.com/automerge/automerge-repo/pull/46). Where a snapshot
takes the place of increments, a process that ended between the two steps left a state in which the next
one removed the snapshot itself (https://github.com/alexjg/samod/pull/19,
https://github.com/alexjg/samod/issues/7).

What must hold here: a change that is on disk is never written again and never removed, whoever opens the
file how often, in which process, and wherever one of them was killed; and no copy that was put aside is
written over by the next one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Say
from moot_client.replica.founding import found_community
from moot_client.replica.outside import Outside
from moot_client.replica.replica import Replica
from moot_client.store import rescue
from tests.field.stage import all_the_same, changes, meet, titles
from tests.helpers.cohort import Clock, issue, outside, vote
from tests.helpers.network import Relay
from tests.simulation.disk import Loss, VirtualDisk
from tests.simulation.process import Process


def grew(before: dict[bytes, bytes], after: dict[bytes, bytes]) -> None:
    """All that was there is there still, byte for byte, and more."""
    assert before.items() < after.items()


def test_opening_a_community_again_and_again_only_adds_to_it(cohort: list[Replica]) -> None:
    """Two processes take turns, and once one of them is let in while the other still has it open."""
    mara, store = cohort[0], cohort[0].place.store
    mara.become_writer()
    here, actors = changes(store), {mara.actor}
    mara.close()
    for turn in range(6):
        replica = Replica.open(mara.place, outside(turn))
        key = issue(replica, f"Turn {turn}")
        grew(here, here := changes(store))
        second = Replica.open(mara.place, outside(turn))
        assert not second.become_writer()
        replica.close()
        vote(second, key, 2)  # it takes over
        grew(here, here := changes(store))
        actors.add(second.actor)
        second.close()
    assert len(actors) == 1, "it is the same file all along, and the same writer"
    replica = Replica.open(mara.place, outside(9))
    assert titles(replica) == [f"Turn {turn}" for turn in range(6)]
    all_the_same(replica)
    replica.close()


@pytest.mark.parametrize("loss", list(Loss))
def test_a_process_that_is_killed_between_any_two_writes_is_followed_by_one_that_adds(
    tmp_path: Path, loss: Loss
) -> None:
    disk, clock = VirtualDisk(tmp_path / "disk", seed=3), Clock()
    process = Process(disk)
    around = Outside(clock, outside(1).random, process.hands)
    place = found_community(Home(disk.root / "home", process), "Northern cohort", "Mara", outside=around)
    here = changes(place.store)
    for turn in range(5):
        process = Process(disk)
        replica = Replica.open(place, Outside(clock, outside(10 + turn).random, process.hands))
        key = issue(replica, f"Turn {turn}")
        vote(replica, key, 1)
        disk.lose_power(loss)  # nothing was closed; what was answered is on disk
        grew(here, here := changes(place.store))
    replica = Replica.open(place, outside(20))
    assert titles(replica) == [f"Turn {turn}" for turn in range(5)]
    all_the_same(replica)
    replica.close()


def test_a_relay_that_begins_again_between_any_two_pages_only_adds(
    cohort: list[Replica], relay: Relay
) -> None:
    file = relay.folder / "relay.db"
    here = changes(file)
    for turn in range(6):
        writer = cohort[turn % 3]
        issue(writer, f"Turn {turn}")
        meet(relay, writer)
        relay.crash()
        grew(here, here := changes(file))
        relay.start()
    meet(relay, *cohort)
    meet(relay, *cohort)
    all_the_same(*cohort)


def test_a_second_rescue_leaves_the_first_copy_alone(cohort: list[Replica]) -> None:
    mara = cohort[0]
    key = issue(mara, "Kept")
    here = changes(mara.place.store)
    aside: dict[Path, bytes] = {}
    for turn in range(3):
        mara.close()
        rescue.suspect(mara.place.store)
        mara = Replica.open(mara.place, outside(30 + turn))
        assert "damaged" in mara.notice
        copies = {path: path.read_bytes() for path in mara.place.folder.glob("store.db.damaged-?")}
        assert len(copies) == turn + 1
        assert aside.items() <= copies.items()
        aside = copies
        mara.do(Say("comment", f"{key}/", {"text": f"After rescue {turn}."}))
        grew(here, here := changes(mara.place.store))
    all_the_same(mara)
    mara.close()
