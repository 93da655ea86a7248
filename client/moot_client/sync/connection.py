"""A socket to a relay, through the proxy that the environment names, trusting what it says to trust."""

from __future__ import annotations

import logging
import os
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from moot_client.sync import trouble
from moot_client.sync.address import is_loopback
from moot_shared.errors import InputError
from moot_shared.limits import AHEAD_BYTES, DEFAULT

OPEN_S = 15.0
GOODBYE_S = 2.0
AHEAD_FRAMES = 2
"""So many come before they are needed, and no more: the relay's pings wait behind them for their answer."""
CA_FILE = "MOOT_CA_FILE"

Dial = Callable[[str], Awaitable[ClientConnection]]
"""Opens a connection to an address, or raises ConnectionTrouble."""


async def dial(url: str, ca_file: str | None = None) -> ClientConnection:
    """Open a connection; ConnectionTrouble, in one sentence, for whatever stands in the way.

    HTTPS_PROXY and NO_PROXY are honoured, and `ca_file` (else MOOT_CA_FILE, else OpenSSL's own
    SSL_CERT_FILE) is trusted besides what the machine trusts.
    """
    context = _context(ca_file) if url.startswith("wss:") else None
    try:
        connection = await connect(
            url,
            ssl=context,
            proxy=None if is_loopback(url) else True,
            compression=None,
            max_size=DEFAULT.frame_bytes,
            max_queue=AHEAD_FRAMES,
            open_timeout=OPEN_S,
            close_timeout=GOODBYE_S,
            ping_interval=None,  # alive.py asks, and knows what still waits to be read
            logger=logging.getLogger("moot.sync.socket"),
        )
    except (OSError, WebSocketException, EOFError, ImportError, ValueError, OverflowError) as error:
        raise trouble.of(error, url) from error
    with suppress(OSError):
        opened = connection.transport.get_extra_info("socket")
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, AHEAD_BYTES)
    return connection


def dialling(ca_file: str | None) -> Dial:
    """A `Dial` that trusts a CA file as well."""
    return lambda url: dial(url, ca_file)


def _context(ca_file: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    chosen = ca_file or os.environ.get(CA_FILE)
    if chosen:
        try:
            context.load_verify_locations(Path(chosen).expanduser())
        except (OSError, ssl.SSLError) as error:
            raise InputError(
                f"The CA file {chosen} cannot be read ({error.strerror or error}). It has to be in PEM form."
            ) from error
    return context
