"""docs/wire.md says what is on the wire: every message is held against it, and so is what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import cbor2
import pytest

from moot_shared.errors import FormatError
from moot_shared.identity import Identity
from moot_shared.limits import OPEN
from moot_shared.wire import presence, stock
from moot_shared.wire.documents import document_text
from moot_shared.wire.messages import Message, Refusal, decode, encode
from moot_shared.wire.presence import WRITING, Whereabouts
from tests.helpers.cohort import founder, issue, joiner
from tests.helpers.network import Client, Relay, Socket, credentials_of_a_host, run
from tests.wire.examples import EXAMPLES
from tests.wire.specification import PAGE, fits, is_a, messages

WRONG: tuple[object, ...] = (-1, 1.5, "x" * 5_000, b"x", [[]], {"x": {}}, True)


def spoiled(message: Message) -> Iterator[tuple[str, bytes]]:
    """The message's frame, with one field after the other gone or holding something else."""
    whole: dict[str, Any] = cbor2.loads(encode(message))
    for name in whole.keys() - {"type"}:
        yield f"without {name}", cbor2.dumps({n: v for n, v in whole.items() if n != name})
        for value in WRONG:
            yield f"{name} = {str(value)[:9]}", cbor2.dumps(whole | {name: value})


def understood(frame: bytes) -> bool:
    with suppress(FormatError):
        return bool(decode(frame))
    return False


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda m: type(m).__name__)
def test_a_message_is_as_the_page_says(message: Message) -> None:
    assert fits(encode(message))


def test_the_page_lists_every_message_of_communities() -> None:
    assert {message.type for message in EXAMPLES} <= set(messages())


def test_what_an_open_relay_says_is_as_the_page_says() -> None:
    document = bytes(range(16))
    told = stock.RemoteHeads(document, {"storage": (("head",), 1_760_000_000_000)})
    passed = stock.Ephemeral(document, "a", "session", 3, b"data")
    frames = [
        stock.peer("relay", "a", "storage"),
        stock.error("relay", "a", "Version 1 only."),
        stock.unavailable("relay", "a", document_text(document)),
        stock.sync_opening("relay", "a") + stock.sync_rest(document, b"data" * 100),
        *stock.ephemeral(passed, ["b"]),
        stock.remote_heads("relay", "a", told),
    ]
    assert [cbor2.loads(frame) for frame in frames if not fits(frame)] == []
    assert stock.read(frames[-1], OPEN) == told


@pytest.mark.parametrize("where", [
    Whereabouts(), Whereabouts(here=False), Whereabouts(at="review/01J/key", doing=WRITING),
])  # fmt: skip
def test_what_a_member_says_of_where_they_are_is_as_the_page_says(where: Whereabouts) -> None:
    identity = Identity.from_seed(bytes(32))
    actor = identity.public_key + bytes(8)
    message = presence.say(where, b"c" * 32, actor, identity, "session", 4)
    assert fits(encode(message))
    assert is_a("presence", message.data)
    said, read = presence.read(message)
    assert is_a("whereabouts", said.what)
    assert read == where
    signed = b"moot presence 1\0" + b"c" * 32 + actor + b"\0\7session" + (4).to_bytes(8, "big") + said.what
    assert said.signature == identity.sign(signed)
    for name in ("actor", "what", "signature"):
        spoilt = cbor2.dumps(cbor2.loads(message.data) | {name: 1.5})
        assert not is_a("presence", spoilt)
        with pytest.raises(FormatError):
            presence.read(replace(message, data=spoilt))


SAID = {"documentId": document_text(bytes(range(16))), "senderId": "a", "targetId": "relay"}


@pytest.mark.parametrize("fields", [
    {"type": "request", **SAID, "data": b"B"},
    {"type": "sync", **SAID, "data": b"B"},
    {"type": "ephemeral", **SAID, "sessionId": "s", "count": 1, "data": b""},
    {"type": "remote-subscription-change", "senderId": "a", "targetId": "r", "add": ["s"], "remove": []},
    {"type": "remote-heads-changed", **SAID, "newHeads": {"s": {"heads": ["h"], "timestamp": 1}}},
], ids=lambda fields: str(fields["type"]))  # fmt: skip
def test_what_an_open_relay_understands_is_what_the_page_allows(fields: dict[str, object]) -> None:
    assert fits(cbor2.dumps(fields))
    assert not isinstance(stock.read(cbor2.dumps(fields), OPEN), stock.Other)
    for name in fields.keys() - {"type", "senderId", "targetId"}:
        spoilt = cbor2.dumps(fields | {name: 1.5})
        assert not fits(spoilt)
        with pytest.raises(FormatError):
            stock.read(spoilt, OPEN)


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda m: type(m).__name__)
def test_what_the_page_does_not_allow_is_not_understood(message: Message) -> None:
    taken = [what for what, frame in spoiled(message) if understood(frame) and not fits(frame)]
    assert taken == []


def test_a_whole_conversation_is_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frames: list[bytes] = []
    send, take = Socket.send, Socket.take

    def sent(socket: Socket, message: Message | bytes) -> None:
        frames.append(message if isinstance(message, bytes) else encode(message))
        send(socket, message)

    def taken(socket: Socket) -> bytes | None:
        frame = take(socket)
        frames.extend([frame] if frame else [])
        return frame

    monkeypatch.setattr(Socket, "send", sent)
    monkeypatch.setattr(Socket, "take", taken)
    relay = Relay(tmp_path / "relay")
    mara = founder(tmp_path / "mara")
    joon = joiner(tmp_path / "joon", mara, "Joon", seed=2)
    run(Client(mara, relay, credentials_of_a_host()))
    run(Client(joon, relay), Client(mara, relay))
    issue(joon, "Handover loses facts")
    run(Client(joon, relay), Client(mara, relay), sign=True)
    kinds = {cbor2.loads(frame)["type"] for frame in frames}
    assert {"join", "challenge", "proof", "peer", "have", "page", "stored", "done", "receipt"} <= kinds
    assert [cbor2.loads(frame) for frame in frames if not fits(frame)] == []


def test_the_page_lists_every_code_with_which_a_relay_ends_a_connection() -> None:
    said = set()
    for source in (PAGE.parents[1] / "server").rglob("*.py"):
        said |= _codes(source.read_text())
    listed = PAGE.read_text()
    assert {code for code in said if f"`{code}`" not in listed} == set()
    assert Refusal("stranger", "…").code in said


def _codes(source: str) -> set[str]:
    """The first argument of each refusal and dismissal in a module, where it is written out there."""
    import ast

    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("Refusal", "dismiss"):
                found.add(str(node.args[0].value))
    return found
