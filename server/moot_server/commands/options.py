"""The words and options of `moot relay`, and which module acts on them.

Each command gets the parsed words (`act`) and returns an exit code. Options of running stand in
`_running`, in groups; what they mean for the relay is said in `assembling`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

LOOPBACK = "127.0.0.1"
PORT = 8787


def parser() -> argparse.ArgumentParser:
    """The command line; `parse_args(argv).act` does what it says."""
    found = argparse.ArgumentParser(
        prog="moot relay",
        description="Run a relay: it keeps what the members of a community send, and passes it on. "
        "Only members are let in, unless it is --open.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _where(found)
    _running(found)
    found.set_defaults(act=_run)
    return found


def _where(found: argparse.ArgumentParser) -> None:
    found.add_argument(
        "--data", type=lambda text: Path(text).expanduser().absolute(), metavar="DIR",
        help="the folder for its data (default: MOOT_RELAY_DATA, or the platform's place for data)",
    )  # fmt: skip


def _running(found: argparse.ArgumentParser) -> None:
    found.add_argument(
        "--host", default=LOOPBACK, help=f"the address to listen on (default {LOOPBACK}: this machine only; "
        "0.0.0.0 for every network it is in)",
    )  # fmt: skip
    found.add_argument(
        "--port", type=int, default=PORT, help=f"the port (default {PORT}; 0 for any free one)"
    )
    found.add_argument(
        "--name", action="append", default=[], metavar="HOST[:PORT]",
        help="an address by which members reach it, as in their invites (repeatable; without it, an address "
        "counts once somebody has come by it with the hosting key)",
    )  # fmt: skip
    found.add_argument(
        "--behind-proxy", action="store_true",
        help="a proxy stands in front: the address from which somebody comes is the one that it names last "
        "in X-Forwarded-For",
    )  # fmt: skip
    found.add_argument(
        "--limit", action="append", default=[], metavar="NAME=VALUE",
        help="set one of its limits (repeatable)",
    )  # fmt: skip
    found.add_argument(
        "--open", action="store_true",
        help="for any automerge-repo client instead of communities: whoever reaches it reads and writes "
        "every document (with a data folder of its own)",
    )  # fmt: skip
    found.add_argument("--limits", action="store_true", help="list its limits and what they mean, and end")


def _run(words: argparse.Namespace) -> int:
    from moot_server.commands.running import run

    return run(words)
