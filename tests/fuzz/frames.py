"""Messages that are no messages: to a relay at each stage, and to a client at each stage."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from moot_client.sync.company import Company
from moot_client.sync.session import Session
from moot_shared.errors import FormatError, MootError
from moot_shared.wire import cbor, presence
from moot_shared.wire.messages import (
    Challenge,
    Done,
    Error,
    Have,
    Join,
    Message,
    Page,
    Peer,
    Proof,
    Receipt,
    Refusal,
    Stored,
    decode,
    encode,
)
from moot_shared.wire.presence import Whereabouts
from tests.fuzz.attempt import Attempt
from tests.fuzz.bytework import BOUNDARIES, bytes_changed
from tests.fuzz.corpus import Corpus
from tests.fuzz.honest import Broken
from tests.fuzz.peers import ATTACKER, Peers, page_body
from tests.helpers.network import ADDRESS, MEMBER, NOW

ODD: tuple[Any, ...] = (
    None, True, -1, 1 << 64, 1 << 63, 1e300, float("nan"), "", "x" * 2_000, "\x1b[2J", b"",
    bytes(31), bytes(33), [], {}, [[[[[[[[[1]]]]]]]]],
    {"a": {"b": {"c": {}}}}, [1] * 5_000,
)  # fmt: skip
HEADS = (
    b"\xbf", b"\xc2\x5a\x00\x0f\xff\xff", b"\xd8\x1d\x00", b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff", b"\xf8\x18", b"\x9f\xff", b"\xd8\x23\x61(", b"\x81" * 2_000,
    b"\xba\xff\xff\xff\xff", b"\xfb\x7f\xf8\0\0\0\0\0\0", b"\xf7",
)  # fmt: skip
"""Beginnings of items that ask a reader for much: endless ones, tags, sizes beyond everything."""


def honest(corpus: Corpus, dice: random.Random) -> Message:
    """A message as either side might send it."""
    replica = corpus.replicas[ATTACKER]
    version = replica.version()
    few = dict(dice.sample(sorted(version.items()), 3))
    pages = [page_body(dice.sample(corpus.sealed, 3)), page_body(corpus.sealed[:40])]
    # fmt: off
    makers: list[Callable[[], Message]] = [
        lambda: Join("0123456789abcdef"),
        lambda: Challenge(dice.randbytes(32), dice.randbytes(16)),
        lambda: Proof(
            community=corpus.id, actor=replica.actor, role="member", address=ADDRESS,
            signature=dice.randbytes(64), mac=dice.randbytes(32),
        ),
        lambda: Peer(
            "r", "c", dice.randbytes(16), dice.choice((version, few)), NOW, last=version.get(replica.actor)
        ),
        lambda: Have(dice.choice((version, few))),
        lambda: Page(dice.choice(pages), n=dice.randrange(9), more=dice.random() < 0.2, at=NOW),
        lambda: Page(dice.choice(pages)),
        lambda: Stored(1, {actor: seq for actor, (seq, _) in few.items()}, NOW),
        lambda: Done(replica.heads(), NOW),
        lambda: Receipt(*replica.receipt(NOW)),
        lambda: presence.say(
            dice.choice((Whereabouts(), Whereabouts(False), Whereabouts(at="review/x/y", doing="writing"))),
            corpus.id, replica.actor, replica.identity, "s", dice.randrange(9),
        ),
        lambda: Refusal("code", "A sentence.", dice.choice((None, dice.choice(corpus.changes).hash))),
        lambda: Error("A sentence."),
    ]
    # fmt: on
    return dice.choice(makers)()


def tampered(corpus: Corpus, dice: random.Random) -> tuple[bytes, list[str]]:
    """A frame that is not quite one."""
    message = honest(corpus, dice)
    story = [f"a message of type {message.type}"]
    value: Any = cbor.decode(encode(message))
    story += [_field_changed(value, dice) for _ in range(dice.choice((0, 0, 1, 1, 2)))]
    data = cbor.encode(value)
    what = dice.random()
    if what < 0.15:
        data, told = bytes_changed(data, dice)
        story.append(told)
    elif what < 0.27:
        at = dice.randrange(len(data))
        head = dice.choice(HEADS)
        data = data[:at] + head + data[at + dice.choice((0, 1, len(head))) :]
        story.append(f"the head {head[:10].hex()} at {at}")
    return data, story


def _field_changed(value: dict[str, Any], dice: random.Random) -> str:
    name = dice.choice([*value, "new"])
    what = dice.choice((0, 1, 1, 1, 2, 2, 3, 3, 4, 5))
    if what == 0:
        value.pop(name, None)
        return f"{name} is left out"
    old = value.get(name)
    if what == 1 and isinstance(old, bytes):
        changed = bytes_changed(old, dice)[0]
        value[name] = (changed + old)[: len(old)] if dice.random() < 0.7 else changed
    elif what == 2 and isinstance(old, dict) and old:
        key = dice.choice(list(old))
        old[dice.choice((key, key[:-1] if isinstance(key, bytes) else "x", "text"))] = dice.choice(
            (*ODD, [1, 2], [-1, b""])
        )
    elif what == 3 and isinstance(old, int):
        value[name] = dice.choice([n for n in BOUNDARIES if n < 1 << 64])
    elif what == 4 and isinstance(old, list) and old:
        value[name] = old * dice.choice((2, 400))
    else:
        value[name] = dice.choice(ODD)
    return f"{name} is another ({type(value.get(name)).__name__})"


def to_relay(peers: Peers, dice: random.Random) -> Attempt:
    """A frame for a relay, from somebody whom it does not know yet, or from a member."""
    data, story = tampered(peers.corpus, dice)
    stage = dice.choice(("joining", "proving", "in", "in"))

    def with_bytes(data: bytes) -> Callable[[], str]:
        return lambda: _relay_hears(peers, data, stage)

    return Attempt([*story, f"to the relay, {stage}"], data, with_bytes(data), with_bytes)


def _relay_hears(peers: Peers, data: bytes, stage: str) -> str:
    word = reads(data)
    relay, stored = peers.relay, peers.stored()
    socket = peers.socket if stage == "in" else relay.open()
    if stage == "proving":
        socket.send(Join("0123456789abcdef"))
        socket.heard()
    socket.send(data)
    heard = socket.heard()
    if stage != "in":
        if any(isinstance(message, Peer) for message in heard):
            raise Broken("the relay let somebody in who has proven nothing")
        socket.close()
    changed = peers.stored() != stored
    if changed or (
        stage == "in" and (socket.closing or not socket.open or word in ("page", "receipt", "have"))
    ):
        peers.restart()  # also shows that a member is let in as before
    return f"relay {stage} {word}"


def to_client(peers: Peers, dice: random.Random) -> Attempt:
    """A frame for a client, from what says that it is a relay."""
    data, story = tampered(peers.corpus, dice)
    stage = dice.choice(("joining", "proving", "in", "in", "in"))
    seed = dice.random()

    def with_bytes(data: bytes) -> Callable[[], str]:
        return lambda: _client_hears(peers, data, stage, random.Random(seed))

    return Attempt([*story, f"to the client, {stage}"], data, with_bytes(data), with_bytes)


def _client_hears(peers: Peers, data: bytes, stage: str, dice: random.Random) -> str:
    word = reads(data)
    replica = peers.replica
    with peers.undone():
        company = Company(replica, random=dice.randbytes)
        session = Session(
            replica, f"ws://{ADDRESS}", MEMBER, now=lambda: NOW, random=dice.randbytes, company=company
        )
        session.start()
        if stage != "joining":
            session.receive(encode(Challenge(dice.randbytes(32), dice.randbytes(16))))
        if stage == "in":
            version = replica.version()
            session.receive(
                encode(Peer("r", "c", dice.randbytes(16), version, NOW, version.get(replica.actor)))
            )
        try:
            session.receive(data)
        except MootError as error:
            word += f" {type(error).__name__}"
        for _ in range(5):
            frame = session.next_frame()
            if frame is not None:
                decode(frame)
        session.milestone()
    return f"client {stage} {word}"


def reads(data: bytes) -> str:
    """The type of the message in a frame, or 'unreadable'; what is read can be written and read again."""
    try:
        message = decode(data)
    except FormatError:
        return "unreadable"
    if message.type:
        again = decode(encode(message))
        if repr(again) != repr(message):
            raise Broken("a message that was read, written and read again is another")
    return message.type or "other"
