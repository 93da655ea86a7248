"""What passes through a relay and is not kept: ephemeral messages, and which storage has what."""

from __future__ import annotations

from tests.javascript.conftest import Opens, Relay


def test_ephemeral_messages_reach_those_who_have_the_document_once(relay: Relay, opens: Opens) -> None:
    mara, joon, ines = opens("mara", relay), opens("joon", relay), opens("ines", relay)
    document, other = mara("create", value={}), mara("create", value={})
    for each in (document, other):
        mara("stored", document=each)
    joon("find", document=document)
    ines("find", document=other)
    for number in range(5):
        mara("broadcast", document=document, message={"cursor": number})
    mara("broadcast", document=other, message="for the other one")
    heard = joon("heard", document=document, count=5)
    assert [each["message"] for each in heard] == [{"cursor": number} for number in range(5)]
    assert {each["from"] for each in heard} == {mara.name}
    assert [e["message"] for e in ines("heard", document=other, count=1)] == ["for the other one"]
    joon("broadcast", document=document, message="and back")
    assert [e["message"] for e in mara("heard", document=document, count=1)] == ["and back"]
    assert len(joon("heard", document=document, count=5)) == 5


def test_a_client_learns_that_its_relay_has_what_it_wrote(relay: Relay, opens: Opens) -> None:
    mara = opens("mara", relay)
    document = mara("create", value={"n": 0})
    for number in range(5):
        wrote = mara.change(document, ["put", ["n"], number])
        assert mara("stored", document=document) == wrote


def test_a_client_learns_what_another_storage_holds(relay: Relay, opens: Opens, disk: str) -> None:
    mara = opens("mara", relay, gossip=True)
    joon = opens("joon", relay, gossip=True, folder=disk)
    document = mara("create", value={"n": 0})
    mara("stored", document=document)
    mara("subscribe", storages=[joon.storage])
    joon("find", document=document)
    for number in range(3):
        heads = mara.change(document, ["put", ["n"], number])
        joon.sees(document, number, "n")
        mara("remote", document=document, storage=joon.storage, heads=heads)
    heads = joon.change(document, ["put", ["n"], "joon's"])
    mara("remote", document=document, storage=joon.storage, heads=heads)
