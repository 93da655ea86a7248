"""Who is here, where members of one community are connected to different processes of one relay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from moot_client.replica.replica import Replica
from moot_server.events import Call, Called
from moot_server.members.across import KEPT, SAID, WHO, Across
from moot_server.members.presence import NEWCOMER_MS
from moot_shared.limits import DEFAULT, KIB
from moot_shared.wire import cbor
from moot_shared.wire.messages import Have, encode
from tests.helpers.network import Client, Relay, carry, hosted
from tests.server.test_presence import coming, connected, heard, members, parting, word

__all__ = ["members"]


@dataclass(frozen=True)
class Cast:
    """Three members, and two processes that hold their community."""

    members: list[Replica]
    here: Relay
    there: Relay


@pytest.fixture
def cast(tmp_path: Path, members: list[Replica]) -> Iterator[Cast]:
    cast = Cast(members, *(Relay(tmp_path / name, beside=True) for name in ("here", "there")))
    for relay in (cast.here, cast.there):
        hosted(relay, members[0])
    yield cast
    cast.here.crash()
    cast.there.crash()


def come(relay: Relay, replica: Replica) -> Client:
    """Somebody who has caught up, and asked by now."""
    (client,) = connected(relay, replica)
    return client


def said_across(relay: Relay) -> list[Call]:
    """The words that a process has yet to call to the others."""
    return [call for call in relay.calls if call.about.startswith(SAID.encode())]


def test_a_word_goes_to_those_at_the_other_process_and_once(cast: Cast) -> None:
    mara, joon, ines = cast.members
    speaker, beside, other = come(cast.here, mara), come(cast.here, joon), come(cast.there, ines)
    carry(cast.here, cast.there)
    said = word(mara)
    speaker.socket.send(said)
    (call,) = carry(cast.here, cast.there)
    assert not call.asks
    for client in (beside, other):
        (got,) = heard(client)
        assert (got.data, got.session_id) == (said.data, said.session_id)
    assert heard(speaker) == []
    assert cast.there.calls == [], "it is not called back"


def test_what_is_not_passed_on_here_is_not_called_across(cast: Cast) -> None:
    speaker = come(cast.here, cast.members[0])
    carry(cast.here, cast.there)
    for count in range(1, 301):
        speaker.socket.send(word(cast.members[0], count))
    assert len(said_across(cast.here)) == DEFAULT.ephemeral_burst
    cast.here.calls.clear()
    cast.here.now += 60_000
    speaker.socket.send(word(cast.members[1], 1))
    assert said_across(cast.here) == [], "somebody else's"
    speaker.socket.send(word(cast.members[0], 301))
    assert len(said_across(cast.here)) == 1


def test_who_comes_hears_of_those_who_are_connected_elsewhere_and_nobody_else_does_again(cast: Cast) -> None:
    mara, joon, ines = cast.members
    speaker, early = come(cast.here, mara), come(cast.there, joon)
    speaker.socket.send(word(mara, 1))
    speaker.socket.send(word(mara, 2))
    carry(cast.here, cast.there)
    cast.there.now += NEWCOMER_MS + 1
    cast.here.now = cast.there.now
    heard(early)
    late = coming(cast.there, ines)
    assert heard(late) == []
    carry(cast.here, cast.there)
    assert [message.count for message in heard(late)] == [2]
    assert heard(early) == []


@pytest.mark.parametrize("how", ["goodbye", "lost", "silent", "dismissed"])
def test_of_who_has_gone_nothing_is_handed_on(cast: Cast, how: str) -> None:
    mara, joon, _ = cast.members
    speaker = come(cast.here, mara)
    speaker.socket.send(word(mara, 1))
    if how == "goodbye":
        speaker.socket.send(word(mara, 2))
        speaker.socket.close()
    elif how == "lost":
        speaker.socket.close()
    elif how == "dismissed":
        speaker.socket.send(b"no message")
    else:
        cast.here.now += 31_000
    carry(cast.here, cast.there)
    newcomer = come(cast.there, joon)
    assert [call.asks for call in carry(cast.here, cast.there)] == [True]
    assert heard(newcomer) == []


def test_a_machine_that_has_gone_on_to_another_process_is_remembered_there_only(cast: Cast) -> None:
    """Its old socket is not known to be over yet."""
    mara, joon, _ = cast.members
    come(cast.here, mara).socket.send(word(mara, 1, session="before"))
    carry(cast.here, cast.there)
    again = come(cast.there, mara)
    again.socket.send(word(mara, 1, session="after"))
    carry(cast.here, cast.there)
    cast.here.now = cast.there.now = cast.here.now + NEWCOMER_MS + 1
    (first,) = heard(coming(cast.there, joon))
    kept = [call for call in carry(cast.here, cast.there) if not call.asks]
    assert first.session_id == "after"
    assert kept == []


def test_a_farewell_is_heard_at_the_other_process_unless_its_machine_has_gone_on_there(cast: Cast) -> None:
    mara, joon, _ = cast.members
    other = come(cast.there, joon)
    speaker = come(cast.here, mara)
    speaker.socket.send(parting(mara, 1))
    speaker.socket.close()
    carry(cast.here, cast.there)
    assert [message.count for message in heard(other)] == [1, 2]
    left = come(cast.here, mara)
    left.socket.send(parting(mara, 3))
    carry(cast.here, cast.there)
    again = come(cast.there, mara)
    again.socket.send(parting(mara, 5))
    carry(cast.here, cast.there)
    heard(other)
    left.socket.close()
    carry(cast.here, cast.there)
    assert heard(other) == []


def test_somebody_who_asks_again_and_again_has_the_others_answer_once_in_a_while(cast: Cast) -> None:
    mara, joon, _ = cast.members
    come(cast.here, mara).socket.send(word(mara))
    carry(cast.here, cast.there)
    asking = come(cast.there, joon)
    carry(cast.here, cast.there)
    for _ in range(50):
        asking.socket.send(Have(joon.version()))
    assert carry(cast.here, cast.there) == []
    cast.there.now += NEWCOMER_MS + 1
    asking.socket.send(Have(joon.version()))
    assert len(carry(cast.here, cast.there)) == 2, "a question and an answer"


def test_what_another_version_or_nobody_at_all_calls_changes_nothing(cast: Cast) -> None:
    mara, joon, ines = cast.members
    client = come(cast.there, ines)
    carry(cast.here, cast.there)
    honest = encode(replace(word(mara), sender_id="m"))
    large = encode(replace(word(mara), data=bytes(KIB + 1)))
    elsewhere = encode(replace(word(mara), document_id="2j9knpCseyhnK8izDmLpGP5WMdZQ"))
    words = [
        b"",
        b"\xff",
        cbor.encode([]),
        cbor.encode(["said", 1, 2, 3]),
        cbor.encode(["later", mara.community, mara.actor, honest]),
        cbor.encode([["said"], mara.community, mara.actor, honest]),
        cbor.encode(["said", mara.community, b"", honest]),
        cbor.encode(["said", bytes(32), mara.actor, honest]),
        *(Across(SAID, mara.community, mara.actor, frame).call().word for frame in (b"", large, elsewhere)),
        Across(SAID, mara.community, mara.actor, encode(Have({}))).call().word,
        Across(WHO, bytes(32)).call().word,
    ]
    cast.there.step(Called(tuple(words)))
    assert heard(client) == []
    assert cast.there.calls == []
    for kind in (SAID, KEPT):
        cast.there.step(Called((Across(kind, mara.community, joon.actor, honest).call().word,)))
    assert len(heard(client)) == 2, "what it says is for its receivers to judge"


def test_a_relay_of_one_process_calls_nothing_across(tmp_path: Path, members: list[Replica]) -> None:
    relay = Relay(tmp_path / "relay")
    hosted(relay, members[0])
    speaker, other = connected(relay, *members[:2])
    speaker.socket.send(word(members[0]))
    assert len(heard(other)) == 1
    assert relay.calls == []
    relay.crash()
