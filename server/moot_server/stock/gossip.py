"""What clients of an open relay tell one another through it, beside changes: none of it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from moot_server.events import Input, Output, Send, called_of
from moot_server.stock.document import OpenDocument
from moot_server.stock.ephemeral import Passing, call, read
from moot_server.stock.peers import Peer
from moot_server.stock.remote import Remote
from moot_shared.limits import Limits
from moot_shared.wire import stock
from moot_shared.wire.stock import Ephemeral, RemoteHeads, Subscribe


class Gossip:
    """Gathers what is to be passed on, until `outputs` is asked for it."""

    def __init__(
        self,
        name: str,
        peers: Mapping[int, Peer],
        documents: Mapping[bytes, OpenDocument],
        limits: Limits,
        *,
        shared: bool = False,
    ) -> None:
        """`shared`: there may be other processes over the same database."""
        self._name = name
        self._limits = limits
        self._shared = shared
        self._peers = peers
        self._documents = documents
        self._passing = Passing()
        self._passed: list[Ephemeral] = []
        self._remote = Remote()
        self._outputs: list[Output] = []

    def hear(self, peer: Peer, message: Ephemeral | Subscribe | RemoteHeads) -> None:
        """Somebody says something that is for others, or wants to hear of them."""
        if isinstance(message, Ephemeral):
            if self._passing.fresh(message):
                self._passed.append(message)
                self._outputs += call(message, peer.number) if self._shared else []
        elif isinstance(message, Subscribe):
            for told in self._remote.subscribe(peer.number, message, peer.documents):
                self._tell(peer, told)
        else:
            for storage, followers in self._remote.heard(message).items():
                self._tell_all(message.document, storage, followers, peer)

    def called(self, inputs: Iterable[Input]) -> None:
        """Other processes pass on what was said there."""
        for message in (read(word, self._limits) for word in called_of(inputs)):
            if message and message.document in self._documents and self._passing.fresh(message):
                self._passed.append(message)

    def opened(self, peer: Peer, document: bytes) -> None:
        """Somebody has opened a document."""
        for told in self._remote.opened(peer.number, document):
            self._tell(peer, told)

    def has(self, peer: Peer, document: bytes, heads: tuple[bytes, ...], now: int) -> None:
        """Somebody says what they have of a document; whoever follows their storage hears of it."""
        if peer.storage is not None:
            followers = self._remote.has(document, peer.storage, heads, now)
            self._tell_all(document, peer.storage, followers, peer)

    def followed(self, peer: Peer) -> bool:
        """Whether somebody wants to hear what this peer has."""
        return peer.storage is not None and self._remote.followed(peer.storage)

    def leave(self, peer: Peer) -> None:
        """A connection is over."""
        self._remote.leave(peer.number)

    def outputs(self) -> list[Output]:
        """What is to be sent now."""
        for message in self._passed:
            self._pass_on(message)
        gathered, self._passed, self._outputs = self._outputs, [], []
        return gathered

    def _pass_on(self, message: Ephemeral) -> None:
        """To all others who have the document open; who lags behind misses it."""
        document = self._documents.get(message.document)
        peers = [self._peers[number] for number in document.talks] if document else []
        others = [peer for peer in peers if peer.name != message.sender and not peer.waiting]
        frames = stock.ephemeral(message, (peer.name for peer in others))
        self._outputs += [
            Send(peer.number, frame, droppable=True) for peer, frame in zip(others, frames, strict=True)
        ]

    def _tell_all(self, document: bytes, storage: str, followers: Iterable[int], source: Peer) -> None:
        for number in followers:
            peer = self._peers.get(number)
            if peer is not None and peer is not source and document in peer.documents:
                self._tell(peer, self._remote.known(document, storage))

    def _tell(self, peer: Peer, told: RemoteHeads) -> None:
        if not peer.waiting:
            self._outputs.append(Send(peer.number, stock.remote_heads(self._name, peer.name, told)))
