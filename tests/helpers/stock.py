"""Stock clients of an open relay: documents of the binding, and automerge-repo's protocol around them.

In one process without sockets here; a relay's process is reached in the same words by `Wired`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import cbor2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from moot_server.events import Due
from moot_server.stock.core import OpenCore
from moot_server.stock.rhythm import LATER_MS
from moot_server.storage.sqlite import SqliteStore
from moot_shared.limits import OPEN, Limits
from moot_shared.wire.documents import document_text
from tests.helpers.binding import Replica
from tests.helpers.network import Relay, Socket

PATIENCE = 500  # rounds: a conversation that takes more has no end
ONE, TWO = bytes(range(16)), bytes(range(16, 32))


@dataclass
class OpenRelay(Relay):
    """An open relay's core over a real file, and the sockets that it believes to have."""

    limits: Limits = OPEN

    def start(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.store = SqliteStore(self.folder / "relay.db")
        self.open_core = OpenCore(self.wrap(self.store), self.limits, shared=self.beside)
        self.core = self.open_core  # type: ignore[assignment]

    def crash(self) -> None:
        self.store.close()
        for socket in list(self.sockets.values()):
            socket.open = False
        self.sockets.clear()

    def later(self) -> None:
        """A moment passes."""
        self.now += LATER_MS
        self.step(Due())


def join(name: str, storage: str | None = None, **more: object) -> dict[str, object]:
    """What a client says first."""
    metadata = {"storageId": storage, "isEphemeral": False} if storage else {"isEphemeral": True}
    said = {"type": "join", "senderId": name, "peerMetadata": metadata, "supportedProtocolVersions": ["1"]}
    return said | more


@dataclass
class Stock:
    """One client, connected unless it is told otherwise."""

    relay: OpenRelay
    name: str
    storage: str | None = None
    documents: dict[bytes, Replica] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    said: int = 0
    """Frames that it sent."""

    def __post_init__(self) -> None:
        self.connect()

    def connect(self) -> None:
        """A new connection, and new conversations about all documents."""
        self.socket: Socket = self.relay.open()
        self.send(**join(self.name, self.storage))
        for document, replica in self.documents.items():
            replica.reconnect()
            self.speak(document)

    def __getitem__(self, document: bytes) -> Replica:
        """Its document, which it has open from now on."""
        if document not in self.documents:
            self.documents[document] = Replica()
        return self.documents[document]

    def send(self, **fields: object) -> None:
        """A frame."""
        self.said += 1
        self.socket.send(self.frame(**fields))

    def frame(self, **fields: object) -> bytes:
        """A frame, not sent."""
        return cbor2.dumps({"senderId": self.name, "targetId": "relay", **fields})

    def speak(self, document: bytes = ONE) -> bool:
        """Say of a document what there is to say; whether there was anything."""
        data = self[document].say()
        if data is not None:
            self.send(**self.about(document, data))
        return data is not None

    def about(self, document: bytes, data: bytes) -> dict[str, object]:
        """A sync message, or the request for a document that one has nothing of."""
        kind = "sync" if self[document].heads() else "request"
        return {"type": kind, "documentId": document_text(document), "data": data}

    def put(self, key: str, value: int, document: bytes = ONE) -> None:
        """One change, said at once."""
        self[document].put(key, value)
        self.speak(document)

    def listen(self) -> bool:
        """Take in what has come; whether there was anything."""
        before = len(self.heard)
        while (data := self.socket.take()) is not None:
            message = cbor2.loads(data)
            self.heard.append(message)
            for document, replica in self.documents.items():
                if message.get("documentId") == document_text(document) and message["type"] == "sync":
                    replica.take(message["data"])
        return len(self.heard) > before

    def types(self) -> list[str]:
        """What kinds of messages came, except the first."""
        return [message["type"] for message in self.heard if message["type"] != "peer"]

    @property
    def turned_out(self) -> str:
        """What the relay said when it ended the connection; '' while it has not."""
        return next((message["message"] for message in self.heard if message["type"] == "error"), "")


def settle(*clients: Stock) -> None:
    """Everybody listens and answers until nobody has more to say; that has an end."""
    quiet = 0
    for _ in range(PATIENCE):
        busy = False
        for client in clients:
            busy |= client.listen()
            for document in client.documents:
                busy |= client.socket.open and client.speak(document)
        quiet = 0 if busy else quiet + 1
        if quiet > 1:
            return
        clients[0].relay.later()
    raise AssertionError("They answer one another for ever.")


def message(
    heads: Iterable[bytes] = (), need: Iterable[bytes] = (), chunks: Iterable[bytes] = (), have: bytes = b"\0"
) -> bytes:
    """A sync message by hand; `have` as it stands in it."""
    parts = [b"\x42"]
    for hashes in (tuple(heads), tuple(need)):
        parts += [_leb(len(hashes)), *hashes]
    parts.append(have)
    pieces = tuple(chunks)
    parts.append(_leb(len(pieces)))
    for piece in pieces:
        parts += [_leb(len(piece)), piece]
    return b"".join(parts)


def _leb(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes((number,))


class Wired:
    """A client over a real socket: one document."""

    def __init__(self, url: str, name: str, document: bytes = ONE) -> None:
        self.url = url
        self.name = name
        self.document = document
        self.replica = Replica()
        self.heard: list[dict[str, Any]] = []
        self._changed = asyncio.Event()

    async def connect(self) -> Wired:
        """Connect, and begin to talk."""
        self.replica.reconnect()
        self._socket: ClientConnection = await connect(self.url, max_size=None, compression=None, proxy=None)
        await self._socket.send(cbor2.dumps(join(self.name)))
        self.heard.append(cbor2.loads(await self._socket.recv(decode=False)))
        self._listener = asyncio.create_task(self._listen())
        await self.speak()
        return self

    async def speak(self) -> None:
        """Say what there is to say."""
        data = self.replica.say()
        if data is not None:
            kind = "sync" if self.replica.heads() else "request"
            await self._socket.send(cbor2.dumps({
                "type": kind, "senderId": self.name, "targetId": "relay",
                "documentId": document_text(self.document), "data": data,
            }))  # fmt: skip

    async def put(self, key: str, value: int) -> None:
        """One change."""
        self.replica.put(key, value)
        await self.speak()

    async def stored(self) -> None:
        """Until the relay has declared what is here."""
        await self.until(lambda: self.replica.theirs == self.replica.heads())

    async def until(self, holds: Any, seconds: float = 60.0) -> None:
        """Until something holds; it is looked at again with each message."""
        async with asyncio.timeout(seconds):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def close(self) -> None:
        """Leave."""
        await self._socket.close()
        await asyncio.gather(self._listener, return_exceptions=True)

    async def _listen(self) -> None:
        try:
            while True:
                message = cbor2.loads(await self._socket.recv(decode=False))
                self.heard.append(message)
                if message["type"] == "sync":
                    self.replica.take(message["data"])
                    await self.speak()
                self._changed.set()
        except ConnectionClosed:
            pass
