"""A Yjs document at Hocuspocus: another family of documents, for what its relay does with the same edits.

pycrdt is what Yjs is in Python; `scripts/bench relay` installs it where it can, and without it there is
no such column.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from typing_extensions import override

from tests.bench.relay.peer import Peer
from tests.bench.relay.wire import read_uleb, uleb

SYNC, AUTHENTICATION, REPLY, ACKNOWLEDGED = 0, 2, 4, 8
ASK, ANSWER, UPDATE = 0, 1, 2


@cache
def yjs() -> Any:
    """The module pycrdt, or None."""
    try:
        return importlib.import_module("pycrdt")
    except ImportError:
        return None


class Yjs(Peer):
    """One client, with a real document."""

    def __init__(self, url: str, document: str, doc: Any = None) -> None:
        super().__init__(url, document)
        self.doc = doc if doc is not None else yjs().Doc()
        self._map: Any = self.doc.get("root", type=yjs().Map)
        self._prefix = _bytes(document.encode())
        self._mine: list[bytes] = []
        self._writing = False
        self._subscription = self.doc.observe(self._observed)
        self.synced = False
        self._sent = self._acknowledged = 0
        self.written = 0
        """Bytes of its own updates."""

    @override
    async def connect(self) -> None:
        await self.open()
        self.socket.send(self._prefix + bytes((AUTHENTICATION, 0)) + _bytes(b"anybody"))
        self.socket.send(self._prefix + bytes((SYNC, ASK)) + _bytes(self.doc.get_state()))
        await self.until(lambda: self.synced)

    @override
    def edit(self, key: str, value: int) -> None:
        self._writing = True
        self._map[key] = value
        self._writing = False
        for update in self._mine:
            self._sent += 1
            self.written += len(update)
            self.socket.send(self._prefix + bytes((SYNC, UPDATE)) + _bytes(update))
        self._mine.clear()

    @override
    def hear(self, frame: bytes) -> None:
        size, at = read_uleb(frame, 0)
        kind, at = read_uleb(frame, at + size)
        if kind == ACKNOWLEDGED:
            self._acknowledged += 1
        elif kind in (SYNC, REPLY):
            what, at = read_uleb(frame, at)
            size, at = read_uleb(frame, at)
            data = frame[at : at + size]
            if what == ASK:
                answer = self.doc.get_update(data)
                self.socket.send(self._prefix + bytes((SYNC, ANSWER)) + _bytes(answer))
            else:
                self.doc.apply_update(data)
                self.synced = self.synced or what == ANSWER

    @override
    def known(self) -> int:
        return sum(_vector(self.doc.get_state()).values())

    @override
    def state(self) -> object:
        return frozenset(_vector(self.doc.get_state()).items())

    @override
    def unacknowledged(self) -> int:
        return self._sent - self._acknowledged

    def _observed(self, event: Any) -> None:
        if self._writing:
            self._mine.append(event.update)


def _bytes(data: bytes) -> bytes:
    return uleb(len(data)) + data


def _vector(state: bytes) -> dict[int, int]:
    count, at = read_uleb(state, 0)
    vector = {}
    for _ in range(count):
        client, at = read_uleb(state, at)
        vector[client], at = read_uleb(state, at)
    return vector
