"""`moot relay`: run a relay. No configuration is needed.

It listens on loopback unless it is told otherwise. What members send is readable on the way
where nothing encrypts it, and a relay does not bring TLS of its own: so opening it to a network
is somebody's decision (`--host`), best made with a proxy that does TLS in front, which needs
loopback and nothing more. A relay that nobody else reaches is noticed at once and is one word
from being mended; one that everybody could read along with would be noticed by nobody.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from moot_server.limiting import limited, listed
from moot_server.members.core import Core
from moot_server.members.names import Names
from moot_server.network.serve import Shell
from moot_server.storage.closed import ClosedLog
from moot_server.storage.folder import Folder, default_folder
from moot_server.storage.sqlite import SqliteStore
from moot_shared.errors import InputError, MootError
from moot_shared.outlet import outlets
from moot_shared.wire.address import read_address, written
from moot_shared.wire.signed import hosting_text

LOOPBACK = "127.0.0.1"
PORT = 8787
EVERYWHERE = ("0.0.0.0", "::", "")


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; 0 then, 1 with one sentence on stderr for whatever stands in the way."""
    with outlets():
        return _main(argv)


def _main(argv: Sequence[str] | None) -> int:
    words = _parser().parse_args(argv)
    os.umask(0o077)  # what members wrote is for them
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        limits, names = limited(words.limit), [read_address(name) for name in words.name]
        if words.limits:
            print(listed(limits))
            return 0
        with (
            closing(Folder.open(words.data or default_folder())) as folder,
            closing(SqliteStore(folder.store)) as store,
            closing(ClosedLog(folder.closed)) as closed,
        ):
            core = Core(store, closed, folder.hosting_key, os.urandom, limits, Names(store, names))
            shell = Shell(core, limits, behind_proxy=words.behind_proxy)
            asyncio.run(_run(core, shell, folder, words.host, words.port))
    except MootError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="moot relay",
        description="Run a relay: it keeps what the members of a community send, and passes it on. "
        "Only members are let in.",
    )
    parser.add_argument(
        "--host", default=LOOPBACK, help=f"the address to listen on (default {LOOPBACK}: this machine only; "
        "0.0.0.0 for every network it is in)",
    )  # fmt: skip
    parser.add_argument(
        "--port", type=int, default=PORT, help=f"the port (default {PORT}; 0 for any free one)"
    )
    parser.add_argument(
        "--data", type=lambda text: Path(text).expanduser().absolute(), metavar="DIR",
        help="the folder for its data (default: MOOT_RELAY_DATA, or the platform's place for data)",
    )  # fmt: skip
    parser.add_argument(
        "--name", action="append", default=[], metavar="HOST[:PORT]",
        help="an address by which members reach it, as in their invites (repeatable; without it, an address "
        "counts once somebody has come by it with the hosting key)",
    )  # fmt: skip
    parser.add_argument(
        "--behind-proxy", action="store_true",
        help="a proxy stands in front: the address from which somebody comes is the one that it names last "
        "in X-Forwarded-For",
    )  # fmt: skip
    parser.add_argument(
        "--limit", action="append", default=[], metavar="NAME=VALUE",
        help="set one of its limits (repeatable)",
    )  # fmt: skip
    parser.add_argument("--limits", action="store_true", help="list its limits and what they mean, and end")
    return parser


async def _run(core: Core, shell: Shell, folder: Folder, host: str, port: int) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    try:
        bound = await shell.start(host, port)
    except (OSError, OverflowError) as error:
        raise _cannot_listen(error, host, port) from error
    if host not in EVERYWHERE:
        core.names.listens(written(host, bound[0][1]))
    print(_announcement(host, bound[0][1], folder), flush=True)
    await stopped.wait()
    await shell.stop()


def _announcement(host: str, port: int, folder: Folder) -> str:
    everywhere = host in EVERYWHERE
    name = _own_address() if everywhere else host
    lines = [
        "Moot relay",
        f"Address: ws://{f'[{name}]' if ':' in name else name}:{port}",
        f"Data folder: {folder.path}",
        f"Hosting key: {hosting_text(folder.hosting_key)}",
        "",
        "Whoever has the hosting key can put a community here: moot host ADDRESS KEY",
    ]
    if everywhere or not _is_loopback(host):
        lines.append(
            "Nothing encrypts this address: use it in a network you trust, or put a TLS proxy in front."
        )
    else:
        lines.append(
            "Only this machine reaches this address. Others do with --host 0.0.0.0, or through a proxy."
        )
    lines.append("Ctrl+C stops it; what is stored stays.")
    return "\n".join(lines)


def _is_loopback(host: str) -> bool:
    return host.startswith("127.") or host in ("::1", "localhost")


def _own_address() -> str:
    """This machine's address in the network that leads outside; nothing is sent to find it."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # an address kept for documentation
            return str(probe.getsockname()[0])
    except OSError:
        return socket.gethostname()


def _cannot_listen(error: OSError | OverflowError, host: str, port: int) -> InputError:
    if isinstance(error, socket.gaierror):
        return InputError(f"{host} is no address of this machine. Try --host {LOOPBACK}.")
    if isinstance(error, OverflowError):
        return InputError(
            f"{port} is no port: choose one from 1024 to 65535 with --port, or 0 for any free one."
        )
    match error.errno:
        case errno.EADDRINUSE:
            return InputError(
                f"Port {port} is taken, perhaps by another relay. Stop that, or choose another with --port."
            )
        case errno.EACCES:
            return InputError(f"Port {port} may not be used by you. Choose one above 1023 with --port.")
        case errno.EADDRNOTAVAIL:
            return InputError(f"{host} is no address of this machine. Try --host {LOOPBACK}.")
    return InputError(f"The relay cannot listen on {host}:{port} ({error.strerror or error}).")
