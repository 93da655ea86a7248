"""What a relay says of itself when it listens, and in words why it cannot."""

from __future__ import annotations

import errno
import socket

from moot_server.commands.options import LOOPBACK
from moot_server.storage.folder import Folder
from moot_shared.errors import InputError
from moot_shared.wire.signed import hosting_text

EVERYWHERE = ("0.0.0.0", "::", "")


def shown_address(host: str, port: int, *, encrypted: bool) -> str:
    """The address as members need it."""
    name = _own_address() if host in EVERYWHERE else host
    return f"{'wss' if encrypted else 'ws'}://{f'[{name}]' if ':' in name else name}:{port}"


def announcement(
    host: str, address: str, folder: Folder, *, everybody: bool = False, database: str = ""
) -> str:
    """Where it is, where its data is, what opens it to a community (or that it is open to `everybody`)."""
    lines = [
        "Moot relay, open to everybody" if everybody else "Moot relay",
        f"Address: {address}",
        f"Data folder: {folder.path}",
        *([f"Database: {database}"] if database else []),
    ]
    if everybody:
        lines += ["", "Whoever reaches this address reads and writes every document here; nobody is asked."]
    else:
        lines += [
            f"Hosting key: {hosting_text(folder.hosting_key)}",
            "",
            "Whoever has the hosting key can put a community here: moot host ADDRESS KEY",
        ]
    if host in EVERYWHERE or not is_loopback(host):
        lines.append(
            "What goes over it is encrypted; members dial a name that stands in the certificate."
            if address.startswith("wss:")
            else "Nothing encrypts this address: use it in a network you trust, give it a certificate "
            "(--tls-cert), or put a TLS proxy in front."
        )
    else:
        lines.append(
            "Only this machine reaches this address. Others do with --host 0.0.0.0, or through a proxy."
        )
    lines.append("Ctrl+C stops it; what is stored stays.")
    return "\n".join(lines)


def is_loopback(host: str) -> bool:
    """Whether nobody else's machine reaches this address."""
    return host.startswith("127.") or host in ("::1", "localhost")


def _own_address() -> str:
    """This machine's address in the network that leads outside; nothing is sent to find it."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # an address kept for documentation
            return str(probe.getsockname()[0])
    except OSError:
        return socket.gethostname()


def cannot_listen(error: OSError | OverflowError, host: str, port: int) -> InputError:
    """Why it cannot listen there, and what would do."""
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
