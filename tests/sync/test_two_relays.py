"""A community moves from one relay to another, and what each of them has is not the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from moot_client.sync.ways import arrived, ways
from moot_client.views.standing import standing
from tests.helpers.cohort import Cohort, carry, issue, outside, rows
from tests.helpers.network import MEMBER, Client, Relay, credentials_of_a_host, run

OLD, NEW = "old.example", "new.example"


@dataclass
class Two:
    """Two relays; the community is on the old one, which is its home."""

    old: Relay
    new: Relay
    home_is_dead: bool = False

    def visit(self, replica: Replica, name: str, *, hosting: bool = False) -> Client:
        """Exchange everything at one of them, and hang up."""
        relay = self.old if name == OLD else self.new
        farewell = not hosting and replica.relay_url() != f"ws://{name}" and not self.home_is_dead
        how = credentials_of_a_host() if hosting else MEMBER
        client = Client(replica, relay, how, dialled=name, farewell=farewell)
        run(client)
        client.socket.close()
        return client

    def move(self, convenor: Replica, name: str, n: int) -> None:
        """Put the community on a relay, and say so."""
        self.visit(convenor, name, hosting=True)
        convenor.do(Say("relay", "home", {"n": n, "url": f"ws://{name}"}))
        self.visit(convenor, name)


@pytest.fixture
def members(tmp_path: Path) -> Iterator[list[Replica]]:
    with Cohort(tmp_path / "members") as replicas:
        yield replicas


@pytest.fixture
def two(tmp_path: Path, members: list[Replica]) -> Iterator[Two]:
    two = Two(Relay(tmp_path / "old", names=(OLD,)), Relay(tmp_path / "new", names=(NEW,)))
    two.move(members[0], OLD, 1)
    for replica in members:
        two.visit(replica, OLD)
    yield two
    two.old.crash()
    two.new.crash()


@pytest.fixture
def forked(tmp_path: Path, members: list[Replica], two: Two) -> Iterator[Replica]:
    """Joon's folder, put back from a copy past his machine: each relay has another history of his."""
    joon = members[1]
    copy = tmp_path / "copy"
    issue(joon, "Before")
    two.visit(joon, OLD)
    joon.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(joon.place.folder.parents[1], copy)
    (place,) = Home(copy).places()
    twin = Replica.open(place, outside(77))
    twin.become_writer()
    twin.store.set_own("nonce", joon.store.own("nonce"))  # as a whole disk that was rolled back
    yield twin
    twin.close()


def titles(replica: Replica) -> set[str]:
    """Of all issues."""
    return {
        str(json.loads(value).get("title"))
        for (value,) in replica.reader().execute("SELECT value FROM record")
    }


def view(replica: Replica) -> tuple[int, str]:
    found = standing(replica.reader(), replica.me)
    return found.waiting, found.elsewhere


def test_stored_speaks_of_the_relay_that_has_said_so(members: list[Replica], two: Two) -> None:
    mara, joon, _ = members
    issue(joon)
    two.visit(joon, OLD)
    assert view(joon) == (0, "")
    two.move(mara, NEW, 2)
    two.visit(mara, OLD)
    two.visit(joon, OLD)
    assert joon.relay_url() == f"ws://{NEW}"
    assert view(joon) == (0, f"ws://{OLD}")
    issue(joon)
    assert view(joon) == (1, f"ws://{OLD}")
    two.visit(joon, NEW)
    assert view(joon) == (0, "")


def test_where_the_home_has_less_than_an_earlier_relay_what_it_lacks_waits(
    members: list[Replica], two: Two
) -> None:
    mara, joon, _ = members
    two.move(mara, NEW, 2)
    issue(joon)
    two.visit(joon, OLD)
    two.visit(mara, OLD)
    two.visit(joon, OLD)
    assert view(joon) == (0, f"ws://{OLD}")
    client = Client(joon, two.new, dialled=NEW)
    while not client.session.online:
        assert client.send_one() or client.receive_one()
    assert view(joon) == (1, "")
    run(client)
    assert view(joon) == (0, "")


@pytest.mark.slow
def test_another_branch_at_an_earlier_relay_moves_nothing_for_who_only_comes_by(
    members: list[Replica], two: Two, forked: Replica
) -> None:
    mara, joon, ines = members
    issue(joon, "What the old relay has")
    two.visit(joon, OLD)
    two.move(mara, NEW, 2)  # she has not been at the old one since
    carry(mara, ines)
    issue(forked, "What the new relay has")
    two.visit(forked, NEW)
    two.visit(ines, NEW)
    before = ines.heads()
    two.visit(ines, OLD)
    two.visit(ines, OLD)
    assert ines.heads() == before
    two.visit(mara, NEW)
    two.visit(mara, OLD)
    two.visit(mara, NEW)
    # Whoever had the other branch learns of the move there, and yields at the new home.
    for replica in (joon, forked):
        two.visit(replica, OLD)
        two.visit(replica, NEW)
    for replica in members:
        two.visit(replica, NEW)
    assert [rows(replica) == rows(mara) for replica in members] == [True] * 3
    assert {"What the old relay has", "What the new relay has"} <= titles(mara)
    actors = {actor for actor in mara.version() if actor.startswith(joon.identity.public_key)}
    for replica in (joon, mara, joon, mara):
        two.visit(replica, OLD)
        two.visit(replica, NEW)
    assert {a for a in mara.version() if a.startswith(joon.identity.public_key)} == actors


def test_what_a_machine_has_forgotten_comes_back_by_others_from_the_other_relay(
    members: list[Replica], two: Two, forked: Replica
) -> None:
    mara, joon, _ = members
    issue(joon, "Said before the disk was rolled back")
    two.visit(joon, OLD)
    two.move(mara, NEW, 2)
    client = Client(forked, two.new, dialled=NEW)  # which knows nothing of it yet
    run(client)
    before = forked.actor
    two.visit(mara, OLD)
    bringer = Client(mara, two.new, dialled=NEW)
    run(client, bringer)
    assert client.trouble is None
    assert client.settled()
    assert forked.heads() == mara.heads()
    assert forked.actor != before


@pytest.mark.slow
def test_the_word_that_the_community_moves_gets_through_to_a_relay_with_another_branch(
    members: list[Replica], two: Two, forked: Replica
) -> None:
    """Built on what only the new relay has, it would be heard by nobody at the old one."""
    mara, joon, ines = members
    issue(joon, "What the old relay has")
    two.visit(joon, OLD)
    issue(forked, "What the new relay has")
    carry(forked, mara)
    two.move(mara, NEW, 2)
    two.visit(mara, OLD)
    two.visit(ines, OLD)
    assert ines.relay_url() == f"ws://{NEW}"
    for replica in (mara, ines, joon, forked) * 3:
        two.visit(replica, OLD if replica.relay_url() == f"ws://{OLD}" else NEW)
    assert joon.heads() == ines.heads() == mara.heads() == forked.heads()
    assert {"What the old relay has", "What the new relay has"} <= titles(mara)


@pytest.mark.slow
def test_a_convenor_whose_disk_was_rolled_back_moves_the_community_for_all(
    members: list[Replica], two: Two, tmp_path: Path
) -> None:
    mara, joon, ines = members
    mara.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(mara.place.folder.parents[1], tmp_path / "rolled back")
    issue(mara, "What the old relay has")
    two.visit(mara, OLD)
    back = Replica.open(Home(tmp_path / "rolled back").place(), outside(78))
    back.become_writer()
    back.store.set_own("nonce", mara.store.own("nonce"))
    issue(back, "Typed at once")
    two.move(back, NEW, 2)
    for replica in (back, joon, ines):
        two.visit(replica, OLD)
    for replica in (back, joon, ines, back, joon, ines):
        assert replica.relay_url() == f"ws://{NEW}"
        two.visit(replica, NEW)
    assert joon.heads() == ines.heads() == back.heads()
    assert {"What the old relay has", "Typed at once"} <= titles(joon)
    back.close()


@pytest.mark.slow
def test_who_knows_only_a_dead_home_hears_elsewhere_that_it_has_moved_also_past_a_fork(
    members: list[Replica], two: Two, forked: Replica
) -> None:
    mara, joon, ines = members
    two.move(mara, NEW, 2)
    for replica in (mara, joon, ines):
        two.visit(replica, OLD)
        two.visit(replica, NEW)
    issue(joon, "What the dead relay has")
    two.visit(joon, NEW)
    two.visit(ines, NEW)
    issue(forked, "What the old relay has")
    two.visit(forked, OLD)
    two.home_is_dead = True  # the new one
    two.visit(mara, OLD)
    two.move(mara, OLD, 3)
    issue(ines, "By Ines")
    for replica in (ines, joon, mara) * 3:
        two.visit(replica, OLD)
    assert ines.relay_url() == joon.relay_url() == f"ws://{OLD}"
    assert joon.heads() == ines.heads() == mara.heads()
    assert {"What the dead relay has", "What the old relay has", "By Ines"} <= titles(mara)


def test_who_stayed_where_the_move_was_forgotten_is_fetched_by_whoever_moved_the_community(
    members: list[Replica], two: Two, tmp_path: Path
) -> None:
    """The old relay is put back to before it heard of the move, and those who told it think that it knows."""
    mara, joon, _ = members
    arrived(mara, f"ws://{OLD}")
    two.old.crash()
    shutil.copy(two.old.folder / "relay.db", tmp_path / "copy.db")
    two.old.start()
    two.move(mara, NEW, 2)
    assert ways(mara).farewells == (f"ws://{OLD}",)
    two.visit(mara, OLD)
    arrived(mara, f"ws://{OLD}")
    two.old.crash()
    shutil.copy(tmp_path / "copy.db", two.old.folder / "relay.db")
    two.old.start()
    issue(joon, "Only at the old one")
    two.visit(joon, OLD)
    assert joon.relay_url() == f"ws://{OLD}"
    for url in ways(mara).farewells:
        two.visit(mara, url.removeprefix("ws://"))
    two.visit(joon, OLD)
    assert joon.relay_url() == f"ws://{NEW}"
    two.visit(joon, NEW)
    two.visit(mara, NEW)
    assert "Only at the old one" in titles(mara)
