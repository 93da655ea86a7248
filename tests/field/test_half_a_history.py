"""A new machine got half of the history, and nobody said so (Atuin).

What happened there: a third machine was set up and had a large part missing, though it had 'synced'
(https://github.com/atuinsh/atuin/issues/1949); a page that was full to the last place made the next record
be skipped (https://github.com/atuinsh/atuin/pull/3913); a first sync broke off because the disk was full,
and from then on only what was new came, with everything looking consistent
(https://github.com/atuinsh/atuin/issues/2879); and as long as 'what is new' was asked by the clock, what
came from a machine with another clock was passed over (https://github.com/atuinsh/atuin/issues/226).

What must hold here: whatever breaks off where, the next exchange brings the rest; pages may be full to the
last place; no clock is asked; and 'everything has arrived' is said when it has.
"""

from __future__ import annotations

import itertools
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import MakeInvite
from moot_client.replica.founding import prepare_join
from moot_client.replica.outside import Outside
from moot_client.replica.replica import Replica
from moot_client.sync.credentials import Credentials
from moot_shared.errors import MootError, StorageError
from moot_shared.identity import Identity
from moot_shared.trust.lines import InviteLine, parse_line
from moot_shared.wire import pages
from tests.field.stage import all_the_same, converse, meet, titles
from tests.helpers.cohort import RELAY, issue, outside, vote
from tests.helpers.network import Client, Relay
from tests.simulation.disk import Loss, VirtualDisk
from tests.simulation.process import Process


def second_machine(folder: Path, of: Replica, seed: int, around: Outside | None = None) -> Replica:
    """An empty home with nothing in it but the member's key, as a device line brings it."""
    around = around or outside(seed)
    home = Home(folder, around.disk.files)
    place = prepare_join(home, of.community, of.identity, "", "x", RELAY, around)
    return Replica.open(place, around)


def newcomer(folder: Path, line: str, seed: int) -> tuple[Replica, Credentials]:
    """Somebody with an invite and an empty home."""
    known = parse_line(line)
    assert isinstance(known, InviteLine)
    around = outside(seed)
    who = Identity.generate(around.random)
    place = prepare_join(Home(folder), known.community, who, f"Nr {seed}", "x", RELAY, around)
    return Replica.open(place, around), Credentials("invite", Identity.from_seed(known.secret))


def history(mara: Replica, relay: Relay, size: int) -> None:
    """So many changes in all, on the relay."""
    number = itertools.count()
    while sum(1 for _ in mara.lacking({})) < size:
        issue(mara, f"Number {next(number)}")
    meet(relay, mara)


@pytest.mark.slow
@pytest.mark.parametrize("size", [19, 20, 21])
def test_pages_that_are_full_to_the_last_place_skip_nothing(
    cohort: list[Replica], relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """A history of just as much as fits into some pages, one less, and one more; up and down."""
    mara = cohort[0]
    for room in (4, 5, 10):
        monkeypatch.setattr(pages, "CHANGES", room)
        history(mara, relay, size)
        second = second_machine(tmp_path / str(room), mara, 70 + room)
        meet(relay, second)
        all_the_same(mara, second)
        second.close()


@pytest.mark.slow
def test_a_second_machine_whose_first_sync_breaks_off_anywhere_gets_the_rest_with_the_next(
    cohort: list[Replica], relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara = cohort[0]
    monkeypatch.setattr(pages, "CHANGES", 3)
    history(mara, relay, 20)
    for cut_after in range(1, 16, 3):
        second = second_machine(tmp_path / str(cut_after), mara, 100 + cut_after)
        client = Client(second, relay)
        for _ in range(cut_after):
            while client.send_one():
                pass
            assert not client.settled() or titles(second) == titles(mara), "it is done when it has everything"
            client.receive_one()
        client.socket.close()
        second.close()
        again = Replica.open(second.place, outside(200 + cut_after))
        meet(relay, again)
        all_the_same(mara, again)
        again.close()


@pytest.mark.slow
def test_a_newcomer_whose_first_sync_breaks_off_anywhere_joins_with_the_next_and_has_everything(
    cohort: list[Replica], relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara = cohort[0]
    mara.set_relay_url(RELAY)
    monkeypatch.setattr(pages, "CHANGES", 3)
    line = mara.do(MakeInvite(uses=None))
    history(mara, relay, 20)
    for cut_after in range(1, 18, 4):
        tariq, invited = newcomer(tmp_path / str(cut_after), line, 100 + cut_after)
        client = Client(tariq, relay, invited)
        for _ in range(cut_after):
            client.send_one()
            client.receive_one()
        assert not client.settled() or tariq.joined()
        client.socket.close()
        meet(relay, tariq, credentials=invited)
        assert tariq.joined()
        meet(relay, mara)
        all_the_same(mara, tariq)
        tariq.close()


@pytest.mark.slow
def test_a_disk_that_fills_up_during_the_first_sync_costs_nothing_once_there_is_room(
    cohort: list[Replica], relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara = cohort[0]
    monkeypatch.setattr(pages, "CHANGES", 3)
    history(mara, relay, 18)
    for number, step in enumerate(range(20, 1_000, 83)):
        disk = VirtualDisk(tmp_path / str(step), seed=step)
        disk.full_from(step, wholly=bool(number % 2))
        try:
            second = second_machine(disk.root, mara, step, _on(disk, step))
            client = Client(second, relay)
            converse(client)
            whole = client.settled()
        except StorageError:
            whole = False
        disk.lose_power(Loss.UNSYNCED)
        disk.mend()
        again = second_machine(disk.root, mara, step + 1, _on(disk, step + 1))
        assert not whole or titles(again) == titles(mara)
        meet(relay, again)
        all_the_same(mara, again)
        disk.kill_all()
        if whole:
            break
    else:
        pytest.fail("no first sync was let through")


def _on(disk: VirtualDisk, seed: int) -> Outside:
    return replace(outside(seed), disk=Process(disk).hands)


@pytest.mark.parametrize("wrong_by", [-(10**11), 10**11])
def test_a_clock_that_is_years_off_hides_nothing_from_anybody(
    cohort: list[Replica], relay: Relay, tmp_path: Path, wrong_by: int
) -> None:
    """The writer's, then the reader's, then the relay's."""
    mara, joon, ines = cohort
    meet(relay, ines)
    joon.outside = replace(joon.outside, now=lambda: 1_760_000_000_000 + wrong_by)
    key = issue(joon, "From another time")
    vote(joon, key, 2)
    meet(relay, joon)
    issue(mara, "From now")
    meet(relay, mara)
    relay.now += min(wrong_by, 10**11)
    meet(relay, ines)
    second = second_machine(tmp_path / "second", ines, 70)
    second.outside = replace(second.outside, now=lambda: 1_760_000_000_000 - wrong_by)
    meet(relay, second)
    meet(relay, joon)
    all_the_same(mara, joon, ines, second)
    second.close()


def test_a_relay_that_lacks_the_middle_is_filled_by_whoever_has_it_and_nobody_is_left_with_a_hole(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    """It is put back from an older copy, and the first who comes has built on what it lost."""
    mara, joon, ines = cohort
    relay.crash()
    shutil.copy(relay.folder / "relay.db", tmp_path / "older.db")
    relay.start()
    key = issue(mara, "In the middle")
    meet(relay, mara, joon)
    vote(joon, key, 3)  # on top of what the relay is about to lose
    relay.crash()
    for name in ("relay.db", "relay.db-wal", "relay.db-shm"):
        (relay.folder / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "older.db", relay.folder / "relay.db")
    relay.start()
    early = second_machine(tmp_path / "early", ines, 70)
    meet(relay, early)
    assert titles(early) == []
    meet(relay, joon)  # he brings Mara's as well
    late = second_machine(tmp_path / "late", ines, 71)
    meet(relay, late, early, ines)
    meet(relay, mara)
    all_the_same(mara, joon, ines, early, late)
    for replica in (early, late):
        replica.close()


def test_a_relay_whose_file_has_a_hole_gives_nobody_a_part_and_says_what_is_the_matter(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    mara, joon, ines = cohort
    key = issue(mara, "In the middle")
    lost = mara.version()[mara.actor][1]
    vote(mara, key, 3)
    meet(relay, mara)
    relay.store._db.execute("DELETE FROM change WHERE hash = ?", (lost,))
    relay.crash()
    relay.start()
    second = second_machine(tmp_path / "second", ines, 70)
    for replica in (second, joon, mara):
        client = Client(replica, relay)
        converse(client)
        assert isinstance(client.trouble, MootError)
        assert "safe on this machine" in str(client.trouble)
        assert not client.settled()
    assert titles(second) == []
    second.close()
