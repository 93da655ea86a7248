"""`moot web` as a process, and who comes to it: a real Chromium, or its protocol spoken by hand."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import pyte
from playwright.sync_api import Page, WebSocket, sync_playwright
from websockets.sync.client import ClientConnection, connect

from tests.helpers.patience import PATIENCE_S
from tests.helpers.terminal import ROOT, SOURCES

NEEDED = "MOOT_CHROMIUM"
"""Set to 'needed', a missing Chromium fails the tests with it; else they are left out."""
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


def chromium() -> str | None:
    """The program of a Chromium on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


@dataclass
class Served:
    """A `moot web` on some home; started by `with`."""

    home: Path
    words: tuple[str, ...] = ()
    more: dict[str, str] = field(default_factory=dict)
    """Of its environment."""
    address: str = field(init=False, default="")
    process: subprocess.Popen[str] = field(init=False)

    def __enter__(self) -> Served:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "moot_shared", "web", "--json", *self.words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        told = "".join(self.process.stdout.readline() for _ in range(3))
        self.address = json.loads(told)["address"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_S)
        if self.process.stdout:
            self.process.stdout.close()

    @property
    def environment(self) -> dict[str, str]:
        """What its processes find around them."""
        around = {k: v for k, v in os.environ.items() if not k.startswith(("MOOT", "TEXTUAL", "NO_COLOR"))}
        return {**around, "PYTHONPATH": SOURCES, "MOOT_HOME": str(self.home), "PYTHONUTF8": "1", **self.more}

    @property
    def path(self) -> str:
        """The part of its address that cannot be guessed."""
        return urlsplit(self.address).path.strip("/")

    def moots(self) -> list[str]:
        """The numbers of its pages' processes, as Linux shows them."""
        folder = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return folder.read_text().split()

    @property
    def host(self) -> str:
        """Name and port."""
        return urlsplit(self.address).netloc

    def moot(self, *words: str) -> str:
        """A command on the same home, and what it prints."""
        command = [sys.executable, "-m", "moot_shared", *words]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=True, cwd=ROOT
        )
        return done.stdout


class Drawn:
    """What a page shows, from the bytes that came to it."""

    def __init__(self, columns: int = 80, lines: int = 24) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def text(self) -> str:
        """The screen, line by line."""
        return "\n".join(self._screen.display)

    def feed(self, came: bytes | str) -> None:
        """Draw; what is no drawing is passed over."""
        if isinstance(came, bytes):
            self._stream.feed(came)


class Window:
    """An open page, spoken by hand: quick, and it can say what no browser would."""

    def __init__(self, served: Served, size: tuple[int, int] = (80, 24), **headers: str) -> None:
        self.drawn = Drawn(*size)
        address = served.address.replace("http:", "ws:", 1) + f"ws?width={size[0]}&height={size[1]}"
        headers = {"Origin": f"http://{served.host}", **headers}
        self._connecting = connect(address, additional_headers=headers, open_timeout=PATIENCE_S)

    def __enter__(self) -> Window:
        self._talk: ClientConnection = self._connecting.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connecting.__exit__(kind, error, trace)

    def says(self, what: Any) -> None:
        """Send a message as it is."""
        self._talk.send(what if isinstance(what, str | bytes) else json.dumps(what))

    def types(self, keys: str) -> None:
        """Press keys."""
        self.says(["stdin", keys])

    def sees(self, words: str) -> None:
        """Wait until some words are on the page."""
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.drawn.text:
            assert time.monotonic() < deadline, f"no {words!r} in:\n{self.drawn.text}"
            try:
                self.drawn.feed(self._talk.recv(timeout=0.2))
            except TimeoutError:
                continue


class Tab:
    """A tab of a real Chromium: what it drew, what it asked for and what it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.drawn = Drawn(200, 60)
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("websocket", self._opened)

    def _opened(self, talk: WebSocket) -> None:
        self.asked.append(talk.url)
        talk.on("framereceived", self.drawn.feed)

    def sees(self, words: str) -> None:
        """Wait until some words are on the page."""
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.drawn.text:
            assert time.monotonic() < deadline, f"no {words!r} in:\n{self.drawn.text}"
            self.page.wait_for_timeout(50)  # its events arrive while one waits

    def types(self, words: str) -> None:
        """Type on the keyboard."""
        self.page.keyboard.type(words)

    def presses(self, *keys: str) -> None:
        """Keys by the names that the browser gives them."""
        for key in keys:
            self.page.keyboard.press(key)


class Browser:
    """A real, headless Chromium; started by `with`."""

    def __enter__(self) -> Browser:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._browser.close()
        self._playwright.stop()

    def opens(self, address: str) -> Tab:
        """A tab of its own, on a page."""
        tab = Tab(self._browser.new_page(viewport={"width": 1000, "height": 620}))
        tab.page.set_default_timeout(1_000 * PATIENCE_S)
        tab.page.goto(address)
        return tab
