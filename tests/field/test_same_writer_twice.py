"""Two wrote under one name, and everybody was stuck for ever.

What happened there: a client kept one stable actor id; it was restored from a backup (or open twice), said
something else under a number that was taken, and from then on every sync failed in the same way, on both
sides, without a word to anybody - all later work included
(https://github.com/quarto-dev/q2/pull/689; the same class of failure in the library beneath:
https://github.com/automerge/automerge-classic/issues/145).

What must hold here: whoever goes on from a copy goes on under another name; what was said before and what
was said from the copy both stand, on every machine; nobody is accused of it; and however often it happens,
every conversation ends.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.replica import Replica
from moot_client.sync.events import RefusedOwn
from moot_client.views.forks import forks
from moot_client.views.people import people
from tests.field.stage import all_the_same, converse, meet, titles
from tests.helpers.cohort import issue, outside, vote
from tests.helpers.network import Client, Relay


def nobody_is_accused(*replicas: Replica) -> None:
    """Nothing is shown as said twice."""
    for replica in replicas:
        db = replica.reader()
        assert not list(forks(db, people(db, replica.me), replica.me))


def test_a_folder_that_is_restored_again_and_again_goes_on_under_new_names(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    mara, joon, ines = cohort
    meet(relay, joon)
    backup = tmp_path / "backup"
    joon.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(joon.place.folder.parents[1], backup)
    issue(joon, "Before the disk died")
    meet(relay, joon)
    machine, names = joon, {joon.actor}
    for turn in range(3):
        machine.close()
        home = tmp_path / f"restored {turn}"
        shutil.copytree(backup, home)
        machine = Replica.open(Home(home).place(), outside(300 + turn))
        key = issue(machine, f"From the copy {turn}, before its first sync")
        vote(machine, key, 2)
        names.add(machine.actor)
        client = Client(machine, relay)
        assert converse(client) < 30
        assert client.trouble is None
        assert client.settled()
        assert not client.said(RefusedOwn)
        client.socket.close()
        issue(machine, f"And after {turn}")
        meet(relay, machine)
    assert len(names) == 4, "a name for each copy"
    for other in (mara, ines):
        meet(relay, other)
    assert titles(mara) == sorted(
        ["Before the disk died"]
        + [f"From the copy {turn}, before its first sync" for turn in range(3)]
        + [f"And after {turn}" for turn in range(3)]
    )
    all_the_same(mara, ines, machine)
    nobody_is_accused(mara, ines, machine)
    machine.close()


@pytest.mark.parametrize("written", [1, 2, 5])
def test_a_whole_disk_that_was_rolled_back_is_put_right_by_the_relays_word(
    cohort: list[Replica], relay: Relay, written: int
) -> None:
    """Nothing on the machine tells: the same file, the same counter. It writes less, as much, and more."""
    mara, joon, ines = cohort
    meet(relay, joon)
    joon.close()
    before = {path: path.read_bytes() for path in joon.place.folder.iterdir()}
    joon = Replica.open(joon.place, outside(310))
    for number in range(2):
        issue(joon, f"Lost here, known to the relay {number}")
    meet(relay, joon, ines)
    joon.close()
    for path in list(joon.place.folder.iterdir()):
        path.write_bytes(before[path]) if path in before else path.unlink()
    joon = Replica.open(joon.place, outside(311))
    actor = joon.actor
    for number in range(written):
        issue(joon, f"Said at the same place {number}")
    assert joon.actor == actor, "it cannot know yet"
    client = Client(joon, relay)
    assert converse(client) < 30
    assert client.trouble is None
    assert client.settled()
    assert joon.actor != actor
    client.socket.close()
    issue(joon, "And it goes on")
    meet(relay, joon, mara, ines)
    meet(relay, joon, mara, ines)
    assert len(titles(mara)) == 2 + written + 1
    all_the_same(mara, joon, ines)
    nobody_is_accused(mara, joon, ines)
    joon.close()


def test_two_that_are_open_at_once_write_through_one_of_them(cohort: list[Replica], relay: Relay) -> None:
    """Two windows on one folder: there is one writer, so no number is given twice."""
    mara, joon, _ = cohort
    joon.become_writer()
    window = Replica.open(joon.place, outside(320))
    assert not window.become_writer()
    assert window.actor == joon.actor
    issue(joon, "In the one")
    joon.close()
    issue(window, "In the other")
    meet(relay, window)
    meet(relay, mara)
    assert titles(mara) == ["In the one", "In the other"]
    all_the_same(mara, window)
    window.close()
