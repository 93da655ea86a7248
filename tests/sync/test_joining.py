"""Founding, joining, a second machine, coming back: with a real relay, by what the command line calls."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Create, MakeInvite, Say
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync import once
from moot_client.sync.joining import add_device, host, join, recover
from moot_client.sync.once import sync_once
from moot_shared.errors import ConnectionTrouble, InputError
from moot_shared.identity import Identity
from moot_shared.trust.lines import CommunityLine, DeviceLine, parse_line
from tests.helpers.cohort import RELAY, issue, rows
from tests.helpers.relay_process import RelayProcess


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    with RelayProcess(tmp_path_factory.mktemp("relay")) as relay:
        yield relay


@pytest.fixture
def mara(tmp_path: Path, relay: RelayProcess) -> Iterator[Replica]:
    place = found_community(Home(tmp_path / "mara"), "Northern cohort", "Mara")
    replica = Replica.open(place)
    host(replica, relay.url, relay.hosting_key)
    yield replica
    replica.close()


def invite(mara: Replica, **terms: Any) -> str:
    """A line that the relay knows."""
    line: str = mara.do(MakeInvite(**terms))
    sync_once(mara)
    return line


def test_a_newcomer_is_a_member_with_everything_when_join_returns(mara: Replica, tmp_path: Path) -> None:
    key = issue(mara, "Handover loses facts")
    place = join(Home(tmp_path / "joon"), invite(mara), "Joon")
    assert (place.name, place.member_name) == ("Northern cohort", "Joon")
    with closing(Replica.open(place)) as joon:
        assert joon.joined()
        joon.do(Say("vote", key, {"dots": 3}))
        assert sync_once(joon).stored
        assert sync_once(mara).received == 3  # the join, the profile, the vote
        assert rows(mara) == rows(joon)
    assert Home(tmp_path / "joon").place().name == "Northern cohort"


def test_a_join_that_was_cut_off_before_its_folder_was_finished_is_done_again(
    mara: Replica, tmp_path: Path
) -> None:
    home = Home(tmp_path / "joon")
    cut_off = home.make(
        mara.community, Identity.generate(os.urandom), name="x", relay=RELAY, member_name="Joon"
    )
    assert home.places() == ()
    place = join(home, invite(mara), "Joon")
    assert (place.folder, place.key_text) == (cut_off.folder, cut_off.key_text)
    with closing(Replica.open(place)) as joon:
        assert joon.joined()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda mara, line, home: join(Home(home), line, "First"), "used up"),
        (lambda mara, line, home: mara.do(Say("revoke", key_of(line), {})) and sync_once(mara), "taken back"),
    ],
    ids=["spent", "revoked"],
)
def test_an_invite_that_lets_nobody_in_leaves_no_folder_behind(
    mara: Replica, tmp_path: Path, spoil: Callable[[Replica, str, Path], object], words: str
) -> None:
    line = invite(mara)
    spoil(mara, line, tmp_path / "other")
    home = Home(tmp_path / "late")
    with pytest.raises(ConnectionTrouble, match=words):
        join(home, line, "Late")
    assert home.places() == ()


def key_of(line: str) -> str:
    from moot_shared.trust.lines import InviteLine

    known = parse_line(line)
    assert isinstance(known, InviteLine)
    return Identity.from_seed(known.secret).key_text


def test_an_expired_invite_is_said_to_have_expired(mara: Replica, tmp_path: Path) -> None:
    line = invite(mara, expires=1_000_000_000_000)
    with pytest.raises(ConnectionTrouble, match="has expired"):
        join(Home(tmp_path / "late"), line, "Late")


def test_joining_again_on_the_same_machine_is_said_to_be_needless(mara: Replica, tmp_path: Path) -> None:
    line = invite(mara, uses=5)
    home = Home(tmp_path / "joon")
    join(home, line, "Joon")
    with pytest.raises(InputError, match="already"):
        join(home, line, "Joon")
    assert len(home.places()) == 1


def test_a_join_that_breaks_off_before_it_is_confirmed_is_finished_by_the_next_sync(
    mara: Replica, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = invite(mara)
    home = Home(tmp_path / "joon")
    written: list[str] = []
    plain = Replica.join

    def and_then_the_network_goes(self: Replica, secret: bytes) -> None:
        plain(self, secret)
        written.append(self.me)
        raise ConnectionTrouble("The network went.")

    monkeypatch.setattr(Replica, "join", and_then_the_network_goes)
    with pytest.raises(ConnectionTrouble, match="The network went"):
        join(home, line, "Joon")
    monkeypatch.undo()
    with closing(Replica.open(home.place())) as joon:
        assert joon.me in written
        assert sync_once(joon).stored
        sync_once(mara)
        assert rows(mara) == rows(joon)
        assert sync_once(joon).stored  # as a member now


@pytest.mark.slow
def test_a_second_machine_is_the_same_member_with_everything(
    mara: Replica, relay: RelayProcess, tmp_path: Path
) -> None:
    issue(mara, "Written on the first")
    sync_once(mara)
    line = DeviceLine(relay.url, mara.community, mara.identity.seed, "Northern cohort", "Mara")
    place = add_device(Home(tmp_path / "second"), str(line))
    with closing(Replica.open(place)) as second:
        assert second.me == mara.me
        second.do(Create("issue", {"title": "Written on the second"}))
        assert second.actor != mara.actor
        sync_once(second)
        sync_once(mara)
        assert rows(mara) == rows(second)


def test_the_words_and_the_communitys_line_bring_a_member_back(
    mara: Replica, relay: RelayProcess, tmp_path: Path
) -> None:
    line = CommunityLine(relay.url, mara.community, "Northern cohort")
    words = " ".join(mara.identity.words())
    place = recover(Home(tmp_path / "again"), str(line), words)
    assert (place.key_text, place.member_name) == (mara.me, "Mara")
    with closing(Replica.open(place)) as again:
        assert rows(mara) == rows(again)


def test_somebody_elses_words_bring_nobody_back_and_leave_nothing(
    mara: Replica, relay: RelayProcess, tmp_path: Path
) -> None:
    from moot_shared.identity import Identity

    line = CommunityLine(relay.url, mara.community, "Northern cohort")
    home = Home(tmp_path / "again")
    with pytest.raises(ConnectionTrouble, match="does not know you"):
        recover(home, line, Identity.from_seed(bytes(32)).words())
    assert home.places() == ()


def test_a_line_of_another_kind_is_said_to_be_one(mara: Replica, tmp_path: Path) -> None:
    line = str(CommunityLine("ws://relay.example", mara.community, "Northern cohort"))
    with pytest.raises(InputError, match="moot-invite:"):
        join(Home(tmp_path / "x"), line, "Joon")
    with pytest.raises(InputError, match="moot-device:"):
        add_device(Home(tmp_path / "x"), line)
    with pytest.raises(InputError, match="moot host"):
        recover(Home(tmp_path / "x"), CommunityLine(None, mara.community, "N"), mara.identity.words())


def test_the_wrong_hosting_key_is_said_to_be_wrong(tmp_path: Path, relay: RelayProcess) -> None:
    place = found_community(Home(tmp_path / "zoe"), "Another", "Zoe")
    with closing(Replica.open(place)) as zoe:
        with pytest.raises(InputError, match="not a hosting key"):
            host(zoe, relay.url, "secret")
        with pytest.raises(ConnectionTrouble, match="not the relay's hosting key"):
            host(zoe, relay.url, "a" * 32)
        assert zoe.relay_url() == ""


@pytest.mark.slow
def test_a_community_that_moves_is_found_at_its_new_relay_by_who_only_knew_the_old(
    mara: Replica, tmp_path: Path
) -> None:
    place = join(Home(tmp_path / "joon"), invite(mara), "Joon")
    with RelayProcess(tmp_path / "new") as new, closing(Replica.open(place)) as joon:
        host(mara, new.url, new.hosting_key)
        mara.do(Say("relay", "home", {"n": 1, "url": new.url}))
        sync_once(mara)
        assert sync_once(joon).stored
        assert joon.relay_url() == new.url
        issue(joon, "Said at the new relay")
        sync_once(joon)
        assert sync_once(mara).received == 1


def test_another_process_that_has_the_community_open_does_the_sync(mara: Replica) -> None:
    other = Replica.open(mara.place)
    with pytest.raises(InputError, match="Another Moot has this community open"):
        host(other, "ws://127.0.0.1:9", "a" * 32)
    other.close()


@pytest.mark.slow
def test_one_exchange_is_bounded_in_how_often_it_follows_a_relay() -> None:
    assert once.MOVES == 3
