"""Somebody with a viewer link, on a real socket: they say what they like, and wait for what is answered."""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import Any

import cbor2
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from moot_shared.wire.documents import document_text
from moot_shared.wire.viewing import document_of
from tests.helpers.binding import Replica as Document
from tests.helpers.patience import PATIENCE_S

ROUNDS, FRAMES = 50, 1_000  # in a conversation that has to end


class Visitor:
    """One connection to a relay, at any address, and the document that it asks for."""

    def __init__(self, url: str, community: bytes) -> None:
        self._connect = connect(url, compression=None, proxy=None, open_timeout=PATIENCE_S)
        self.socket = self._connect.__enter__()
        self.document = Document()
        self.name = document_text(document_of(community))
        self.frames = 0
        self.told = ""
        """What the relay said when it ended the connection."""
        self.ended = False
        self._asked = itertools.count(1)
        self.say(type="join", supportedProtocolVersions=["1"], peerMetadata={})

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self._connect.__exit__(None, None, None)

    def say(self, **fields: Any) -> None:
        """One frame. Where the relay has ended the connection, what it said before is still to be heard."""
        with suppress(ConnectionClosed):
            self.socket.send(cbor2.dumps({"senderId": "visitor", "targetId": "relay", **fields}))

    def follow(self) -> Visitor:
        """Talk until neither side has more to say, or until the relay has ended the connection.

        TimeoutError where the relay does not answer at all.
        """
        for _ in range(ROUNDS):
            said = self.document.say()
            if said is not None:
                self.say(type="sync", documentId=self.name, data=said)
            came = self._all_that_comes()
            if self.ended or (not came and said is None):
                return self
        raise AssertionError("The two answer each other for ever.")

    def _all_that_comes(self) -> bool:
        """Hear whatever the relay has to say to what was said so far; whether there was anything.

        It is asked for something that it answers whatever else there is to say, and answers in the order in
        which it was asked: so no clock decides that nothing more comes. What others have stored is told
        before, too. It is asked twice, since one step's answers to questions go before the document's.
        """
        came = False
        for _ in range(2):
            name = f"no document {next(self._asked)}"
            self.say(type="request", documentId=name, data=b"")
            while not self.ended and (message := self._hear()).get("documentId") != name:
                came = came or message["type"] == "sync"
        return came

    def _hear(self) -> dict[str, Any]:
        """The next message; with none to come any more, the connection has ended."""
        try:
            message: dict[str, Any] = cbor2.loads(self.socket.recv(timeout=PATIENCE_S, decode=False))
        except ConnectionClosed:
            self.ended = True
            return {"type": "nothing"}
        self.frames += 1
        assert self.frames < FRAMES, "The relay talks for ever."
        self.told = message.get("message", self.told)
        if message["type"] == "sync":
            self.document.take(message["data"])
        return message
