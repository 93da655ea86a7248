"""A small web server on loopback, and a Moot of its own for each page that is open in a browser.

Every program on this machine, and every web page that the browser shows, can reach a port on loopback. So
nothing is served but under a path that cannot be guessed; who asks under another name than loopback's (a
name that was made to point here) is turned away, and so is a connection that another site's page opens.

    browser --page, script, font--> textual-serve's files and ours
    browser <--web socket--> server <--pipes--> `session.py`, one process a page
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shlex
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from string import Template

from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.server import Server
from typing_extensions import override

from moot_shared.errors import StorageError

PAGE = Path(__file__).parent / "page"
LOOPBACK = "127.0.0.1"
NAMES = (LOOPBACK, "localhost")
HTTP = 80  # which a browser does not name
MOST_PAGES = 8
"""How many may be open at once; each has a process of its own."""
MOST_BYTES = 1 << 20
"""Of one message from the browser: a paste that is larger does not arrive."""
LARGEST = 1_000
"""Cells, in each direction, that a browser's window may claim to have."""
ENDS_S = 10.0
"""How long a Moot may take to put on disk what was typed, once its page is closed."""
GOODBYE_S = 2.0
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self' {socket}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page(AppService):
    """One page's Moot: a process that this server starts without a shell, and ends in order."""

    words: Sequence[str] = ()

    @override
    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        environment = super()._build_environment(width, height)
        environment["TEXTUAL_DRIVER"] = "moot_client.tui.web.driver:MootWebDriver"
        environment["PYTHONUTF8"] = "1"
        return environment

    @override
    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        environment = self._build_environment(width, height)
        self._process = process = await asyncio.create_subprocess_exec(
            *self.words, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment, start_new_session=True
        )
        self._stdin = process.stdin
        return process

    @override
    async def stop(self) -> None:
        task, process = self._task, self._process
        if task is None or process is None:
            return
        self._task = None
        await self.send_meta({"type": "quit"})
        for number in (None, signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError, TimeoutError):
                if number is not None:
                    process.send_signal(number)
                await asyncio.wait_for(self._ended(task, process), ENDS_S)
                return

    async def _ended(self, task: asyncio.Task[None], process: Process) -> None:
        """Until the process has ended. What it still draws nobody sees, and it must not wait for that."""
        await asyncio.wait({task})  # which may have failed over a browser that was gone
        while process.stdout is not None and await process.stdout.read(1 << 16):
            pass
        await process.wait()


class Door(Server):
    """The server: pages for whoever knows the path, and nothing for anybody else."""

    def __init__(self, words: Sequence[str], door: socket.socket) -> None:
        self.words = list(words)
        self.path = "/" + secrets.token_urlsafe(24)
        self._open: set[web.WebSocketResponse] = set()
        host, port = door.getsockname()[:2]
        super().__init__(shlex.join(self.words), host=host, port=port, title="Moot")
        self._door = door

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://{self.host}:{self.port}{self.path}/"

    @override
    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._at_the_door])
        app.on_shutdown.append(self._say_goodbye)
        app.add_routes(
            [
                web.get(f"{self.path}/", self.handle_index),
                web.get(f"{self.path}/ws", self.handle_websocket),
                web.static(f"{self.path}/static", self.statics_path),
                web.static(f"{self.path}/page", PAGE),
            ]
        )
        return app

    @web.middleware
    async def _at_the_door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        allowed = {f"{name}:{self.port}" for name in NAMES} | (set(NAMES) if self.port == HTTP else set())
        origin = request.headers.get("Origin")
        if request.host not in allowed or (origin and origin not in {f"http://{host}" for host in allowed}):
            raise web.HTTPForbidden(text="This page is for this machine alone.\n", headers=HEADERS)
        try:
            answer = await handler(request)
        except web.HTTPException as none:
            none.headers.update(HEADERS)
            raise
        if not answer.prepared:
            answer.headers.update(HEADERS)
            answer.headers["Content-Security-Policy"] = POLICY.format(socket=f"ws://{request.host}")
        return answer

    @override
    async def handle_index(self, request: web.Request) -> web.Response:
        talk = f"ws://{request.host}{self.path}/ws"  # as it was asked for: localhost is another origin
        font, _ = _size(request.query.get("fontsize", 16), 0)
        page = Template((PAGE / "index.html").read_text("utf-8")).substitute(socket=talk, font=font)
        return web.Response(text=page, content_type="text/html")

    @override
    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        if len(self._open) >= MOST_PAGES:
            raise web.HTTPServiceUnavailable(text="Enough pages are open. Close one of them first.\n")
        talk = web.WebSocketResponse(heartbeat=15, max_msg_size=MOST_BYTES)
        await talk.prepare(request)
        page = Page(
            self.command,
            write_bytes=talk.send_bytes,
            write_str=talk.send_str,
            close=partial(_close, talk),
            download_manager=self.download_manager,
        )
        page.words = self.words
        self._open.add(talk)
        try:
            await page.start(*_size(request.query.get("width"), request.query.get("height")))
            try:
                await self._process_messages(talk, page)
            finally:
                await page.stop()
        finally:
            self._open.discard(talk)
        return talk

    async def _say_goodbye(self, _: web.Application) -> None:
        """To every page, whose Moot then ends: nobody waits until they are closed in the browser."""
        await asyncio.gather(*(_let_go(talk) for talk in self._open))

    @override
    async def _process_messages(self, websocket: web.WebSocketResponse, app_service: AppService) -> None:
        async for message in websocket:
            if message.type != WSMsgType.TEXT:
                continue
            match _told(message.data):
                case ["stdin", str(typed)]:
                    await app_service.send_bytes(typed.encode("utf-8", "ignore"))
                case ["resize", {"width": width, "height": height}]:
                    await app_service.set_terminal_size(*_size(width, height))
                case ["ping", payload]:
                    await websocket.send_json(["pong", payload])
                case ["blur", *_]:
                    await app_service.blur()
                case ["focus", *_]:
                    await app_service.focus()

    async def run(self, opened: Callable[[str], None]) -> None:
        """Serve until cancelled; `opened` is told the address once a browser can be sent there."""
        runner = web.AppRunner(await self._make_app(), access_log=None, shutdown_timeout=ENDS_S)
        await runner.setup()
        try:
            await web.SockSite(runner, self._door).start()
            opened(self.address)
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()


async def _close(talk: web.WebSocketResponse) -> None:
    await talk.close()


async def _let_go(talk: web.WebSocketResponse) -> None:
    with suppress(TimeoutError):  # a page that reads nothing takes no goodbye either
        async with asyncio.timeout(GOODBYE_S):
            await talk.close(code=WSCloseCode.GOING_AWAY, drain=False)


def _told(text: str) -> object:
    """What a browser said; None for what is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _size(width: object, height: object) -> tuple[int, int]:
    """A window's size in cells; what is no size is that of an ordinary terminal."""

    def cells(value: object, otherwise: int) -> int:
        try:
            return max(1, min(int(str(value)), LARGEST))
        except ValueError:
            return otherwise

    return cells(width, 80), cells(height, 24)


def serve(home: Path, community: str | None, place: str, port: int, opened: Callable[[str], None]) -> None:
    """Serve until Ctrl+C or SIGTERM. `port` 0 takes one that is free. Raises StorageError where it is not."""
    words = [sys.executable, "-m", "moot_client.tui.web.session", "--home", str(home), "--place", place]
    words += ["--community", community] if community else []
    try:
        door = socket.create_server((LOOPBACK, port))
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise StorageError(
            f"Port {port} cannot be used here ({why}). Without --port Moot takes one that is free."
        ) from error
    with door:
        asyncio.run(_until_told(Door(words, door), opened))


async def _until_told(server: Door, opened: Callable[[str], None]) -> None:
    running = asyncio.ensure_future(server.run(opened))
    loop = asyncio.get_running_loop()
    if sys.platform != "win32":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        return
