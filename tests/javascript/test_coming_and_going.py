"""Relays that go and come again, documents that nobody has yet, two relays in turn."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from tests.javascript.conftest import Opens, Relay, relay_of


@pytest.mark.slow
def test_clients_go_on_after_the_relay_was_started_again(own_relay: Relay, opens: Opens) -> None:
    mara, joon = opens("mara", own_relay), opens("joon", own_relay)
    document = mara("create", value={"before": 1})
    mara("stored", document=document)
    joon("find", document=document)
    own_relay.stop()
    for each in (mara, joon):
        each("connected", to="none")
    mara.change(document, ["put", ["away, mara"], 1])
    joon.change(document, ["put", ["away, joon"], 2])
    own_relay.start()
    for each in (mara, joon):
        each("connected")
    mara.sees(document, 2, "away, joon")
    joon.sees(document, 1, "away, mara")
    joon.change(document, ["put", ["after"], 3])
    mara.sees(document, 3, "after")


def test_the_relay_has_it_when_everybody_was_away(own_relay: Relay, opens: Opens) -> None:
    mara = opens("mara", own_relay)
    document = mara("create", value={"kept": True})
    mara("stored", document=document)
    mara("close")
    own_relay.stop()
    own_relay.start()
    assert opens("joon", own_relay)("find", document=document) == {"value": {"kept": True}}


@pytest.mark.slow
def test_the_relay_is_the_same_one_after_a_restart(own_relay: Relay, opens: Opens) -> None:
    mara = opens("mara", own_relay)
    (before,) = mara("connected")
    assert str(uuid.UUID(before["storageId"])) == before["storageId"]
    assert before["isEphemeral"] is False
    own_relay.stop()
    mara("connected", to="none")
    own_relay.start()
    (after,) = mara("connected")
    assert after["storageId"] == before["storageId"]


@pytest.mark.slow
def test_a_client_with_a_disk_comes_back_with_what_it_wrote_alone(
    own_relay: Relay, opens: Opens, disk: str
) -> None:
    mara = opens("mara", own_relay, folder=disk)
    document = mara("create", value={"shared": 1})
    mara("stored", document=document)
    own_relay.stop()
    mara("connected", to="none")
    mara.change(document, ["put", ["alone"], 2])
    mara("close")
    own_relay.start()
    again = opens("mara", own_relay, folder=disk)
    assert again("find", document=document) == {"value": {"shared": 1, "alone": 2}}
    again("stored", document=document)
    assert opens("joon", own_relay)("find", document=document) == {"value": {"shared": 1, "alone": 2}}


def test_a_document_that_nobody_has_is_said_to_be_unavailable(relay: Relay, opens: Opens) -> None:
    mara, joon = opens("mara", relay), opens("joon", relay)
    assert joon("find", document=mara("name")) == {"unavailable": True}


def test_an_unavailable_document_comes_once_somebody_brings_it(kind: str, relay: Relay, opens: Opens) -> None:
    mara = opens("mara")
    document = mara("create", value={"late": "but here"})
    joon = opens("joon", relay)
    assert joon("find", document=document) == {"unavailable": True}
    mara("join", url=relay.url)
    joon("available", document=document)
    joon.sees(document, {"late": "but here"})
    joon.change(document, ["put", ["thanks"], True])
    mara.sees(document, True, "thanks")


@pytest.mark.slow
def test_two_relays_in_turn_lose_nothing(
    kind: str, relay: Relay, opens: Opens, tmp_path: Path, disk: str
) -> None:
    with relay_of(kind, tmp_path / "other") as other:
        mara = opens("mara", relay, folder=disk)
        document = mara("create", value={"at": {"first": 1}})
        mara("stored", document=document)
        mara("close")

        mara = opens("mara", other, folder=disk)
        mara("find", document=document)
        mara.change(document, ["put", ["at", "second"], 2])
        mara("stored", document=document)
        mara("close")

        joon = opens("joon", relay)
        assert joon("find", document=document) == {"value": {"at": {"first": 1}}}
        joon.change(document, ["put", ["at", "first again"], 3])
        joon("stored", document=document)

        everything = {"first": 1, "second": 2, "first again": 3}
        mara = opens("mara", relay, folder=disk)
        mara("find", document=document)
        mara.sees(document, everything, "at")
        joon.sees(document, everything, "at")
        mara("close")
        mara = opens("mara", other, folder=disk)
        mara("find", document=document)
        mara("stored", document=document)
        ines = opens("ines", other)
        assert ines("find", document=document) == {"value": {"at": everything}}


@pytest.mark.slow
def test_a_client_at_two_relays_carries_between_them(
    kind: str, relay: Relay, opens: Opens, tmp_path: Path
) -> None:
    with relay_of(kind, tmp_path / "other") as other:
        mara, joon, both = opens("mara", relay), opens("joon", other), opens("both", relay, other)
        document = mara("create", value={"from": "here"})
        mara("stored", document=document)
        both("find", document=document)
        both("stored", document=document, relay=1)
        assert joon("find", document=document) == {"value": {"from": "here"}}
        joon.change(document, ["put", ["answer"], "from there"])
        mara.sees(document, "from there", "answer")
