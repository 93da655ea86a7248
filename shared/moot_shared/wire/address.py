"""The address under which a relay is reached, in one form: `host` or `host:port`, without a scheme.

A client signs the address that it dialled and a relay compares it with those that it knows as its
own, so both have to write it alike: lower case, names in ASCII (IDNA), no dot at the end, IPv6
shortened and in brackets. The ports 80 and 443 are left out: they are what `ws://` and `wss://` mean
by themselves, and behind a proxy that does TLS a relay cannot tell which of the two was dialled.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from moot_shared.errors import InputError

LONGEST = 300  # characters
_SILENT_PORTS = frozenset({None, 80, 443})


def address_of(url: str) -> str:
    """The address in a relay's URL; InputError where there is none."""
    return read_address(url.partition("://")[2] or url)


def read_address(text: str) -> str:
    """`HOST` or `HOST:PORT` as people write it, in its one form; InputError for anything else."""
    try:
        parts = urlsplit(f"//{text.strip()}")
        if not parts.hostname or parts.username is not None:
            raise _no_address(text)
        return written(parts.hostname, parts.port)
    except ValueError as error:
        raise _no_address(text) from error


def written(host: str, port: int | None) -> str:
    """A host and a port as an address; ValueError for a host that cannot be one."""
    name = _host(host)
    name = f"[{name}]" if ":" in name else name
    found = name if port in _SILENT_PORTS else f"{name}:{port}"
    if len(found) > LONGEST or not all(" " < letter < "\x7f" for letter in found):
        raise ValueError(found)
    return found


def _host(host: str) -> str:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        name = host.rstrip(".")
        return (name if name.isascii() else name.encode("idna").decode("ascii")).lower()
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def _no_address(text: str) -> InputError:
    return InputError(
        f"‘{text[:100]}’ is no address of a relay: one looks like relay.example or relay.example:8787."
    )
