"""The interface in a browser on this machine, for whoever has no terminal at hand."""

from __future__ import annotations

import importlib
import os
import sys
from argparse import ArgumentTypeError, Namespace
from contextlib import suppress
from pathlib import Path

from moot_client.cli.opening import PLACES
from moot_client.cli.output import json_value, note, whole
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_shared.files import make_folder

HELP = "the interface in a browser on this machine"
WHO = (
    "Open that in a browser on this machine. Whoever has the address, and is on this machine, reads and "
    "writes here as you. Ctrl+C ends it; what was typed is kept."
)


def add(commands: Commands) -> None:
    """`web`."""
    web = commands.command("web", run, HELP, "moot web", "moot web --open --place agenda")
    web.add_argument(
        "--port", type=_port, default=0, help="which port of this machine (else one that is free)"
    )
    web.add_argument("--open", action="store_true", help="open the browser as well")
    web.add_argument("--place", choices=PLACES, default="today", help="open the interface there")


def run(session: Session, arguments: Namespace) -> int:
    """Serve pages until Ctrl+C."""
    community = getattr(arguments, "community", None)
    if community is not None:
        session.home.place(community)  # which says at once that there is none of this name

    def opened(address: str) -> None:
        if session.as_json:
            json_value({"address": address})
        else:
            whole(address)
            note(WHO)
        sys.stdout.flush()
        if arguments.open:
            _open(way, address)

    way = session.home.path / "open-in-a-browser.html"
    server = importlib.import_module("moot_client.tui.web.server")
    try:
        server.serve(session.home.path, community, arguments.place, arguments.port, opened)
    finally:
        with suppress(OSError):
            way.unlink(missing_ok=True)
    return 0


def _open(way: Path, address: str) -> None:
    """Open the browser by a page that only this user can read: what programs are started with, all see."""
    import webbrowser

    words = f'<!DOCTYPE html><title>Moot</title><meta http-equiv="refresh" content="0;url={address}">\n'
    try:
        make_folder(way.parent)
        way.unlink(missing_ok=True)
        with os.fdopen(os.open(way, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as page:
            page.write(words)
    except OSError as error:
        note(f"The browser is yours to open: {way} cannot be written ({error.strerror}).")
        return
    webbrowser.open(way.as_uri())


def _port(word: str) -> int:
    if not word.isdecimal() or int(word) > 65_535:
        raise ArgumentTypeError("a port is a number up to 65535")
    return int(word)
