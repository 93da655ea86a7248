"""How commands on the same machine reach the relay that runs: a socket in its data folder.

One line of JSON each way. Nobody but the folder's owner can open it, so there is nothing to prove.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from moot_shared.errors import MootError, StorageError

Act = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
LINE_BYTES = 64 * 1024
ASKING_S = 5.0
_LONGEST = 100  # bytes of a path that every system takes for a socket


class Control:
    """Answers on the socket, from `start` to `close`."""

    def __init__(self, path: Path, acts: Mapping[str, Act]) -> None:
        """`acts` by the word that asks for them; a MootError of theirs is told as its sentence."""
        self._path = path
        self._acts = acts
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen. The folder is held by this process, so a socket that is there is a dead one's."""
        self._path.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with short(self._path) as name:
                listening.bind(name)
            self._server = await asyncio.start_unix_server(self._answer, sock=listening, limit=LINE_BYTES)
        except OSError as error:
            listening.close()
            raise StorageError(f"The relay cannot make {self._path} ({error.strerror or error}).") from error

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError):
            try:
                async with asyncio.timeout(ASKING_S):
                    line = await reader.readline()
                answer = await self._act(json.loads(line))
            except MootError as error:
                answer = {"trouble": str(error)}
            except (ValueError, KeyError, TypeError):
                answer = {"trouble": "The relay does not understand this. Is it of the same version?"}
            writer.write(json.dumps(dict(answer)).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def _act(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        return await self._acts[asked["do"]](asked)


def ask(path: Path, asked: Mapping[str, Any], patience_s: float) -> dict[str, Any] | None:
    """What the relay that listens there answers; None where none does. StorageError with its sentence."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(patience_s)
        try:
            with short(path) as name:
                asking.connect(name)
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except OSError as error:
            raise StorageError(f"{path} cannot be used ({error.strerror}). Run this as its owner.") from error
        try:
            asking.sendall(json.dumps(asked).encode() + b"\n")
            with asking.makefile() as lines:
                answer: dict[str, Any] = json.loads(lines.readline())
        except (OSError, ValueError) as error:
            raise StorageError("The relay that runs does not answer. What does its log say?") from error
    if "trouble" in answer:
        raise StorageError(answer["trouble"])
    return answer


@contextmanager
def short(path: Path) -> Iterator[str]:
    """A name of a path that is not too long for a socket."""
    if len(os.fsencode(path)) <= _LONGEST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
