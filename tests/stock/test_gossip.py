"""What an open relay passes on and never keeps: ephemeral messages, and what storages elsewhere have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cbor2
import pytest

from moot_server.events import Called
from moot_shared.wire.documents import document_text, read_document
from tests.helpers.network import carry
from tests.helpers.stock import ONE, TWO, OpenRelay, Stock, settle


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[OpenRelay]:
    relay = OpenRelay(tmp_path / "relay")
    yield relay
    relay.crash()


def whisper(client: Stock, count: int, document: bytes = ONE, sender: str = "", **more: object) -> None:
    fields = {
        "type": "ephemeral", "senderId": sender or client.name, "count": count, "sessionId": "s",
        "documentId": document_text(document), "data": b"\xa1\x61x\x01",
    }  # fmt: skip
    client.send(**fields | more)


def heard(client: Stock, kind: str) -> list[dict[str, Any]]:
    client.listen()
    return [message for message in client.heard if message["type"] == kind]


def three(relay: OpenRelay, *names: str) -> tuple[Stock, Stock, Stock]:
    """Two have the document open, the third another one."""
    mara, joon, ines = (Stock(relay, name, name[0]) for name in names or ("mara", "joon", "ines"))
    mara.put("a", 1)
    joon.speak(ONE)
    ines.speak(TWO)
    settle(mara, joon, ines)
    return mara, joon, ines


def test_an_ephemeral_message_reaches_all_others_who_have_the_document_open(relay: OpenRelay) -> None:
    mara, joon, ines = three(relay)
    whisper(mara, 1)
    (message,) = heard(joon, "ephemeral")
    assert message == {
        "type": "ephemeral", "senderId": "mara", "targetId": "joon", "count": 1, "sessionId": "s",
        "documentId": document_text(ONE), "data": b"\xa1\x61x\x01",
    }  # fmt: skip
    assert heard(mara, "ephemeral") == heard(ines, "ephemeral") == []


def test_it_is_passed_on_once_by_however_many_ways_it_comes(relay: OpenRelay) -> None:
    mara, joon, _ = three(relay)
    for count in (1, 1, 2, 1, 2):
        whisper(mara, count)
        whisper(mara, count, sender="elsewhere")
    assert [(m["senderId"], m["count"]) for m in heard(joon, "ephemeral")] == [
        ("mara", 1), ("elsewhere", 1), ("mara", 2), ("elsewhere", 2),
    ]  # fmt: skip


def test_it_is_stored_nowhere(relay: OpenRelay) -> None:
    mara, _, _ = three(relay)
    secret = b"only now, and never again"
    whisper(mara, 1, data=secret)
    relay.store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert all(secret not in path.read_bytes() for path in relay.folder.iterdir() if path.is_file())


def test_at_another_process_it_reaches_all_who_have_the_document_open_and_once(
    relay: OpenRelay, tmp_path: Path
) -> None:
    relay.crash()
    relay.beside = True
    relay.start()
    mara, joon, _ = three(relay)
    there = OpenRelay(tmp_path / "there", beside=True)
    nia, ola, tariq = three(there, "nia", "ola", "tariq")
    whisper(mara, 1)
    whisper(mara, 2, data=bytes(5_000))
    assert len(carry(relay, there)) == 1, "one is too large for it"
    assert [message["count"] for message in heard(joon, "ephemeral")] == [1, 2]
    for client in (nia, ola):
        (message,) = heard(client, "ephemeral")
        assert (message["senderId"], message["count"], message["data"]) == ("mara", 1, b"\xa1\x61x\x01")
    assert heard(tariq, "ephemeral") == []
    assert there.calls == [], "it is not called back"
    there.step(Called((b"", b"\xff", cbor2.dumps(["ephemeral", 1]), cbor2.dumps(["who"]))))
    whisper(nia, 1, sender="mara")
    assert heard(ola, "ephemeral")[1:] == [], "it came by another way"
    there.crash()


def test_who_says_much_has_few_messages_that_wait_for_another_process(
    relay: OpenRelay,
) -> None:
    relay.crash()
    relay.beside = True
    relay.start()
    mara, joon, _ = three(relay)
    for count in range(500):
        whisper(mara, count)
    whisper(joon, 1)
    assert len({call.about for call in relay.calls}) == 9


def test_who_follows_a_storage_hears_what_it_has_of_documents_that_are_open(relay: OpenRelay) -> None:
    mara, joon, ines = three(relay)
    for client in (joon, ines):
        client.send(type="remote-subscription-change", add=["m"])
    (known,) = heard(joon, "remote-heads-changed")
    assert known["documentId"] == document_text(ONE)
    assert {read_document(head) for head in known["newHeads"]["m"]["heads"]} == mara[ONE].heads()
    mara.put("a", 2)
    settle(mara, joon, ines)
    last = heard(joon, "remote-heads-changed")[-1]
    assert {read_document(head) for head in last["newHeads"]["m"]["heads"]} == mara[ONE].heads()
    assert heard(ines, "remote-heads-changed") == []


def test_who_does_not_follow_it_any_more_hears_nothing(relay: OpenRelay) -> None:
    mara, joon, _ = three(relay)
    joon.send(type="remote-subscription-change", add=["m"])
    joon.send(type="remote-subscription-change", remove=["m"])
    before = len(heard(joon, "remote-heads-changed"))
    mara.put("a", 2)
    settle(mara, joon)
    assert len(heard(joon, "remote-heads-changed")) == before


def test_what_is_heard_of_a_storage_elsewhere_is_passed_on_where_it_is_newer(relay: OpenRelay) -> None:
    mara, joon, _ = three(relay)
    joon.send(type="remote-subscription-change", add=["far"], remove=None)
    for at in (5, 7, 6, 7):
        mara.send(
            type="remote-heads-changed", documentId=document_text(ONE),
            newHeads={"far": {"heads": [document_text(bytes(32))], "timestamp": at}},
        )  # fmt: skip
    told = heard(joon, "remote-heads-changed")
    assert [message["newHeads"] for message in told] == [
        {"far": {"heads": [document_text(bytes(32))], "timestamp": at}} for at in (5, 7)
    ]
    assert heard(mara, "remote-heads-changed") == []
