"""Headless code never loads the interface, and the relay never loads the client.

import-linter reads the sources; this looks at what a fresh interpreter has really loaded.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from moot_client.replica.commands import Create
from tests.helpers import cohort

ROOT = Path(__file__).parents[2]
PATH = os.pathsep.join(str(ROOT / folder) for folder in ("client", "server", "shared"))


def loaded_by(code: str) -> set[str]:
    """The top-level names of the modules that a fresh interpreter holds after `code`."""
    tell = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    return set(json.loads(python(f"{code}\n{tell}").splitlines()[-1]))


def python(code: str, *arguments: str) -> str:
    """Run `code` in a fresh interpreter that sees this checkout; its stdout."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": PATH},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_finding_the_command_loads_neither_half() -> None:
    assert not loaded_by("import moot_shared.command") & {
        "moot_client",
        "moot_server",
        "argparse",
        "automerge",
    }


def test_the_relay_loads_neither_textual_nor_the_client() -> None:
    assert not loaded_by("import moot_server.command") & {"textual", "rich", "moot_client"}


@pytest.mark.slow
def test_a_relay_that_is_given_no_database_loads_no_driver_of_one() -> None:
    assert "psycopg" not in loaded_by("import moot_server.command, moot_server.commands.running")


def test_the_relay_runs_where_textual_cannot_be_imported() -> None:
    hidden = "import sys; sys.modules['textual'] = sys.modules['rich'] = sys.modules['moot_client'] = None"
    said = python(
        f"{hidden}\nfrom moot_shared.command import main\n"
        "try:\n    main(['relay', '--help'])\nexcept SystemExit as end:\n    assert not end.code"
    )
    assert "--port" in said


def test_the_command_line_loads_no_interface() -> None:
    assert not loaded_by("import moot_client.cli") & {"textual", "rich", "moot_server"}


def test_the_command_line_starts_without_what_only_writing_needs() -> None:
    assert not loaded_by("import moot_client.cli") & {"automerge", "cryptography", "websockets", "asyncio"}


def test_the_interface_opens_without_the_tree_of_commands() -> None:
    assert not loaded_by("import moot_client.cli") & {"argparse", "gettext"}


@pytest.mark.parametrize("room", ["replica", "store", "sync", "views", "projection", "export", "home"])
def test_no_room_below_the_interface_loads_it(room: str) -> None:
    assert not loaded_by(f"import moot_client.{room}") & {"textual", "rich", "moot_server"}


def test_shared_loads_no_socket_library_and_no_terminal() -> None:
    everything = (
        "import importlib, pkgutil, moot_shared\n"
        "for found in pkgutil.walk_packages(moot_shared.__path__, 'moot_shared.'):\n"
        "    if not found.name.endswith('__main__'):\n"
        "        importlib.import_module(found.name)"
    )
    assert not loaded_by(everything) & {"websockets", "textual", "rich", "moot_client", "moot_server"}


FIRST_PICTURE = """
from moot_client.tui.arriving.spared import spare

spare()

import asyncio, sys
from pathlib import Path
from moot_client.home import Home
from moot_client.tui.arriving import arrival
from moot_client.tui.app import MootApp

seen = []
app = None

def instead_of_the_rest(stop):
    # called in a thread, when the first picture has been drawn: what the others load meanwhile moves nothing
    seen.append(" ".join(sorted(sys.modules)))
    ours = [module for name, module in list(sys.modules.items()) if name.startswith("moot_")]
    classes = {thing for module in ours for thing in list(vars(module).values()) if isinstance(thing, type)}
    defined = {c.__name__ for c in classes if "__dataclass_params__" in vars(c) and "moot_" in c.__module__}
    seen.append(" ".join(sorted(defined)))
    seen.append(str(len(list(app.screen.walk_children()))))
    return False

async def main():
    global app
    home = Home(Path(sys.argv[1]))
    app = MootApp(home, home.place(), sys.argv[2])
    async with app.run_test() as pilot:
        while len(seen) < 3:
            await pilot.pause(0.01)
        assert len(app.screen.view.list.rows) > 0
        print("\\n".join(seen))

arrival.load_the_rest = instead_of_the_rest
asyncio.run(main())
"""
LATER = (
    *("automerge", "cryptography", "websockets", "moot_shared.format.change", "moot_shared.trust"),
    *("moot_shared.identity", "moot_client.replica.replica", "moot_client.replica.writer"),
    *("moot_client.projection", "moot_client.sync.engine", "moot_client.tui.forms.spec"),
    *("moot_client.tui.screens.form", "moot_client.tui.sheets", "moot_client.tui.commands.palette"),
    *("moot_client.tui.words.undo", "moot_client.tui.widgets.page", "moot_client.tui.looks.sheet"),
    *("textual.widgets._text_area", "textual.widgets._content_switcher"),
    *("_ssl", "_uuid", "tempfile", "rich._ratio", "textual.widgets._tree", "textual.widgets._select"),
)
MOST_WIDGETS = 13  # at 80x24: each costs a thousandth of a second and more


@pytest.mark.slow
@pytest.mark.parametrize("place", ["today", "agenda", "lessons"])
def test_the_first_picture_with_rows_in_it_waits_for_nothing_that_only_writing_needs(
    tmp_path: Path, place: str
) -> None:
    mara = cohort.founder(tmp_path)
    mara.do(Create("issue", {"title": "Handover loses facts"}))
    mara.do(Create("lesson", {"statement": "Read it back out loud"}))
    mara.close()
    loaded, dataclasses, widgets = python(FIRST_PICTURE, str(tmp_path), place).splitlines()[-3:]
    later = tuple(f"{name}." for name in LATER)
    assert [name for name in loaded.split() if name in LATER or name.startswith(later)] == []
    assert dataclasses == "", "what is defined on the way is `frozen`: it costs nothing to define"
    assert int(widgets) <= MOST_WIDGETS


SPARED = """
import sys
from moot_client.tui.arriving.spared import spare

spare()

import asyncio, platformdirs, ssl, uuid
from textual import types
from textual.app import App
from textual.notifications import Notification

assert not {"_ssl", "_uuid", "platformdirs.api", "textual.widgets._select"} & set(sys.modules)
assert ssl.create_default_context().check_hostname
assert len(Notification("a word").identity) == len(str(uuid.uuid4()))
assert platformdirs.user_downloads_path().name
assert asyncio.sslproto.SSLProtocol.__module__ == "asyncio.sslproto"
given = {name: getattr(types, name) for name in ("IgnoreReturnCallbackType", "NoSelection", "DirEntry")}
from textual import types as really
assert really is sys.modules["textual.types"] and all(getattr(really, n) is v for n, v in given.items())
"""


@pytest.mark.slow
def test_what_the_first_picture_is_spared_is_there_for_whoever_asks_for_it() -> None:
    python(SPARED)


BEHIND = """
import sys, threading
from moot_client.tui.arriving.spared import spare

spare()

from moot_client.tui.arriving.later import load_the_rest

assert "_ssl" not in sys.modules
assert load_the_rest(threading.Event())
assert "_ssl" in sys.modules
"""


@pytest.mark.slow
def test_what_a_relay_is_reached_by_is_loaded_behind_the_first_picture_and_not_at_some_key() -> None:
    python(BEHIND)
