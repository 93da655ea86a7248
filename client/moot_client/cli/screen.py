"""The demo: the interface on a sample community."""

from __future__ import annotations

from argparse import SUPPRESS, Namespace

from moot_client.cli.parser import Commands
from moot_client.cli.session import Session


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


def run_demo(session: Session, arguments: Namespace) -> int:
    """The demo, which reads its own options."""
    from moot_client.demo import main

    words = ["--headless"] if arguments.headless else []
    words += ["--json"] if session.as_json else []
    words += ["--play-beside", arguments.play_beside] if arguments.play_beside else []
    return main(words)
