"""Relay addresses, as people type them."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from moot_shared.errors import InputError

_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}


def relay_address(text: str) -> str:
    """The address in its one form; InputError says how one looks. `https://` is taken for `wss://`."""
    scheme, found, rest = text.strip().partition("://")
    scheme = _SCHEMES.get(scheme.lower(), "")
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        fine = bool(found and scheme and parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fine = False
    if not fine or any(c.isspace() or not c.isprintable() for c in rest) or "@" in rest.partition("/")[0]:
        raise InputError(
            "A relay's address looks like wss://relay.example or ws://192.168.1.5:8787. "
            "Whoever runs the relay knows it; moot relay prints it."
        )
    return f"{scheme}://{rest}".rstrip("/")


def is_loopback(url: str) -> bool:
    """Whether an address stays on this machine, so that no proxy is asked for it."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
