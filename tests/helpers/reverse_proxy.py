"""A reverse proxy as small as one can be: it adds who came, takes a path off, and passes bytes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

PREFIX = "/moot"


@asynccontextmanager
async def reverse_proxy(upstream: int, client: str = "203.0.113.7") -> AsyncIterator[int]:
    """Listens on loopback; its port. Everybody is said to come from `client`."""
    going: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        going.add(task)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, path, version = head[0].split(" ")
            lines = [f"{method} {path.removeprefix(PREFIX) or '/'} {version}", *head[1:-2]]
            lines += [f"X-Forwarded-For: {client}", "X-Forwarded-Proto: https", "", ""]
            there, back = await asyncio.open_connection("127.0.0.1", upstream)
            back.write("\r\n".join(lines).encode("latin-1"))
            await asyncio.wait(
                [asyncio.create_task(_pass(reader, back)), asyncio.create_task(_pass(there, writer))],
                return_when=asyncio.FIRST_COMPLETED,
            )
            back.close()
        writer.close()
        going.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in list(going):
            task.cancel()


async def _pass(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(1 << 16):
            target.write(data)
            await target.drain()
