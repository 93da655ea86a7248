"""A relay whose operator tampers: a real relay behind it, and a hand on every message in between.

It has the hosting key of the relay behind, as an operator has, so that relay knows its address.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.sync.server import Server, ServerConnection, serve

from moot_shared.errors import FormatError
from moot_shared.wire.messages import Message, decode, encode

Said = Message | bytes | str
Tamper = Callable[[Message], Iterable[Said] | None]
"""What is passed on instead of a message; None for the message as it is."""
LARGEST = 64 << 20


def honestly(message: Message) -> None:
    """Pass everything on as it is."""


class Crooked:
    """Listens on loopback. Set `down` (relay to client) and `up` (client to relay) before it is used."""

    def __init__(self, behind: str) -> None:
        self._behind = int(behind.rpartition(":")[2])
        self.down: Tamper = honestly
        self.up: Tamper = honestly

    def __enter__(self) -> Self:
        self._server: Server = serve(self._serve, "127.0.0.1", 0, compression=None, max_size=LARGEST)
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join(5)

    def honest(self) -> None:
        """From now on, everything is passed on as it is."""
        self.down = self.up = honestly

    def _serve(self, client: ServerConnection) -> None:
        raw = socket.create_connection(("127.0.0.1", self._behind))
        with connect(self.url, sock=raw, compression=None, max_size=LARGEST, proxy=None) as relay:
            upwards = threading.Thread(target=self._pass, args=(client, relay, client, lambda: self.up))
            upwards.start()
            self._pass(relay, client, client, lambda: self.down)
            client.close()
        upwards.join(5)

    @staticmethod
    def _pass(
        source: ServerConnection | ClientConnection,
        target: ServerConnection | ClientConnection,
        client: ServerConnection,
        tamper: Callable[[], Tamper],
    ) -> None:
        """Pass frames on until one side ends. What `up` says as bytes or text is an answer to the client."""
        try:
            for frame in source:
                try:
                    instead = tamper()(decode(frame)) if isinstance(frame, bytes) else None
                except FormatError:
                    instead = None
                for each in [frame] if instead is None else instead:
                    if isinstance(each, Answer):
                        client.send(encode(each.message))
                    else:
                        target.send(encode(each) if isinstance(each, Message) else each)
            target.close()
        except ConnectionClosed:
            target.close()


class Answer(bytes):
    """What an operator answers in the relay's stead, instead of passing a client's message on."""

    message: Message

    @classmethod
    def of(cls, message: Message) -> Answer:
        """This message, to the client."""
        made = cls()
        made.message = message
        return made
