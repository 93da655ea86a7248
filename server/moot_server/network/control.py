"""How commands on the same machine reach the relay that runs: a socket in its data folder.

One line of JSON each way. Nobody but the folder's owner can open it, so there is nothing to prove.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from moot_shared.errors import MootError, StorageError

Act = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
log = logging.getLogger("moot.relay")
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
        self._answering: set[asyncio.Task[Any]] = set()

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
        """Listen no more; whoever has asked for something gets their answer first."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)
        while self._answering:
            await asyncio.wait(self._answering)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answering = asyncio.current_task()
        assert answering is not None
        try:
            async with asyncio.timeout(ASKING_S):
                line = await reader.readline()
            self._answering.add(answering)
            answer = await self._act(line)
            writer.write(json.dumps(dict(answer)).encode() + b"\n")
            await writer.drain()
        except (OSError, TimeoutError, ValueError):  # gone, or a line without an end
            pass
        finally:
            self._answering.discard(answering)
            writer.close()

    async def _act(self, line: bytes) -> Mapping[str, Any]:
        try:
            asked = json.loads(line)
            act = self._acts[asked["do"]]
        except (ValueError, KeyError, TypeError):
            return {"trouble": "The relay does not understand this. Is it of the same version?"}
        try:
            return await act(asked)
        except MootError as error:
            return {"trouble": str(error)}
        except Exception:  # the edge: whoever asked waits for an answer
            log.exception("a defect; a command got no answer")
            return {"trouble": "The relay met a defect of its own; its log says where. Please report it."}


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
