"""Whatever a reader sends: it ends their connection or nothing, and the others follow on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cbor2
import pytest

from moot_client.replica.commands import MakeInvite
from moot_client.replica.replica import Replica
from moot_server.events import Frame
from moot_shared.wire.documents import document_text
from moot_shared.wire.viewing import document_of
from tests.helpers import binding
from tests.helpers.cohort import issue
from tests.helpers.network import Client, hosted, run
from tests.helpers.viewer import ReadRelay, Viewer

ODD: tuple[Any, ...] = (
    None, True, -1, 2**63, 1.5, float("nan"), "", "x" * 1000, b"", b"\xff" * 5000, [], [[]], {}, {b"": {}},
    cbor2.undefined, cbor2.CBORTag(24, b"x"),
)  # fmt: skip
LARGE = b"\xff\xff\xff\xff\x0f"
HOSTILE = (
    b"\x42" + LARGE,  # heads without end
    b"\x42\0" + LARGE,  # wishes without end
    b"\x42\0\0" + LARGE,
    b"\x42\0\0\1\0" + LARGE,  # a filter larger than the message
    b"\x42\0\0\1\0\x07\xff\xff\xff\xff\x0f\x01\x01\0",  # a filter of 4 billion entries
    b"\x42\0\0\1\0\x04\x01\0\0\0\0",  # a filter of no bits
    b"\x42\0\0\0" + LARGE,
    b"\x43\0\0\0\1\x09\x85\x6f\x4a\x83\0\0\0\0\0",  # a document that is none
    b"\x42\0" + b"\x20" + bytes(32) * 32 + b"\0\0",  # one change asked for many times
    b"\x42\1" + b"\xff" * 32 + b"\0\0\0",  # heads that nobody has
    b"\x44\0\0\0\0",
)


@pytest.fixture
def how_many() -> int:
    return 1


@pytest.fixture
def relay(tmp_path: Path, cohort: list[Replica]) -> Iterator[ReadRelay]:
    relay = ReadRelay(tmp_path / "relay")
    hosted(relay, cohort[0])
    yield relay
    relay.crash()


@pytest.fixture
def path(relay: ReadRelay, cohort: list[Replica]) -> str:
    url = str(cohort[0].do(MakeInvite("view", None, None)))
    exchange(relay, cohort[0])
    return url.removeprefix("ws://relay.example")


def exchange(relay: ReadRelay, mara: Replica) -> None:
    client = Client(mara, relay)
    run(client, sign=True)
    client.socket.close()


def messages(document: str) -> list[dict[str, Any]]:
    to = {"senderId": "a reader", "targetId": "relay"}
    said = binding.Replica().say()
    return [
        {"type": "request", "documentId": document, "data": said, **to},
        {"type": "sync", "documentId": document, "data": said, **to},
        {"type": "ephemeral", "documentId": document, "count": 1, "sessionId": "s", "data": b"\xa0", **to},
        {"type": "remote-subscription-change", "add": ["s"], "remove": ["t"], **to},
        {"type": "remote-heads-changed", "documentId": document,
         "newHeads": {"s": {"heads": ["h"], "timestamp": 1}}, **to},
        {"type": "doc-unavailable", "documentId": document, **to},
        {"type": "join", "peerMetadata": {}, "supportedProtocolVersions": ["1"], **to},
        {"type": "leave", **to},
    ]  # fmt: skip


def bad_frames(document: str) -> Iterator[bytes]:
    dice = random.Random(11)
    for message in messages(document):
        whole = cbor2.dumps(message)
        for field in message:
            yield cbor2.dumps({name: value for name, value in message.items() if name != field})
            yield from (cbor2.dumps(message | {field: odd}) for odd in ODD)
        yield from (whole[:at] for at in range(0, len(whole), 7))
        for _ in range(30):
            mutated = bytearray(whole)
            for _ in range(dice.randint(1, 4)):
                mutated[dice.randrange(len(mutated))] = dice.randrange(256)
            yield bytes(mutated)
    for data in HOSTILE:
        yield cbor2.dumps({"type": "sync", "documentId": document, "senderId": "a", "data": data})


@pytest.mark.slow
@pytest.mark.parametrize("known", [False, True], ids=["at the door", "let in"])
def test_no_frame_of_a_reader_disturbs_anybody(
    relay: ReadRelay, cohort: list[Replica], path: str, known: bool
) -> None:
    mara = cohort[0]
    good = Viewer(relay, path, mara.community).follow()
    document = document_text(document_of(mara.community))
    stored = len(list(relay.store.entries(mara.community)))
    bad = None
    for frame in bad_frames(document):
        if bad is None or bad.closing:
            if bad is not None:
                bad.close()
            bad = Viewer(relay, path, mara.community).socket if known else relay.visit(path)
        relay.step(Frame(bad.number, frame))
        bad.inbox.clear()
        relay.now += 1000
    assert len(list(relay.store.entries(mara.community))) == stored
    issue(mara, "Followed on")
    exchange(relay, mara)
    assert good.follow().document.heads() == set(mara.heads())
    newcomer = Viewer(relay, path, mara.community, address="192.0.2.77").follow()
    assert newcomer.document.heads() == set(mara.heads())
