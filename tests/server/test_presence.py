"""Who is here is passed on to those who belong and are connected, within bounds, and stored nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from moot_client.replica.replica import Replica
from moot_client.sync.company import Company
from moot_client.sync.events import Here, Present
from moot_server.events import Frame, Send
from moot_shared.identity import Identity
from moot_shared.limits import DEFAULT, KIB
from moot_shared.wire import cbor, presence
from moot_shared.wire.fields import HIGHEST
from moot_shared.wire.messages import Ephemeral, Have, Join, decode, encode
from moot_shared.wire.presence import WRITING, Whereabouts
from tests.helpers.cohort import Cohort, founder
from tests.helpers.network import Client, Relay, credentials_of_a_host, hosted, run

REVIEW = "review/01J9ZZZZZZZZZZZZZZZZZZZZZZ/somebody"
HERE, GONE = Whereabouts(), Whereabouts(here=False)


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Replica]]:
    """The same for all of these tests: none of them writes anything."""
    with Cohort(tmp_path_factory.mktemp("members"), size=3) as replicas:
        yield replicas


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    relay = Relay(tmp_path / "relay")
    yield relay
    relay.crash()


@pytest.fixture
def three(relay: Relay, members: list[Replica]) -> list[Replica]:
    hosted(relay, members[0])
    return members


def connected(relay: Relay, *replicas: Replica) -> list[Client]:
    clients = [Client(replica, relay) for replica in replicas]
    run(*clients)
    for client in clients:
        client.socket.heard()
    return clients


def word(replica: Replica, count: int = 1, where: Whereabouts = HERE, session: str = "s") -> Ephemeral:
    return presence.say(where, replica.community, replica.actor, replica.identity, session, count)


def heard(client: Client) -> list[Ephemeral]:
    return [message for message in client.socket.heard() if isinstance(message, Ephemeral)]


def coming(relay: Relay, replica: Replica) -> Client:
    """Somebody who has caught up just now, and has yet to read what they are told of who is here."""
    client = Client(replica, relay)
    while client.send_one() or (not client.session.settled and client.receive_one()):
        pass
    return client


def padded(message: Ephemeral, size: int) -> Ephemeral:
    """The same with so many bytes of data."""
    said = cbor.decode(message.data)
    assert isinstance(said, dict)
    least = len(cbor.encode(said | {"more": bytes(256)})) - 256
    return replace(message, data=cbor.encode(said | {"more": bytes(size - least)}))


def counted(relay: Relay) -> int:
    """How many rows were ever written."""
    return relay.store._db.total_changes


def test_a_word_goes_to_the_others_who_are_here_and_not_back(relay: Relay, three: list[Replica]) -> None:
    mara, joon, ines = connected(relay, *three)
    said = word(three[0], where=Whereabouts(at=REVIEW, doing=WRITING))
    mara.socket.send(said)
    for other in (joon, ines):
        (got,) = heard(other)
        assert (got.data, got.count, got.session_id) == (said.data, 1, "s")
        who, where = presence.read(got)
        assert who.is_theirs(three[0].community, got)
        assert where == Whereabouts(at=REVIEW, doing=WRITING)
    assert heard(mara) == []


def test_who_comes_later_is_told_the_last_word_of_each_and_of_who_has_gone_nothing(
    relay: Relay, three: list[Replica]
) -> None:
    mara, joon = connected(relay, *three[:2])
    mara.socket.send(word(three[0], 1))
    mara.socket.send(word(three[0], 2))
    joon.socket.send(word(three[1], 1))
    joon.socket.close()
    assert [message.count for message in heard(coming(relay, three[2]))] == [2]


def parting(replica: Replica, count: int = 1, by: Replica | None = None) -> Ephemeral:
    """A word that brings a farewell with it."""
    said, farewell = word(replica, count), word(by or replica, count + 1, where=GONE)
    return replace(said, farewell=farewell.data)


def test_when_a_connection_ends_the_others_hear_the_farewell_that_was_left_with_the_relay(
    relay: Relay, three: list[Replica]
) -> None:
    mara, joon, ines = connected(relay, *three)
    mara.socket.send(parting(three[0]))
    for other in (joon, ines):
        (got,) = heard(other)
        assert got.farewell is None, "it is the relay's to pass on"
    mara.socket.close()
    for other in (joon, ines):
        (got,) = heard(other)
        said, where = presence.read(got)
        assert said.actor == three[0].actor
        assert said.is_theirs(three[0].community, got)
        assert (got.count, where.here) == (2, False)


def test_a_word_without_a_farewell_takes_it_back_and_none_is_passed_on_for_who_is_still_here(
    relay: Relay, three: list[Replica]
) -> None:
    mara, joon = connected(relay, *three[:2])
    mara.socket.send(parting(three[0]))
    mara.socket.send(word(three[0], 3))
    heard(joon)
    mara.socket.close()
    assert heard(joon) == []
    first, second = connected(relay, three[0], three[0])
    heard(joon)
    first.socket.send(parting(three[0], 5))
    heard(joon)
    first.socket.close()
    assert heard(joon) == [], "she is here by another connection"
    second.socket.close()


def test_nobody_leaves_a_farewell_for_somebody_else_nor_one_that_cannot_be_passed_on(
    relay: Relay, three: list[Replica]
) -> None:
    for bad in (
        parting(three[0], by=three[2]),
        replace(word(three[0]), farewell=padded(word(three[0], 2), KIB + 1).data),
        replace(word(three[0]), farewell=b"no word at all"),
        replace(word(three[0], HIGHEST), farewell=word(three[0], 1, GONE).data),  # there is no next count
    ):
        mara, joon = connected(relay, *three[:2])
        mara.socket.send(bad)
        assert len(heard(joon)) == 1, "the word itself is as good as any"
        mara.socket.close()
        assert heard(joon) == []
        joon.socket.close()


def test_those_of_another_community_hear_nothing(relay: Relay, three: list[Replica], tmp_path: Path) -> None:
    stranger = founder(tmp_path / "others", community="Southern cohort", seed=90)
    hosted(relay, stranger)
    mara, joon, other = connected(relay, *three[:2], stranger)
    mara.socket.send(word(three[0]))
    mara.socket.send(word(stranger, 2))
    assert heard(other) == []
    assert len(heard(joon)) == 1
    stranger.close()


def test_a_word_is_passed_on_only_once_its_sender_is_in_as_a_member(
    relay: Relay, three: list[Replica]
) -> None:
    (joon,) = connected(relay, three[1])
    host = Client(three[0], relay, credentials_of_a_host())
    for early in ("", "challenged", "welcomed"):
        socket = relay.open()
        if early:
            socket.send(Join("somebody"))
        if early == "welcomed":
            socket.close()
            socket = host.socket
            while host.session._stage != "in":
                assert host.send_one() or host.receive_one()
        socket.send(word(three[0]))
        assert heard(joon) == [], early


def test_a_flood_is_not_passed_on_and_slows_only_its_sender(relay: Relay, three: list[Replica]) -> None:
    mara, joon = connected(relay, *three[:2])
    for count in range(1, 301):
        mara.socket.send(word(three[0], count))
    assert [message.count for message in heard(joon)] == list(range(1, DEFAULT.ephemeral_burst + 1))
    assert any(relay.waits), "she is read more slowly"
    relay.waits.clear()
    joon.socket.send(word(three[1], 1))
    assert len(heard(mara)) == 1
    assert not relay.waits
    relay.now += 2_000
    for count in range(301, 305):
        mara.socket.send(word(three[0], count))
    assert [message.count for message in heard(joon)] == [301, 302]


def test_what_is_too_large_or_of_another_document_goes_no_further(relay: Relay, three: list[Replica]) -> None:
    mara, joon = connected(relay, *three[:2])
    honest = word(three[0])
    mara.socket.send(padded(honest, KIB + 1))
    mara.socket.send(replace(honest, document_id="2j9knpCseyhnK8izDmLpGP5WMdZQ"))
    assert heard(joon) == []
    assert mara.socket.open
    assert not mara.socket.closing
    mara.socket.send(padded(honest, KIB))
    assert len(heard(joon)) == 1


def test_nobody_says_where_somebody_else_is_with_words_that_were_theirs(
    relay: Relay, three: list[Replica]
) -> None:
    """Joon has kept what Mara signed once, and says it again when she has gone."""
    mara, joon, ines = connected(relay, *three)
    mara.socket.send(word(three[0]))
    (kept,) = heard(joon)
    mara.socket.close()
    assert len(heard(ines)) == 1
    joon.socket.send(kept)
    joon.socket.send(replace(kept, data=b""))
    joon.socket.send(replace(kept, data=cbor.encode({"actor": "nobody"})))
    assert heard(ines) == []
    assert joon.socket.open
    again = connected(relay, three[0])[0]
    assert heard(again) == []


def test_of_who_was_silent_for_longer_than_anybody_is_who_is_here_a_newcomer_hears_nothing(
    relay: Relay, three: list[Replica]
) -> None:
    """As of a lid that was closed: its socket is open until it answers no sign of life."""
    mara, joon = connected(relay, *three[:2])
    mara.socket.send(word(three[0]))
    relay.now += 20_000
    joon.socket.send(word(three[1], 7))
    relay.now += 11_000
    assert [message.count for message in heard(coming(relay, three[2]))] == [7]


def test_a_word_waits_for_nobody_who_reads_slowly(relay: Relay, three: list[Replica]) -> None:
    mara, joon = connected(relay, *three[:2])
    frame = Frame(mara.socket.number, encode(word(three[0])))
    (sent,) = (each for each in relay.core.step([frame], relay.now) if isinstance(each, Send))
    assert sent.peer == joon.socket.number
    assert sent.droppable


def test_nothing_of_it_is_written_down(relay: Relay, three: list[Replica]) -> None:
    mara, joon = connected(relay, *three[:2])
    before = counted(relay)
    session = "a session that no file may hold"
    mara.socket.send(word(three[0], where=Whereabouts(at=REVIEW, doing=WRITING), session=session))
    assert len(heard(joon)) == 1
    assert counted(relay) == before
    for file in relay.folder.iterdir():
        assert session.encode() not in file.read_bytes()


def test_a_client_believes_only_what_is_signed_for_here_and_now(three: list[Replica]) -> None:
    mara, joon, ines = three
    company = Company(mara, random=bytes)
    there = Whereabouts(at=REVIEW, doing=WRITING)
    honest = word(joon, 5, there)
    assert company.hear(honest) == [Present((Here(joon.actor, REVIEW),))]
    assert company.hear(honest) == [], "said before"
    assert company.hear(word(joon, 4)) == [], "older"
    assert company.hear(replace(honest, count=6)) == [], "signed for another count"
    assert company.hear(replace(honest, session_id="t")) == [], "signed in another session"
    forged = presence.say(Whereabouts(), mara.community, ines.actor, joon.identity, "s", 9)
    assert company.hear(forged) == [], "signed by somebody else"
    elsewhere = presence.say(Whereabouts(), bytes(32), ines.actor, ines.identity, "s", 9)
    assert company.hear(elsewhere) == [], "said in another community"
    assert company.hear(word(mara, 9)) == [], "my own"
    stranger = Identity.from_seed(bytes(range(32)))
    said = presence.say(Whereabouts(), mara.community, stranger.public_key + bytes(8), stranger, "s", 1)
    assert company.hear(said) == [], "of nobody who belongs"
    assert company.hear(replace(honest, data=b"\xa0")) == [], "nothing that is known"
    assert company.hear(word(joon, 6, Whereabouts(here=False))) == [Present(())]
    assert company.hear(word(joon, 1, session="t")) == [Present((Here(joon.actor, ""),))], "back again"


def test_who_is_not_heard_of_for_a_minute_is_forgotten(three: list[Replica]) -> None:
    mara, joon, ines = three
    now = [0.0]
    company = Company(mara, lambda: now[0], random=bytes)
    company.hear(word(joon, 1))
    now[0] = 30.0
    company.hear(word(ines, 1))
    assert company.forget() == []
    now[0] = 61.0
    assert company.forget() == [Present((Here(ines.actor, ""),))]
    assert company.end() == [Present(())]
    assert company.end() == []


def test_one_says_where_one_is_when_it_changes_and_every_twenty_seconds_and_goodbye(
    three: list[Replica],
) -> None:
    now = [0.0]
    company = Company(three[0], lambda: now[0], random=bytes)
    company.begin()
    assert company.next_word() is None, "nobody has said yet that one is to be seen"
    company.i_am(Whereabouts())
    first = company.next_word()
    assert first is not None
    assert presence.read(first)[1] == Whereabouts()
    company.i_am(Whereabouts(at=REVIEW, doing=WRITING))
    assert company.next_word() is None, "no faster than a relay passes it on"
    assert 0 < company.rest() <= 1
    now[0] = 1.0
    second = company.next_word()
    assert second is not None
    assert presence.read(second)[1].at == REVIEW
    now[0] = 20.9
    assert company.next_word() is None
    now[0] = 21.0
    third = company.next_word()
    assert third is not None
    assert first.count < second.count < third.count
    company.i_am(None)
    now[0] = 22.0
    last = company.next_word()
    assert last is not None
    assert not presence.read(last)[1].here, "one's own setting: from now on nobody sees it"
    now[0] = 99.0
    assert company.next_word() is None
    assert company.goodbye() is None
    company.i_am(Whereabouts())
    assert company.next_word() is not None
    leaving = company.goodbye()
    assert leaving is not None
    assert not presence.read(leaving)[1].here


def test_a_farewell_says_that_one_is_gone_until_the_next_word_and_never_again(three: list[Replica]) -> None:
    mara, joon = (Company(replica, lambda: 0.0) for replica in three[:2])
    joon.begin()
    joon.i_am(HERE)
    said = joon.next_word()
    assert said is not None
    assert said.farewell is not None
    farewell = replace(said, count=said.count + 1, data=said.farewell, farewell=None)
    assert mara.hear(said) == [Present((Here(three[1].actor),))]
    assert mara.hear(farewell) == [Present(())]
    joon.begin()  # the network is back
    again = joon.next_word()
    assert again is not None
    assert mara.hear(again) == [Present((Here(three[1].actor),))]
    assert mara.hear(farewell) == []
    joon.i_am(None)
    leaving = joon.goodbye()
    assert leaving is not None
    assert leaving.farewell is None, "it is one"


def test_a_relay_that_knows_no_such_word_passes_over_it() -> None:
    frame = encode(Have({})).replace(b"have", b"haev")
    assert type(decode(frame)).__name__ == "Other"
