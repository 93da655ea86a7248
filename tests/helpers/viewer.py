"""A reader by a viewer link: any program on the binding, that speaks automerge-repo's protocol."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cbor2

from moot_server.events import Opened
from moot_server.storage.store import Store
from moot_server.viewing.core import ViewingCore
from moot_server.watching.figures import Figures
from moot_shared.wire.documents import document_text
from moot_shared.wire.viewing import document_of
from tests.helpers.binding import Replica as Document
from tests.helpers.network import Relay, Socket

PATIENCE = 200  # frames: a conversation that takes more has no end


class ReadRelay(Relay):
    """A relay whose communities can be read by link."""

    def start(self) -> None:
        super().start()
        self.members = self.core
        store: Store = self.wrap(self.store)
        self.figures = Figures()
        viewing = ViewingCore(self.members, store, self.limits, figures=self.figures)
        self.core = viewing  # type: ignore[assignment]

    def visit(self, path: str, address: str = "192.0.2.9") -> Socket:
        """A new socket that asks for a path."""
        socket = Socket(self, next(self.numbers))
        self.sockets[socket.number] = socket
        self.step(Opened(socket.number, address, path=path))
        return socket

    def restored_from(self, copy: Path) -> None:
        """Begin again with an older database, and the log that lies beside it."""
        self.crash()
        for name in ("relay.db-wal", "relay.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        (self.folder / "relay.db").write_bytes(copy.read_bytes())
        self.start()


@dataclass
class Viewer:
    """One reader, and its document."""

    relay: ReadRelay
    path: str
    community: bytes = b""
    address: str = "192.0.2.9"
    document: Document = field(default_factory=Document)
    heard: list[dict[str, Any]] = field(default_factory=list)
    said: list[bytes] = field(default_factory=list)
    """Its own sync messages."""

    def __post_init__(self) -> None:
        self.socket = self.relay.visit(self.path, self.address)
        self.name = f"viewer-{self.socket.number}"
        self.send(type="join", peerMetadata={"isEphemeral": True}, supportedProtocolVersions=["1"])
        self.listen()

    @property
    def document_id(self) -> str:
        """By which name the community is asked for."""
        return document_text(document_of(self.community))

    @property
    def let_in(self) -> bool:
        """Whether the relay has answered `peer`."""
        return any(message["type"] == "peer" for message in self.heard)

    @property
    def turned_out(self) -> str:
        """What the relay said when it ended the connection; '' while it has not."""
        return next((message["message"] for message in self.heard if message["type"] == "error"), "")

    @property
    def synced(self) -> list[bytes]:
        """The sync messages that came."""
        return [message["data"] for message in self.heard if message["type"] == "sync"]

    def send(self, **fields: object) -> None:
        """One frame."""
        self.socket.send(cbor2.dumps({"senderId": self.name, "targetId": "relay", **fields}))

    def listen(self) -> bool:
        """Take in what has come; whether there was anything."""
        before = len(self.heard)
        while (data := self.socket.take()) is not None:
            message = cbor2.loads(data)
            self.heard.append(message)
            if message["type"] == "sync":
                self.document.take(message["data"])
        return len(self.heard) > before

    def follow(self) -> Viewer:
        """Talk until nobody has more to say; that has an end."""
        for _ in range(PATIENCE):
            said = self.document.say() if not self.turned_out else None
            if said is not None:
                self.said.append(said)
                kind = "sync" if self.document.heads() else "request"
                self.send(type=kind, documentId=self.document_id, data=said)
            if not self.listen() and said is None:
                return self
        raise AssertionError("The two answer each other for ever.")
