"""Stock peers: a light one that keeps track of hashes, and one with the real document and sync state."""

from __future__ import annotations

import itertools
import os
from hashlib import sha256
from typing import Any

import cbor2
from typing_extensions import override

from tests.bench.relay.peer import Peer
from tests.bench.relay.wire import Change, Message, put, read_change, read_message
from tests.helpers.binding import Replica

LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
NUMBERS = itertools.count(1)


def new_document() -> str:
    """The name of a new document: 16 bytes that are a UUID, with their checksum, to the base 58."""
    raw = bytearray(os.urandom(16))
    raw[6], raw[8] = raw[6] & 0x0F | 0x40, raw[8] & 0x3F | 0x80
    whole = bytes(raw) + sha256(sha256(raw).digest()).digest()[:4]
    number, text = int.from_bytes(whole, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = LETTERS[digit] + text
    return "1" * (len(whole) - len(whole.lstrip(b"\0"))) + text


class Stock(Peer):
    """What both have: the handshake and the envelope."""

    def __init__(self, url: str, document: str) -> None:
        super().__init__(url, document)
        self.name = f"peer-{os.getpid()}-{next(NUMBERS)}"
        self.relay: str | None = None
        self.unavailable = False

    @override
    async def connect(self) -> None:
        await self.open()
        join = {"type": "join", "senderId": self.name, "peerMetadata": {"isEphemeral": True},
                "supportedProtocolVersions": ["1"]}  # fmt: skip
        self.socket.send(cbor2.dumps(join))
        await self.until(lambda: self.relay is not None)
        self.begin()

    def begin(self) -> None:
        """Ask for the document, or bring it."""
        raise NotImplementedError

    def take(self, data: bytes) -> None:
        """Take in a sync message."""
        raise NotImplementedError

    @override
    def hear(self, frame: bytes) -> None:
        message = cbor2.loads(frame)
        match message["type"]:
            case "sync" | "request":
                self.take(message["data"])
            case "peer":
                self.relay = message["senderId"]
            case "doc-unavailable":
                self.unavailable = True

    def say(self, kind: str, data: bytes) -> None:
        """Send a sync message."""
        envelope = {"type": kind, "senderId": self.name, "targetId": self.relay,
                    "documentId": self.document, "data": data}  # fmt: skip
        self.socket.send(cbor2.dumps(envelope))


class Light(Stock):
    """Knows of each change its hash and what it builds on, and says what a stock peer would say."""

    def __init__(self, url: str, document: str) -> None:
        super().__init__(url, document)
        self.actor = os.urandom(16)
        self.changes: dict[bytes, Change] = {}
        self.heads: set[bytes] = set()
        self.theirs: list[bytes] = []
        self.last_op = 0
        self._placed: dict[str, int] = {}
        self._order: dict[bytes, int] = {}
        self._acknowledged = 0

    @override
    def begin(self) -> None:
        self.say("sync" if self.heads else "request", self._message().encode())

    @override
    def edit(self, key: str, value: int) -> None:
        self.say("sync", self._message([self._made(key, value)]).encode())

    def edits(self, count: int) -> None:
        """So many at once, in one message."""
        made = [self._made(f"v{number % 100}", number) for number in range(count)]
        self.say("sync", self._message(made).encode())

    def _made(self, key: str, value: int) -> bytes:
        seq = len(self._order) + 1
        change = put(
            self.actor, seq, self.last_op + 1, sorted(self.heads), key, value, self._placed.get(key, 0)
        )
        self._placed[key] = change.last_op
        self._order[change.hash] = seq
        self._add(change)
        return change.raw

    @override
    def take(self, data: bytes) -> None:
        message = read_message(data)
        before = len(self.changes)
        for chunk in message.changes:
            change = read_change(chunk)
            if change.hash not in self.changes:
                self._add(change)
        self.theirs = message.heads
        for head in message.heads:
            self._acknowledged = max(self._acknowledged, self._order.get(head, 0))
        need = [head for head in message.heads if head not in self.changes]
        asked = [self.changes[name].raw for name in message.need if name in self.changes]
        if len(self.changes) > before or need or asked:
            self.say("sync", self._message(asked, need).encode())

    @override
    def unacknowledged(self) -> int:
        return len(self._order) - self._acknowledged

    def settled(self) -> bool:
        """Whether the relay has declared exactly what is here."""
        return set(self.theirs) == self.heads

    @override
    def known(self) -> int:
        return len(self.changes)

    @override
    def state(self) -> object:
        return frozenset(self.heads)

    def _add(self, change: Change) -> None:
        self.changes[change.hash] = change
        self.heads.difference_update(change.deps)
        self.heads.add(change.hash)
        self.last_op = max(self.last_op, change.last_op)

    def _message(self, changes: list[bytes] | None = None, need: list[bytes] | None = None) -> Message:
        common = sorted(head for head in self.theirs if head in self.changes)
        return Message(sorted(self.heads), need or [], common, changes or [])


class Whole(Stock):
    """A document of the binding, and its own sync state."""

    def __init__(self, url: str, document: str, replica: Replica | None = None) -> None:
        super().__init__(url, document)
        self.replica = replica or Replica()
        self.kinds: dict[int, int] = {}
        """How many sync messages of each kind have come."""

    @override
    def begin(self) -> None:
        self.flush("sync" if self.replica.heads() else "request")

    @override
    def take(self, data: bytes) -> None:
        self.kinds[data[0]] = self.kinds.get(data[0], 0) + 1
        self.replica.take(data)
        self.flush()

    @override
    def state(self) -> object:
        return frozenset(self.replica.heads())

    def settled(self) -> bool:
        """Whether the relay has declared exactly what is here."""
        return self.replica.theirs == self.replica.heads()

    def flush(self, kind: str = "sync") -> None:
        """Say what there is to say."""
        data: Any = self.replica.say()
        if data is not None:
            self.say(kind, data)
