"""A viewer link: whoever has it reads a community with any automerge-repo client, and changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from moot_client.replica.commands import MakeInvite, Say
from moot_client.replica.replica import Replica
from moot_server.events import Frame
from moot_server.members.door import BAD_LINK, LINKS, RESTORED
from moot_server.members.pace import LONGEST_S
from moot_server.storage.store import Snapshot
from moot_shared.format.sync import SyncMessage, Version, decode_sync_message, encode_sync_message
from moot_shared.ids import encode_bytes
from moot_shared.limits import DEFAULT
from moot_shared.trust.lines import InviteLine, parse_line
from moot_shared.wire.viewing import viewer_link
from tests.helpers import binding
from tests.helpers.cohort import issue
from tests.helpers.network import Client, hosted, run
from tests.helpers.viewer import ReadRelay, Viewer

HOUR = 3_600_000


@pytest.fixture
def relay(tmp_path: Path, cohort: list[Replica]) -> Iterator[ReadRelay]:
    relay = ReadRelay(tmp_path / "relay")
    hosted(relay, cohort[0])
    yield relay
    relay.crash()


def exchange(relay: ReadRelay, *replicas: Replica) -> None:
    """Bring everything to everybody."""
    for replica in (*replicas, *replicas):
        client = Client(replica, relay)
        run(client, sign=True)
        assert client.trouble is None, client.trouble
        client.socket.close()


def link(relay: ReadRelay, by: Replica, expires: int | None = None) -> str:
    """The path of a new link, which the relay knows."""
    url = str(by.do(MakeInvite("view", None, expires)))
    exchange(relay, by)
    return url.removeprefix("ws://relay.example")


def take_back(by: Replica, number: int = 0) -> None:
    keys = [key for (key,) in by.reader().execute("SELECT key FROM viewer_link ORDER BY key")]
    by.do(Say("revoke", keys[number], {}))


def viewer(relay: ReadRelay, path: str, of: Replica) -> Viewer:
    return Viewer(relay, path, of.community).follow()


def rows(relay: ReadRelay) -> int:
    with relay.store._sentences():
        return int(relay.store._db.execute("SELECT count(*) FROM change").fetchone()[0])


def test_a_reader_has_everything_and_hears_what_comes(relay: ReadRelay, cohort: list[Replica]) -> None:
    mara, joon, _ = cohort
    path = link(relay, mara)
    reader = viewer(relay, path, mara)
    assert reader.document.heads() == set(mara.heads())
    issue(joon, "Nobody knows who is on call")
    exchange(relay, joon, mara)
    reader.follow()
    assert reader.document.heads() == set(mara.heads())
    assert not reader.turned_out


def test_readers_are_counted_while_they_are_in(relay: ReadRelay, cohort: list[Replica]) -> None:
    path = link(relay, cohort[0])
    reader, other = (viewer(relay, path, cohort[0]) for _ in range(2))
    viewer(relay, viewer_link("", cohort[0].community, b"x" * 32), cohort[0])
    assert relay.figures.viewers_now == len((reader, other))
    reader.socket.close()
    other.socket.close()
    assert relay.figures.viewers_now == 0


def test_a_link_works_behind_whatever_path_a_proxy_puts_before_it(
    relay: ReadRelay, cohort: list[Replica]
) -> None:
    path = link(relay, cohort[0])
    assert viewer(relay, "/moot" + path, cohort[0]).document.heads() == set(cohort[0].heads())


def test_whoever_guesses_learns_nothing_not_even_whether_there_is_such_a_community(
    relay: ReadRelay, cohort: list[Replica]
) -> None:
    mara = cohort[0]
    link(relay, mara)
    invite = parse_line(str(mara.do(MakeInvite("member", 1, None))))
    assert isinstance(invite, InviteLine)
    exchange(relay, mara)
    paths = {
        "another secret": viewer_link("", mara.community, b"x" * 32),
        "another community": viewer_link("", b"c" * 32, b"x" * 32),
        "an invite's secret": viewer_link("", mara.community, invite.secret),
        "half a link": f"/view/{encode_bytes(mara.community)}",
        "nothing": "/view//",
    }
    for case, path in paths.items():
        guest = Viewer(relay, path, mara.community)
        if (
            case == "half a link"
        ):  # no viewer's path at all: the members' door, which says nothing to strangers
            assert not guest.let_in
            continue
        assert guest.turned_out == BAD_LINK.text, case
        assert not guest.let_in
        guest.follow()
        assert not guest.synced
        assert not guest.socket.open


def test_a_link_that_is_taken_back_turns_its_reader_out_before_anything_more_is_read(
    relay: ReadRelay, cohort: list[Replica]
) -> None:
    mara, joon, _ = cohort
    path, other = link(relay, mara), link(relay, mara)
    one, two = viewer(relay, path, mara), viewer(relay, other, mara)
    before = one.document.heads()
    exchange(relay, joon)
    keys = [key for (key,) in mara.reader().execute("SELECT key FROM viewer_link ORDER BY key")]
    mara.do(Say("revoke", keys[0], {}))
    issue(mara, "What the one must not read any more")
    exchange(relay, mara)
    out, still = (one, two) if one.follow().turned_out else (two.follow(), one)
    still.follow()
    assert out.turned_out == LINKS["revoked"].text
    assert out.document.heads() != set(mara.heads())
    assert out.document.heads() == before
    assert still.document.heads() == set(mara.heads())
    again = Viewer(relay, out.path, mara.community)
    assert again.turned_out == LINKS["revoked"].text
    assert not again.let_in


def test_a_link_whose_time_is_over_shows_nothing_more(relay: ReadRelay, cohort: list[Replica]) -> None:
    mara = cohort[0]
    path = link(relay, mara, expires=relay.now + HOUR)
    reader = viewer(relay, path, mara)
    before = reader.document.heads()
    assert before
    relay.now += HOUR
    issue(mara, "Later")
    exchange(relay, mara)
    assert reader.follow().turned_out == LINKS["expired"].text
    assert reader.document.heads() == before
    assert Viewer(relay, path, mara.community).turned_out == LINKS["expired"].text


def test_a_link_ends_with_the_membership_of_the_convenor_who_made_it(
    relay: ReadRelay, cohort: list[Replica]
) -> None:
    mara, joon, _ = cohort
    exchange(relay, mara, joon)
    mara.do(Say("role", f"{joon.me}/{mara.me}/", {"role": "convenor"}))
    exchange(relay, mara, joon)
    path = link(relay, joon)
    reader = viewer(relay, path, mara)
    assert reader.document.heads()
    exchange(relay, mara)
    mara.do(Say("removal", joon.me, {"why": ""}))
    exchange(relay, mara)
    assert reader.follow().turned_out == LINKS["revoked"].text


def test_a_reader_who_writes_changes_nothing_follows_on_and_makes_no_endless_conversation(
    relay: ReadRelay, cohort: list[Replica]
) -> None:
    mara = cohort[0]
    reader = viewer(relay, link(relay, mara), mara)
    stored = rows(relay)
    for number in range(3):
        reader.document.put("mine", number)
        reader.follow()
    assert rows(relay) == stored
    assert not reader.turned_out
    issue(mara, "After that")
    exchange(relay, mara)
    reader.follow()
    assert set(mara.heads()) <= reader.document.theirs
    assert reader.document.get("mine") == 2
    stored_now = rows(relay)
    reader.document.put("mine", 9)
    reader.follow()
    assert rows(relay) == stored_now
    other = viewer(relay, reader.path, mara)
    assert other.document.heads() == set(mara.heads())
    assert other.document.get("mine") is None


def test_whoever_understands_flags_is_told_that_nothing_is_taken(
    relay: ReadRelay, cohort: list[Replica]
) -> None:
    reader = viewer(relay, link(relay, cohort[0]), cohort[0])
    messages = [decode_sync_message(data) for data in reader.synced]
    assert messages
    assert all(message.read_only and not message.takes_documents for message in messages)
    assert not any(message.need for message in messages)


def test_there_is_one_document_and_what_is_said_between_readers_goes_nowhere(
    relay: ReadRelay, cohort: list[Replica]
) -> None:
    mara = cohort[0]
    path = link(relay, mara)
    one, two = viewer(relay, path, mara), viewer(relay, path, mara)
    heard = len(two.heard)
    fields = {"documentId": one.document_id, "sessionId": "s", "count": 1, "data": b"here"}
    one.send(type="ephemeral", **fields)
    one.send(type="remote-subscription-change", add=["x"])
    assert not two.listen()
    assert len(two.heard) == heard
    elsewhere = binding.Replica()
    asked = elsewhere.say()
    one.send(type="request", documentId="4NMNnkMhL8jXrdJ9jamS58PAVdXu", data=asked)
    one.send(type="request", documentId="no name at all", data=asked)
    one.listen()
    assert [m["type"] for m in one.heard[-2:]] == ["doc-unavailable", "doc-unavailable"]
    assert not one.turned_out


def test_whoever_has_not_said_who_comes_is_counted_like_any_stranger(
    relay: ReadRelay, cohort: list[Replica]
) -> None:
    mara = cohort[0]
    path = link(relay, mara)
    readers = [viewer(relay, path, mara) for _ in range(2 * DEFAULT.strangers_per_address)]
    assert all(reader.let_in for reader in readers)  # they were judged, and are strangers no more
    silent = [relay.visit(path) for _ in range(DEFAULT.strangers_per_address)]
    late = relay.visit(path)
    assert late.closing
    silent[0].late()
    assert silent[0].closing
    silent[0].take()
    silent[0].close()
    assert not relay.visit(path).closing
    for socket in list(relay.sockets.values()):
        socket.close()
    assert not relay.members._peers


def test_as_many_read_as_the_relay_serves_at_once(tmp_path: Path, cohort: list[Replica]) -> None:
    relay = ReadRelay(tmp_path / "relay", replace(DEFAULT, viewers=1))
    mara = cohort[0]
    hosted(relay, mara)
    path = link(relay, mara)
    first = viewer(relay, path, mara)
    assert "As many read here" in Viewer(relay, path, mara.community).turned_out
    first.socket.close()
    assert viewer(relay, path, mara).let_in
    relay.crash()


@pytest.mark.parametrize("frame", [b"", b"\xff", b"\xa0", b"\x83\x01\x02\x03", b"\xa1\x64type\x64join"])
def test_what_is_no_message_ends_one_connection(
    relay: ReadRelay, cohort: list[Replica], frame: bytes
) -> None:
    mara = cohort[0]
    path = link(relay, mara)
    good, bad = viewer(relay, path, mara), viewer(relay, path, mara)
    relay.step(Frame(bad.socket.number, frame))
    bad.listen()
    assert bad.turned_out or frame == b"\xa1\x64type\x64join"
    knocking = relay.visit(path)
    relay.step(Frame(knocking.number, frame))
    assert knocking.closing
    issue(mara, "On")
    exchange(relay, mara)
    assert good.follow().document.heads() == set(mara.heads())


def test_a_newcomer_gets_a_snapshot_in_one_piece_and_what_came_after_it(
    relay: ReadRelay, cohort: list[Replica]
) -> None:
    mara = cohort[0]
    path = link(relay, mara)
    whole = viewer(relay, path, mara)
    snapshot = Snapshot(tuple(sorted(whole.document.heads())), whole.document.save(), rows(relay))
    with relay.store.transaction():
        relay.store.set_snapshot(mara.community, snapshot)
    issue(mara, "After the snapshot")
    exchange(relay, mara)
    newcomer = viewer(relay, path, mara)
    assert newcomer.document.heads() == set(mara.heads())
    assert decode_sync_message(newcomer.synced[0]).version is Version.TWO
    assert len(newcomer.synced[0]) < len(whole.synced[0])


def test_a_snapshot_of_what_is_not_here_is_not_used(relay: ReadRelay, cohort: list[Replica]) -> None:
    mara = cohort[0]
    path = link(relay, mara)
    with relay.store.transaction():
        relay.store.set_snapshot(mara.community, Snapshot((b"h" * 32,), b"something", 5))
    assert viewer(relay, path, mara).document.heads() == set(mara.heads())


def test_a_relay_from_an_older_copy_lets_nobody_read_by_a_link_that_was_taken_back(
    relay: ReadRelay, cohort: list[Replica], tmp_path: Path
) -> None:
    mara = cohort[0]
    path, other = link(relay, mara), link(relay, mara)
    relay.crash()
    shutil.copy(relay.folder / "relay.db", tmp_path / "copy")
    relay.start()
    take_back(mara)
    exchange(relay, mara)
    states = [Viewer(relay, each, mara.community).turned_out for each in (path, other)]
    assert sorted(states) == ["", LINKS["revoked"].text]
    relay.restored_from(tmp_path / "copy")
    again = [Viewer(relay, each, mara.community).turned_out for each in (path, other)]
    assert sorted(again) == sorted([LINKS["revoked"].text, RESTORED.text])
    assert again.index(LINKS["revoked"].text) == states.index(LINKS["revoked"].text)
    exchange(relay, mara)
    assert [Viewer(relay, each, mara.community).turned_out for each in (path, other)] == states


def test_a_reader_follows_again_after_the_relay_was_started_anew(
    relay: ReadRelay, cohort: list[Replica]
) -> None:
    mara = cohort[0]
    path = link(relay, mara)
    saved = viewer(relay, path, mara).document.save()
    issue(mara, "Meanwhile")
    relay.crash()
    relay.start()
    exchange(relay, mara)
    back = Viewer(relay, path, mara.community, document=binding.Replica(saved)).follow()
    assert back.document.heads() == set(mara.heads())


def test_a_newcomer_does_not_bring_back_what_it_was_sent(tmp_path: Path, cohort: list[Replica]) -> None:
    relay = ReadRelay(tmp_path / "relay", replace(DEFAULT, reply_bytes=600))  # so that it comes in parts
    mara = cohort[0]
    hosted(relay, mara)
    path = link(relay, mara)
    reader = viewer(relay, path, mara)
    assert reader.document.heads() == set(mara.heads())
    assert len(reader.synced) > 3
    assert not any(decode_sync_message(data).chunks for data in reader.said)
    relay.crash()


def test_whoever_asks_for_the_same_again_and_again_is_read_later(
    relay: ReadRelay, cohort: list[Replica]
) -> None:
    mara = cohort[0]
    issue(mara, "A long one", body="\n\n".join(f"{number} " * 300 for number in range(40)))
    reader = viewer(relay, link(relay, mara), mara)
    relay.waits.clear()
    everything = tuple(entry.hash for entry in relay.store.entries(mara.community))
    wanted = encode_sync_message(SyncMessage(tuple(sorted(mara.heads())), everything))
    for _ in range(DEFAULT.changes_burst):
        reader.send(type="sync", documentId=reader.document_id, data=wanted)
    assert max(relay.waits) == LONGEST_S
