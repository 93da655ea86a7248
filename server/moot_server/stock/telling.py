"""What is said at the end of a batch: one message for each conversation in which there is something to say.

The same bytes are made once for all who lack the same. Who has much to get is sent the next part when the
last one has left; meanwhile what is new for them gathers.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from moot_server.events import Again, Output, Send
from moot_server.stock.document import OpenDocument
from moot_server.stock.peers import Peer
from moot_shared.errors import StorageError
from moot_shared.limits import KIB, Limits
from moot_shared.wire import stock

_LARGE = 256 * KIB
"""Bytes of which each listener does not get a copy of their own."""


class Telling:
    """Of one relay. `begin` a batch, `mark` what is to be looked at, and `say` it."""

    def __init__(self, name: str, peers: Mapping[int, Peer], limits: Limits) -> None:
        self._name = name
        self._peers = peers
        self._limits = limits
        self._held: dict[OpenDocument, None] = {}  # whose news wait for a moment
        self._marked: dict[tuple[int, bytes], None] = {}
        self._now = 0
        self._due = False
        self._large = b""
        self.outputs: list[Output] = []

    def begin(self, now: int, *, due: bool = False) -> None:
        """A batch has come; `due` if with it the time that was asked for is over."""
        self._now, self.outputs, self._marked, self._due = now, [], {}, due

    def mark(self, peer: Peer, documents: Iterable[bytes]) -> None:
        """There may be something to say to this peer of these documents."""
        for document in documents:
            self._marked[peer.number, document] = None

    def unavailable(self, peer: Peer, name: str) -> None:
        """Nobody here has the document of this name."""
        self.outputs.append(Send(peer.number, stock.unavailable(self._name, peer.name, name)))

    def say(self, changed: Iterable[OpenDocument], hasty: Container[OpenDocument]) -> list[tuple[Peer, str]]:
        """Say it, of documents that have grown too; those peers to whom the disk kept it from being said.

        `hasty`: documents whose writers did not wait for an answer.
        """
        for grown in dict.fromkeys((*changed, *self._held)):
            self._news(grown, pipelined=grown in hasty)
        failed: list[tuple[Peer, str]] = []
        rests: dict[tuple[bytes, bytes], bytes] = {}
        for number, name in self._marked:
            peer = self._peers.get(number)
            document = peer.documents.get(name) if peer is not None and not peer.gone else None
            if peer is None or document is None:
                continue
            if peer.waiting or peer.later:
                peer.unsaid[name] = None
                continue
            try:
                self._say_to(peer, document, rests)
            except StorageError as error:
                failed.append((peer, str(error)))
        return failed

    def _news(self, document: OpenDocument, *, pipelined: bool) -> None:
        """Pass on what is new in a document, now or in a moment."""
        if document.rhythm.now(self._now, pipelined=pipelined):
            self._held.pop(document, None)
            document.rhythm.told((n for n, talk in document.talks.items() if not talk.current), self._now)
            self._marked.update(((number, document.id), None) for number in document.talks)
        elif self._due or document not in self._held:  # held on if the clock was set back meanwhile
            self._held[document] = None
            self.outputs.append(Again((document.rhythm.due - self._now) / 1000))

    def _say_to(self, peer: Peer, document: OpenDocument, rests: dict[tuple[bytes, bytes], bytes]) -> None:
        talk = document.talks[peer.number]
        if document in self._held and not talk.current and not talk.urgent:
            return
        said = talk.say(document.shared, self._limits.reply_bytes)
        if said is None:
            return
        data, more = said
        rest = self._large if len(data) >= _LARGE and self._large.endswith(data) else None
        rest = rest or (rests.get((document.id, data)) if not more else None)
        if rest is None or not rest.startswith(document.about):
            rest = document.about + stock.data_head(len(data)) + data
            if not more:
                rests[document.id, data] = rest
            if len(data) >= _LARGE:
                self._large = rest
        peer.said += len(rest)
        if more:
            peer.unsaid[document.id] = None
        peer.waiting = more or peer.said > self._limits.reply_bytes
        if len(rest) >= _LARGE:
            self.outputs.append(Send(peer.number, peer.opening, peer.waiting, rest=rest))
        else:
            self.outputs.append(Send(peer.number, peer.opening + rest, peer.waiting))
