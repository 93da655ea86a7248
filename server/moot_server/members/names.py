"""The addresses that a relay knows as its own: a proof that was signed for another one is not for it.

What a connection says about itself is no evidence: whoever stands between a member and the relay
connects to the relay like anybody else, and writes into the handshake (`Host`) what they like. So a
relay knows an address from its owner only, or sees it itself:

* given with `--name`, or with `--host`;
* learnt: somebody who holds the hosting key came by it. Where names are given, none is learnt;
* an IP address, where it is the relay's own end of this very connection. One of a private network
  (or of loopback) means another machine in every such network, so it counts only for who comes from
  such a network as well.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from moot_server.events import Opened
from moot_server.storage.store import Store

MOST = 100  # learnt ones

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Names:
    """Of one relay."""

    def __init__(self, store: Store, given: Iterable[str] = ()) -> None:
        """`given`: addresses in their one form (`wire.address`)."""
        self._store = store
        self._given = frozenset(given)
        self._own: set[str] = set()

    def listens(self, address: str) -> None:
        """The owner has told it to listen on this address. An IP address is seen on each connection."""
        host = _host_of(address)
        if _ip(host) is None and host != "localhost":
            self._own.add(address)

    def known(self, address: str, opened: Opened) -> bool:
        """Whether a connection that was dialled by this address has reached whom it was meant for."""
        return (
            address in self._given
            or address in self._own
            or (not self._given and address in self._store.names())
            or _reached(address, opened)
        )

    def learns(self) -> bool:
        """Whether the hosting key's word on an address is enough."""
        return not self._given and len(self._store.names()) < MOST

    def learn(self, address: str) -> None:
        """Somebody with the hosting key came by this address. StorageError where it cannot be kept."""
        with self._store.transaction():
            self._store.add_name(address)


def _reached(address: str, opened: Opened) -> bool:
    """Whether the address is this end of the connection, and means the same at the other end."""
    here, there = _ip(_host_of(opened.local)), _ip(opened.address)
    if here is None or there is None:
        return False
    if here.is_loopback:
        port = opened.local.removeprefix(_host_of(opened.local))
        return there.is_loopback and address in (opened.local, f"localhost{port}")
    return address == opened.local and (here.is_global or not there.is_global)


def _host_of(address: str) -> str:
    """The host of an address in its one form."""
    return address.partition("]")[0] + "]" if address.startswith("[") else address.partition(":")[0]


def _ip(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
