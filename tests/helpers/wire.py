"""The wire protocol by hand: one real socket to a relay, frame by frame, without a client's manners."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterable
from types import TracebackType
from typing import Self, TypeVar

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from moot_shared.trust.seal import Sealed
from moot_shared.wire.messages import Done, Message, Page, Refusal, Stored, decode, encode
from tests.helpers.encoding import uleb
from tests.helpers.patience import PATIENCE_S

M = TypeVar("M", bound=Message)
LARGEST = 64 << 20


class LetGo(Exception):
    """The other side has ended the connection; `code` is its reason, or '' where it gave none."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Wire:
    """One socket to a relay; TimeoutError where it is waited for so long that it has been hurt."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.refused: list[Refusal] = []
        """What it said of changes, in order."""
        self.said: list[Message] = []
        """Everything else that was passed over while something was waited for."""
        self._numbers = itertools.count(1)
        self._connect = connect(
            url, compression=None, max_size=LARGEST, proxy=None, open_timeout=PATIENCE_S, close_timeout=1.0
        )
        self.socket = self._connect.__enter__()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def say(self, message: Message | bytes) -> None:
        """Send a message, or any bytes as a frame; LetGo where nobody listens any more."""
        try:
            self.socket.send(message if isinstance(message, bytes) else encode(message))
        except ConnectionClosed:
            self._until_the_end()

    def hear(self, kind: type[M]) -> M:
        """The next message of this kind; LetGo where the relay ends the connection instead."""
        while True:
            message = self._next()
            if isinstance(message, kind):
                return message
            if isinstance(message, Refusal) and message.hash is None:
                raise LetGo(message.code)
            if isinstance(message, Refusal):
                self.refused.append(message)
            else:
                self.said.append(message)

    def page(self, carried: Iterable[Sealed], *, more: bool = False) -> Stored:
        """Send changes as a page of one's own making, and wait until the relay has answered it."""
        self.say(Page(page_body(carried), n=next(self._numbers), more=more))
        return self.hear(Stored)

    def end(self) -> str:
        """Listen until the relay ends the connection: why."""
        try:
            while True:
                self.hear(Done)
        except LetGo as end:
            return end.code

    def _next(self) -> Message:
        try:
            data = self.socket.recv(PATIENCE_S)
        except ConnectionClosed:
            raise LetGo("") from None
        assert isinstance(data, bytes)
        return decode(data)

    def _until_the_end(self) -> None:
        raise LetGo(self.end())


def page_body(carried: Iterable[Sealed]) -> bytes:
    """Changes and seals as a page's body; nothing about them is checked."""
    items = (
        uleb(len(each.chunk)) + each.chunk + (b"\1" + each.seal if each.seal is not None else b"\0")
        for each in carried
    )
    return zlib.compress(b"".join(items))
