"""Sockets that have connected and not finished the handshake: so many at one address, and in all.

Until then nothing of ours has heard of them, and each holds a file handle and some memory for as long
as a handshake may take. One too many is closed without a word: there is no protocol yet to say one in.
"""

from __future__ import annotations

from asyncio import BaseTransport, Transport
from collections.abc import Callable
from typing import Any

from typing_extensions import override
from websockets.asyncio.server import ServerConnection
from websockets.frames import DATA_OPCODES, Frame, Opcode
from websockets.protocol import Event

from moot_shared.limits import KIB, Limits

_SMALL = 64 * KIB  # bytes of an unfinished message that count for nothing
AT_ONCE = 4  # times as many as may wait with their proof: a class behind one address comes back at once


class Doorstep:
    """Who stands there."""

    def __init__(self, limits: Limits, *, behind_proxy: bool) -> None:
        """`behind_proxy`: all come from one address, so only their number counts."""
        self._most = limits.strangers
        self._here = limits.strangers if behind_proxy else AT_ONCE * limits.strangers_per_address
        self._waiting: dict[Knocking, str] = {}
        self._connected: set[Knocking] = set()
        self._unfinished: dict[Knocking, int] = {}
        self._connections, self._bytes = limits.connections, limits.unfinished_bytes
        self.turned_away = 0
        self.direct = limits.frames_at_once > 1
        """Whether messages are to be handed over as they come (`Knocking.listen`)."""

    def room(self, knocking: Knocking, address: str) -> bool:
        """Whether there is room for one more; if so, they stand here until they `leave`."""
        self._connected.add(knocking)
        here = sum(each == address for each in self._waiting.values())
        full = len(self._connected) > self._connections
        if full or len(self._waiting) >= self._most or here >= self._here:
            self.turned_away += 1
            return False
        self._waiting[knocking] = address
        return True

    def leave(self, knocking: Knocking) -> None:
        """They have come in as far as the handshake, or are gone."""
        self._waiting.pop(knocking, None)

    def lost(self, knocking: Knocking) -> None:
        """A connection is over."""
        self.leave(knocking)
        self._connected.discard(knocking)
        self._unfinished.pop(knocking, None)

    def unfinished(self, knocking: Knocking, size: int) -> bool:
        """So many bytes of a message have come without an end; whether there is room, beside others'."""
        if size < _SMALL:
            self._unfinished.pop(knocking, None)
            return True
        self._unfinished[knocking] = size
        return sum(self._unfinished.values()) <= self._bytes

    def __call__(self, *arguments: Any, **named: Any) -> Knocking:
        """A connection, as the server makes them."""
        return Knocking(self, *arguments, **named)


class Knocking(ServerConnection):
    """A connection that is counted until its handshake is over."""

    def __init__(self, doorstep: Doorstep, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._doorstep = doorstep
        self._direct = doorstep.direct
        self._heard: Callable[[bytes], None] | None = None
        self._early: list[bytes] = []
        self._fragments = 0  # bytes

    def listen(self, heard: Callable[[bytes], None]) -> None:
        """From now on each message is handed over as it comes off the socket, and not by `recv`.

        That spares two tasks a turn for every message. (Who sends in fragments is read by `recv` after all.)
        """
        self._heard = heard
        early, self._early = self._early, []
        for message in early:
            heard(message)

    @override
    def process_event(self, event: Event) -> None:
        if isinstance(event, Frame) and event.opcode in DATA_OPCODES:
            self._fragments = 0 if event.fin else self._fragments + len(event.data)
        if not self._direct or not isinstance(event, Frame) or event.opcode not in DATA_OPCODES:
            super().process_event(event)
        elif event.opcode is not Opcode.BINARY or not event.fin:
            self._direct = False
            super().process_event(event)
        elif self._heard is None:
            self._early.append(bytes(event.data))
        else:
            self._heard(bytes(event.data))

    @override
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        unfinished = self._fragments + len(self.protocol.reader.buffer)
        if not self._doorstep.unfinished(self, unfinished):
            self.transport.abort()

    @override
    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if isinstance(peer, tuple) else str(peer)
        if not self._doorstep.room(self, address) and isinstance(transport, Transport):
            transport.abort()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._doorstep.lost(self)
        super().connection_lost(exc)
