"""The words and options of `moot relay`, and which module acts on them.

Each command gets the parsed words (`act`) and returns an exit code. Options of running stand in
`_running`, in groups; what they mean for the relay is said in `assembling`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from textwrap import fill

from moot_server.commands.exits import MEANING
from moot_server.commands.parser import Parser
from moot_server.watching.journal import FORMS

LOOPBACK = "127.0.0.1"
PORT = 8787
WIDTH = 90
EXAMPLES = (
    "moot relay",
    "moot relay --data /srv/moot --log text",
    "moot relay --host 0.0.0.0 --name relay.example:8787 --tls-cert cert.pem --tls-key key.pem",
    "moot relay --behind-proxy --name relay.example",
    "moot relay --port 8788 --limit strangers_per_address=30",
    "moot relay --database postgresql://moot@db.example/moot",
    "moot relay --open --port 8789",
)


def parser() -> Parser:
    """The command line; `parse_args(argv).act` does what it says."""
    found = Parser(
        prog="moot relay",
        description=fill(
            "Run a relay: it keeps what the members of a community send, and passes it on. "
            "Only members are let in, unless it is --open.",
            WIDTH,
        ),
        epilog="\n".join(["exit codes:", *(f"  {code:<4} {said}" for code, said in MEANING.items())]),
    )
    found.examples = EXAMPLES
    _where(found)
    _running(found)
    found.set_defaults(act=_by("running", "run"))
    _others(found.add_subparsers(metavar="COMMAND", title="commands for a relay that runs, or does not"))
    return found


def _database(found: Parser, default: str | None, brief: str) -> None:
    found.add_argument("--database", default=default, metavar="URL", help=brief)


def _others(commands: argparse._SubParsersAction[Parser]) -> None:
    backup = _command(
        commands, "backup", "copying", "copy all that is stored into one file, while the relay runs",
        "The copy is of one moment, checked, and readable by its owner only. It holds what members wrote: "
        "keep it as safe as the relay itself.",
        ("moot relay backup /var/backups/moot.db", "moot relay backup --data /srv/moot --force moot.db"),
    )  # fmt: skip
    backup.add_argument("file", metavar="FILE", help="where to")
    backup.add_argument("--force", action="store_true", help="write over a file that is there")
    restore = _command(
        commands, "restore", "copying", "put a backup in the place of what is stored, while the relay runs",
        "What is there is kept beside it, and the log of who was shut out stays. Clients connect again by "
        "themselves, and bring back what is newer than the backup.",
        ("moot relay restore /var/backups/moot.db",),
    )  # fmt: skip
    restore.add_argument("file", metavar="FILE", nargs="?", help="the backup (with --database: none)")
    verify = _command(
        commands, "verify", "verifying", "prove all that is stored, while the relay runs",
        "Exit code 0: all is well; 3: something is damaged, and what to do is said.",
        ("moot relay verify", "moot relay verify --file /var/backups/moot.db"),
    )  # fmt: skip
    verify.add_argument("--file", metavar="FILE", help="a backup instead of the relay's own file")
    status = _command(
        commands, "status", "status", "whether it runs and how it is",
        "Exit code 0: it runs and stores; 1: something is the matter; 3: it does not run.",
        ("moot relay status", "moot relay status --json"),
    )  # fmt: skip
    status.add_argument("--json", action="store_true", help="for programs; times are Unix milliseconds")
    move = _command(
        commands, "move", "database", "put all that is stored into a PostgreSQL database",
        "The relay has to be stopped. Afterwards relays run on it with --database; the file is kept.",
        ("moot relay move --to postgresql://moot@db.example/moot",),
    )  # fmt: skip
    move.add_argument("--to", required=True, metavar="URL", help="the database, an empty one")


def _command(
    commands: argparse._SubParsersAction[Parser],
    name: str,
    module: str,
    brief: str,
    says: str,
    examples: Sequence[str],
) -> Parser:
    about = fill(f"{brief[0].upper()}{brief[1:]}. {says}", WIDTH)
    found = commands.add_parser(name, help=brief, description=about)
    found.examples = tuple(examples)
    _where(found, argparse.SUPPRESS)
    _database(found, argparse.SUPPRESS, "the database in which everything is, instead of the folder")
    found.add_argument(
        "--open", action="store_true", default=argparse.SUPPRESS,
        help="the folder of an open relay, where --data names none",
    )  # fmt: skip
    found.set_defaults(act=_by(module, name))
    return found


def folder_of(words: argparse.Namespace) -> Path:
    """The data folder that these words mean."""
    from moot_server.storage.folder import FOLDER, OPEN_FOLDER, default_folder

    found: Path = words.data or default_folder(OPEN_FOLDER if words.open else FOLDER)
    return found


def _where(found: Parser, default: str | None = None) -> None:
    found.add_argument(
        "--data", default=default, type=_path, metavar="DIR",
        help="the folder for its data (default: MOOT_RELAY_DATA, or the platform's place for data)",
    )  # fmt: skip


def _running(found: Parser) -> None:
    found.add_argument(
        "--host", default=LOOPBACK, metavar="HOST",
        help=f"the address to listen on (default {LOOPBACK}: this machine only; 0.0.0.0 for every network it "
        "is in)",
    )  # fmt: skip
    found.add_argument(
        "--port",
        type=int,
        default=PORT,
        metavar="PORT",
        help=f"the port (default {PORT}; 0 for any free one)",
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
    _database(
        found, os.environ.get("MOOT_RELAY_DATABASE", ""),
        "keep everything in PostgreSQL (postgresql://user@host/name), which any number of relays can share, "
        "each with a data folder of its own (default: MOOT_RELAY_DATABASE, where a password is not seen)",
    )  # fmt: skip
    found.add_argument(
        "--log", choices=FORMS, default="quiet",
        help="what it says on stderr while it runs: trouble only (quiet, the default), or a line for each "
        "event, for people (text) or programs (json); never what members wrote, nor who they are",
    )  # fmt: skip
    found.add_argument(
        "--metrics", action="store_true",
        help="let everybody read its figures (/metrics, for Prometheus), not only this machine (with "
        "--behind-proxy: otherwise nobody)",
    )  # fmt: skip
    found.add_argument(
        "--tls-cert", type=_path, metavar="FILE",
        help="encrypt: its certificate, and those up to a known authority (PEM; read again on SIGHUP)",
    )  # fmt: skip
    found.add_argument("--tls-key", type=_path, metavar="FILE", help="the certificate's private key (PEM)")
    found.add_argument("--limits", action="store_true", help="list its limits and what they mean, and end")


def _by(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """What acts on a command; its module is imported only then."""

    def act(words: argparse.Namespace) -> int:
        code: int = getattr(import_module(f"moot_server.commands.{module}"), name)(words)
        return code

    return act


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()
