"""The interface, opened by name so that no other command waits for it; and the demo."""

from __future__ import annotations

import importlib
import os
import sys
from argparse import SUPPRESS, Namespace

from moot_client.cli.output import note
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session

NO_TERMINAL = (
    "Moot's screens need a terminal, and this is not one. The same things are commands: "
    "moot issues, moot reviews, moot lessons, moot today, moot sync. moot --help lists them all."
)

DRAWS_NOTHING = (
    "This terminal says that it cannot draw screens (TERM=dumb). The same things are commands: moot issues, "
    "moot reviews, moot lessons, moot today, moot sync. moot --help lists them all."
)


def add(commands: Commands) -> None:
    """`demo`."""
    demo = commands.command(
        "demo",
        run_demo,
        "a sample community whose members come and go",
        "moot demo",
        "moot demo --headless",
    )
    demo.add_argument("--headless", action="store_true", help="without a terminal: a readable transcript")
    demo.add_argument("--play-beside", metavar="DIR", help=SUPPRESS)


def open_screen(session: Session, arguments: Namespace) -> int:
    """The interface, on a terminal; what to do instead, elsewhere."""
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        note(NO_TERMINAL)
        return 2
    if os.environ.get("TERM") == "dumb":
        note(DRAWS_NOTHING)
        return 2
    importlib.import_module("moot_client.tui.arriving.pace").begun()
    importlib.import_module("moot_client.tui.arriving.spared").spare()
    app = importlib.import_module("moot_client.tui.app")
    community = getattr(arguments, "community", None)
    return int(app.run(session.home, community, arguments.place) or 0)


def run_demo(session: Session, arguments: Namespace) -> int:
    """The demo, which reads its own options."""
    from moot_client.demo import main

    words = ["--headless"] if arguments.headless else []
    words += ["--json"] if session.as_json else []
    words += ["--play-beside", arguments.play_beside] if arguments.play_beside else []
    return main(words)
