"""Plain HTTP on the relay's port: is it alive, can it store, its figures; anything else gets a sentence.

/health    the process answers
/ready     it can store and is not about to stop: a proxy or a supervisor may send people here
/metrics   for Prometheus, to who asks from this machine itself; to everybody with `--metrics`

Whoever came through a proxy did not ask from this machine, though their socket does: they are known by
the headers that a proxy adds. Not every proxy adds one, so behind a proxy nobody is taken for this machine.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Literal

from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

Answer = tuple[HTTPStatus, str]
Readers = Literal["here", "all", "nobody"]
TEXT = "text/plain; charset=utf-8"
EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
_PROXIED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")

_SOCKET = "This is a relay of Moot. It speaks WebSocket: give its address to Moot, not to a browser."
_NOT_YOURS = "Only this machine may read the figures; whoever runs the relay opens them with --metrics."


class Plain:
    """Answers requests that are no WebSocket handshakes."""

    def __init__(
        self, ready: Callable[[], Awaitable[str]], metrics: Callable[[], bytes], *, to: Readers = "here"
    ) -> None:
        """`ready` gives '' or why not; the figures are read from `here`, by `all` or by `nobody`."""
        self._ready = ready
        self._metrics = metrics
        self._to = to

    async def __call__(self, socket: ServerConnection, request: Request) -> Response | None:
        """What `process_request` of the server wants: an answer, or None for the handshake to go on."""
        if "websocket" in request.headers.get("Upgrade", "").lower():
            return None
        where = request.path.partition("?")[0].rstrip("/").rpartition("/")[2]
        if request.method not in ("GET", "HEAD"):
            response = _said(socket, HTTPStatus.METHOD_NOT_ALLOWED, _SOCKET)
            response.headers["Allow"] = "GET, HEAD"
        elif where == "health":
            response = _said(socket, HTTPStatus.OK, "alive")
        elif where == "ready":
            trouble = await self._ready()
            response = _said(
                socket, HTTPStatus.SERVICE_UNAVAILABLE if trouble else HTTPStatus.OK, trouble or "ready"
            )
        elif where == "metrics":
            response = self._figures(socket, request)
        elif where:
            response = _said(socket, HTTPStatus.NOT_FOUND, _SOCKET)
        else:
            response = _said(socket, HTTPStatus.UPGRADE_REQUIRED, _SOCKET)
            response.headers["Upgrade"] = "websocket"
        response.headers["Cache-Control"] = "no-store"
        if request.method == "HEAD":
            response.body = b""
        return response

    def _figures(self, socket: ServerConnection, request: Request) -> Response:
        if self._to == "nobody" or (self._to == "here" and not _from_here(socket, request)):
            return _said(socket, HTTPStatus.FORBIDDEN, _NOT_YOURS)
        response = socket.respond(HTTPStatus.OK, "")
        response.body = self._metrics()
        for name, value in (("Content-Type", EXPOSITION), ("Content-Length", str(len(response.body)))):
            del response.headers[name]
            response.headers[name] = value
        return response


def _said(socket: ServerConnection, status: HTTPStatus, text: str) -> Response:
    return socket.respond(status, text + "\n")


def _from_here(socket: ServerConnection, request: Request) -> bool:
    """Whether somebody asks from this machine itself, without a proxy in between."""
    address = socket.remote_address
    if not isinstance(address, tuple) or any(name in request.headers for name in _PROXIED):
        return False
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return False
