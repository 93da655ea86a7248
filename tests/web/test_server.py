"""Who may come in, what may be said, and how a page ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import CloseCode

from moot_client.tui.web.server import MOST_PAGES
from tests.helpers.browser import Served, Window
from tests.helpers.patience import PATIENCE_S

pytestmark = pytest.mark.slow


def _asked(url: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@contextmanager
def _page(served: Served) -> Iterator[Window]:
    with Window(served) as window:
        window.sees("TODAY")
        yield window


def test_who_does_not_know_the_path_sees_nothing(served: Served) -> None:
    assert _asked(f"http://{served.host}/") == 404
    assert _asked(f"http://{served.host}/ws") == 404
    assert _asked(f"http://{served.host}/static/js/textual.js") == 404
    assert _asked(served.address) == 200


def test_a_name_that_was_made_to_point_here_is_turned_away(served: Served) -> None:
    port = served.host.rpartition(":")[2]
    assert _asked(served.address, Host=f"moot.example:{port}") == 403
    assert _asked(served.address, Host=f"localhost:{port}") == 200


def test_another_sites_page_opens_no_connection(served: Served) -> None:
    for origin in ("http://moot.example", "null", "http://127.0.0.1:1"):
        with pytest.raises(InvalidStatus) as refused, Window(served, Origin=origin):
            pass
        assert refused.value.response.status_code == 403


def test_whatever_a_page_says_ends_neither_it_nor_the_server(served: Served) -> None:
    with _page(served) as window:
        for odd in (
            "", "no json", "[" * 5_000, "[]", "{}", '["stdin"]', '["stdin", 7]', '["resize", {"width": []}]',
            '["resize", {"width": -3, "height": 1e99}]', '["stdin", "\\ud800"]', '["quit"]',
            '["stdin", "\\u001b[200~\\u001b[A\\u0000\\u001b[201~"]',
        ):  # fmt: skip
            window.says(odd)
        window.says(["resize", {"width": 80, "height": 24}])
        window.types("2")
        window.sees("AGENDA")


def test_a_message_that_is_too_large_ends_its_own_page_alone(served: Served) -> None:
    with _page(served) as one, _page(served) as other:
        one.types("x" * (2 << 20))
        with pytest.raises(ConnectionClosed):
            one.sees("never drawn")
        other.types("2")
        other.sees("AGENDA")


def test_a_page_that_is_closed_keeps_what_was_typed(served: Served) -> None:
    with _page(served) as window:
        window.types("n")
        window.sees("New issue")
        window.types("Half a thought")
    with _page(served) as again:
        again.sees("New issue: Half a thought")


def test_two_pages_write_side_by_side(served: Served) -> None:
    with _page(served) as one, _page(served) as other:
        for window, title in ((one, "From one page"), (other, "From the other")):
            window.types("n")
            window.sees("New issue")
            window.types(f"{title}\x13")
            window.sees("Listed on the agenda")
    titles = {row["title"] for row in json.loads(served.moot("issues", "--json"))}
    assert titles == {"From one page", "From the other"}


def test_pages_are_as_many_as_this_machine_can_bear(served: Served) -> None:
    with ExitStack() as pages:
        for _ in range(MOST_PAGES):
            pages.enter_context(Window(served))
        with pytest.raises(InvalidStatus) as refused, Window(served):
            pass
        assert refused.value.response.status_code == 503


def test_a_server_that_is_told_to_end_keeps_what_was_typed(served: Served) -> None:
    with _page(served) as window:
        window.types("n")
        window.sees("New issue")
        window.types("Half a thought")
        window.sees("Half a thought")
        served.process.send_signal(signal.SIGTERM)
        with pytest.raises(ConnectionClosed) as told:
            window.sees("what is drawn no more")
        assert told.value.rcvd is not None
        assert told.value.rcvd.code == CloseCode.GOING_AWAY, "and not only when somebody closes the page"
        assert served.process.wait(PATIENCE_S) == 0
    with Served(served.home) as another, _page(another) as again:
        again.sees("New issue: Half a thought")


def test_a_server_that_is_killed_leaves_no_moot_behind(served: Served) -> None:
    with _page(served) as window:
        window.types("n")
        window.sees("New issue")
        window.types("Half a thought")
        window.sees("Half a thought")
        served.process.kill()
        served.process.wait()
    with Served(served.home) as another, _page(another) as again:
        again.sees("New issue: Half a thought")


def test_a_port_that_is_in_use_gets_a_sentence(served: Served) -> None:
    port = served.host.rpartition(":")[2]
    command = [sys.executable, "-m", "moot_shared", "web", "--port", port]
    done = subprocess.run(command, check=False, env=served.environment, capture_output=True, text=True)
    assert done.returncode not in (0, 2)
    assert f"Port {port} cannot be used here" in done.stderr


def test_a_community_that_is_not_there_is_said_before_anything_is_served(home: Path, served: Served) -> None:
    command = [sys.executable, "-m", "moot_shared", "web", "--community", "Southern"]
    done = subprocess.run(command, check=False, env=served.environment, capture_output=True, text=True)
    assert done.returncode not in (0, 2)
    assert "There is no community called Southern here" in done.stderr


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """A browser that opens nothing; what it was asked to open, once it was."""
    asked, browser = tmp_path / "told", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {asked}.part && mv {asked}.part {asked}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))

    def wait() -> str:
        until = time.monotonic() + PATIENCE_S
        while not asked.exists():
            assert time.monotonic() < until
            time.sleep(0.01)  # another program writes it
        return asked.read_text().strip()

    return wait


def test_the_address_is_in_no_list_of_processes(home: Path, told: Callable[[], str]) -> None:
    """Another user of the machine sees what programs are started with, and must not read along by it."""
    with Served(home, ("--open",)) as web:
        way = Path(urllib.parse.urlsplit(told()).path)
        assert web.path not in told()
        assert web.address in way.read_text()
        assert way.stat().st_mode & 0o077 == 0
    assert not way.exists()


def test_the_browser_opens_before_there_is_anything_on_this_machine(
    tmp_path: Path, told: Callable[[], str]
) -> None:
    with Served(tmp_path / "not" / "yet", ("--open",)):
        assert told()


def test_a_page_that_reads_nothing_any_more_leaves_no_moot_behind(served: Served) -> None:
    """What it draws fills every pipe on the way; it ends all the same once the page is gone."""
    with Window(served, size=(1000, 1000)):
        pass
    until = time.monotonic() + PATIENCE_S
    while served.moots():
        assert time.monotonic() < until, served.moots()
        time.sleep(0.05)  # between processes nothing wakes one
