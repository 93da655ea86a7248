"""Each message is one frame, and every frame is a message or a sentence about why it is none."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moot_shared.errors import FormatError
from moot_shared.wire.messages import (
    Have,
    Join,
    Message,
    Other,
    Page,
    decode,
    encode,
)
from tests.wire.examples import ACTOR, EXAMPLES, HASH


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda m: type(m).__name__)
def test_a_message_comes_back_as_it_was_sent(message: Message) -> None:
    assert decode(encode(message)) == message


def test_a_join_of_the_javascript_client_is_read_though_it_sends_undefined_for_what_is_absent() -> None:
    frame = cbor2.dumps(
        {
            "type": "join",
            "senderId": "peer-4f1c",
            "peerMetadata": {"storageId": cbor2.undefined, "isEphemeral": True},
            "supportedProtocolVersions": ["1"],
        }
    )
    message = decode(frame)
    assert isinstance(message, Join)
    assert (message.sender_id, message.supported_protocol_versions) == ("peer-4f1c", ("1",))


def test_names_on_the_wire_are_those_of_automerge_repo() -> None:
    assert set(cbor2.loads(encode(Join("4f1c")))) == {
        "type", "senderId", "peerMetadata", "supportedProtocolVersions",
    }  # fmt: skip


def test_unknown_fields_are_passed_over() -> None:
    frame = cbor2.dumps(cbor2.loads(encode(Have({}))) | {"later": [1, 2]})
    assert decode(frame) == Have({})


def test_a_message_of_a_later_version_is_known_as_such() -> None:
    assert decode(cbor2.dumps({"type": "later", "x": 1})) == Other("later")


WRONG: dict[str, Any] = {
    "no map": [1],
    "no type": {"clock": {}},
    "a type that is no text": {"type": 7},
    "a field that is missing": {"type": "challenge", "nonce": b"n" * 32},
    "a nonce of another length": {"type": "challenge", "nonce": b"n", "relay": b"r" * 16},
    "an actor of another length": {"type": "have", "clock": {b"a": [1, HASH]}},
    "a hash of another length": {"type": "have", "clock": {ACTOR: [1, b"h"]}},
    "a seq below zero": {"type": "have", "clock": {ACTOR: [-1, HASH]}},
    "a seq beyond SQLite": {"type": "have", "clock": {ACTOR: [1 << 63, HASH]}},
    "a seq that is true": {"type": "stored", "n": 1, "through": {ACTOR: True}, "at": 0},
    "a sentence without end": {"type": "refusal", "code": "x", "text": "x" * 2000},
    "heads without number": {"type": "done", "heads": [HASH] * 1001, "at": 0},
    "a body that is text": {"type": "page", "body": "text"},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_frame_that_holds_something_else_is_refused(what: str) -> None:
    with pytest.raises(FormatError):
        decode(cbor2.dumps(WRONG[what]))


@given(st.sampled_from(EXAMPLES), st.integers(0), st.integers(0, 255))
def test_a_damaged_frame_is_a_message_or_a_sentence(message: Message, where: int, byte: int) -> None:
    frame = bytearray(encode(message))
    frame[where % len(frame)] = byte
    with suppress(FormatError):
        decode(bytes(frame))


def test_messages_are_values() -> None:
    page = Page(b"body", 1)
    assert replace(page, n=2) != page
