"""A relay for everybody who reaches it: any automerge-repo client reads and writes every document.

A batch is handled in four passes: what was said is read; the changes in it are taken and committed
together; then it is noted who has what; and only after that is anything declared or passed on, once for
each document that a connection has to hear of, however much arrived. What the disk does not take is
neither declared nor passed on: who brought it is told why and let go, and brings it again when it is
back. Everybody else goes on reading.
"""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from moot_server.events import (
    Again,
    Close,
    Closed,
    Elsewhere,
    Frame,
    Input,
    Late,
    Opened,
    Output,
    Ready,
    Send,
)
from moot_server.stock.document import OpenDocument, Pieces
from moot_server.stock.gossip import Gossip
from moot_server.stock.peers import Peer
from moot_server.stock.quick import acknowledges
from moot_server.stock.snapshots import unheard
from moot_server.stock.talk import Talk
from moot_server.storage.store import Store
from moot_shared.errors import FormatError, StorageError
from moot_shared.format.sync import SyncMessage, decode_sync_message
from moot_shared.limits import MIB, OPEN, Limits
from moot_shared.trust.ancestry import Mark
from moot_shared.wire import stock
from moot_shared.wire.documents import document_text
from moot_shared.wire.stock import Ephemeral, Join, Message, Nameless, RemoteHeads, Subscribe, Sync

IDLE_MS = 60_000  # after which a document's index leaves memory
PIECES_BYTES = 4 * MIB  # of changes that are kept as they are sent

log = logging.getLogger("moot.relay")


class Heard:
    """A sync message, and what it was about."""

    __slots__ = ("document", "message", "peer", "request", "talk")

    def __init__(
        self, peer: Peer, document: OpenDocument, talk: Talk, message: SyncMessage, request: bool
    ) -> None:
        self.peer = peer
        self.document = document
        self.talk = talk
        self.message = message
        self.request = request


class OpenCore:
    """One open relay. `step` is called by one thread at a time; times are Unix milliseconds."""

    def __init__(
        self, store: Store, limits: Limits = OPEN, grown: Callable[[bytes, int], None] = unheard
    ) -> None:
        """`grown` is told of a document, and how many changes it has (`snapshots`)."""
        self._store = store
        self._grown = grown
        self._limits = limits
        self.storage = str(uuid.UUID(bytes=store.relay_id()))
        """The name of what this relay keeps its documents in: the same after a restart."""
        self.name = f"moot-relay-{self.storage}"
        self._peers: dict[int, Peer] = {}
        self._named: dict[str, Peer] = {}
        self._documents: dict[bytes, OpenDocument] = {}
        self._pieces: Pieces = Pieces(PIECES_BYTES)
        self._swept = 0
        self._held: dict[OpenDocument, None] = {}  # whose news wait for a moment
        self._now = 0
        self._outputs: list[Output] = []
        self._dirty: dict[tuple[int, bytes], None] = {}
        self._gossip = Gossip(self.name, self._peers, self._documents)

    def step(self, inputs: Sequence[Input], now: int) -> list[Output]:
        """Handle what has come in, in order; whatever is answered is durable."""
        self._now, self._outputs, self._dirty = now, [], {}
        heard = [each for each in map(self._input, inputs) if each is not None]
        bringing = [each for each in heard if each.message.chunks]
        changed = dict.fromkeys((*self._elsewhere(inputs), *self._take(bringing)))
        for each in heard:
            if not each.peer.gone:
                self._guarded(each.peer, self._note, each)
        for document in changed:
            self._grown(document.id, len(document.ancestry.entries))
        self._say(self._news(changed, bringing))
        self._outputs += self._gossip.outputs()
        self._sweep()
        return self._outputs

    def quick(self, number: int, frame: bytes) -> bool:
        """Whether a frame only said that all has arrived: it is dealt with, then. Not during `step`."""
        peer = self._peers.get(number)
        message = peer.frames.read(frame) if peer is not None and not peer.gone else None
        if peer is None or message is None or message.request or self._gossip.followed(peer):
            return False
        document = peer.documents.get(message.document)
        if document is None or not self._all_well(peer, document, document.talks[number], message.data):
            return False
        document.rhythm.heard(number)
        return True

    def abandon(self, inputs: Sequence[Input]) -> list[Output]:
        """After a defect in `step`: forget what is in memory, and let go of who was served in it."""
        self._outputs = []
        for document in self._documents.values():
            document.forget()
        for each in inputs:
            peer = self._peers.get(each.peer)
            if peer is None:
                self._outputs.append(Close(each.peer))
            else:
                self._dismiss(peer, "The relay met a defect of its own. Please report it.")
            if isinstance(each, Closed):
                self._closed(each.peer)
        return self._outputs

    # -- reading -------------------------------------------------------------------------------------

    def _input(self, each: Input) -> Heard | None:
        """Do what needs no disk; what remains is a sync message."""
        peer = self._peers.get(each.peer)
        if isinstance(each, Opened):
            self._peers[each.peer] = Peer(each.peer)
        elif isinstance(each, Closed):
            self._closed(each.peer)
        elif peer is None or peer.gone:
            return None
        elif isinstance(each, Frame):
            try:
                return self._frame(peer, each.data)
            except FormatError as error:
                self._dismiss(peer, str(error))
        elif isinstance(each, Ready):
            peer.waiting, peer.said = False, 0
            self._dirty.update(((peer.number, document), None) for document in peer.unsaid)
            peer.unsaid = {}
        elif isinstance(each, Late) and not peer.name:
            self._dismiss(peer, "Nothing was heard of this connection in time.")
        return None

    def _frame(self, peer: Peer, frame: bytes) -> Heard | None:
        message = peer.frames.read(frame)
        if message is None:
            read = stock.read(frame, self._limits)
            if not isinstance(read, Sync) or not peer.name:
                self._other(peer, read)
                return None
            message = read
            peer.frames.learn(frame, message)
        document = self._joined(peer, message.document)
        talk = document.talks[peer.number]
        document.used = self._now
        document.rhythm.heard(peer.number)
        if not message.request and self._all_well(peer, document, talk, message.data):
            return None
        sync = decode_sync_message(message.data, self._limits)
        return Heard(peer, document, talk, sync, message.request)

    def _all_well(self, peer: Peer, document: OpenDocument, talk: Talk, data: bytes) -> bool:
        """Whether this only says that all has arrived: nothing is to be done about it."""
        if not document.in_memory or not talk.begun:
            return False
        heads = document.ancestry.sorted_heads()
        flags = acknowledges(data, document.opening())
        before = talk.theirs
        if flags is None or not talk.acknowledged(flags, heads):
            return False
        if before != heads:
            self._gossip.has(peer, document.id, heads, self._now)
        return True

    def _other(self, peer: Peer, message: Message) -> None:
        if isinstance(message, Join) and not peer.name:
            self._join(peer, message)
        elif not peer.name:
            self._dismiss(peer, "A connection begins with who it is.")
        elif isinstance(message, Ephemeral | Subscribe | RemoteHeads):
            self._gossip.hear(peer, message)
        elif isinstance(message, Nameless):
            self._unavailable(peer, message.text)

    def _join(self, peer: Peer, message: Join) -> None:
        if stock.VERSION not in message.versions:
            self._dismiss(peer, "unsupported protocol version", message.sender)
            return
        before = self._named.get(message.sender)
        if before is not None:  # it is back before its last connection was known to be over
            self._dismiss(before, "The same client has connected again.")
        peer.name, peer.storage = message.sender, message.storage
        peer.opening = stock.sync_opening(self.name, peer.name)
        self._named[peer.name] = peer
        self._outputs.append(Send(peer.number, stock.peer(self.name, peer.name, self.storage)))

    def _joined(self, peer: Peer, name: bytes) -> OpenDocument:
        """A document that this peer talks about, from now on if not before."""
        document = peer.documents.get(name)
        if document is None:
            if len(peer.documents) >= self._limits.documents_per_peer:
                raise FormatError(
                    f"One connection may have {self._limits.documents_per_peer:,} documents open."
                )
            document = self._documents.get(name)
            if document is None:
                document = OpenDocument(name, self._store, self._pieces, self._limits)
                self._documents[name] = document
            peer.documents[name] = document
            document.talks[peer.number] = Talk(document, self._limits)
            self._gossip.opened(peer, name)
        return document

    # -- taking --------------------------------------------------------------------------------------

    def _elsewhere(self, inputs: Sequence[Input]) -> list[OpenDocument]:
        """Take in what other processes have stored; the documents that people here are to hear of."""
        told = {each.community for each in inputs if isinstance(each, Elsewhere)}
        named = (
            self._documents.values() if None in told else [self._documents.get(each or b"") for each in told]
        )
        found: list[OpenDocument] = []
        for document in [document for document in named if document is not None and document.talks]:
            with suppress(StorageError):  # the store says once it is worth trying again
                document.catch_up()
                found.append(document)
        return [*found, *self._take([], [document for document in found if document.waits])]

    def _take(self, heard: Sequence[Heard], ready: Iterable[OpenDocument] = ()) -> list[OpenDocument]:
        """Take the changes that came, all in one transaction; the documents that have grown.

        `ready`: documents in which something may have waited for what another process has stored.
        """
        documents = dict.fromkeys((*ready, *(each.document for each in heard)))
        if not documents:
            return []
        marks: dict[OpenDocument, Mark] = {}
        changed: dict[OpenDocument, None] = {}
        caught_up: list[OpenDocument] = []
        try:
            with self._store.transaction(document.id for document in documents):
                for document in documents:
                    if document.catch_up():
                        caught_up.append(document)
                    marks[document] = document.ancestry.mark()
                    if document.waits and document.take_ready():
                        changed[document] = None
                for each in heard:
                    if each.document.take(each.message.chunks, each.talk):
                        changed[each.document] = None
        except StorageError as error:
            for document, mark in marks.items():
                document.cut(mark)
            for each in heard:
                self._dismiss(each.peer, str(error))
            return caught_up
        return [*caught_up, *changed]

    # -- noting --------------------------------------------------------------------------------------

    def _note(self, heard: Heard) -> None:
        document, talk = heard.document, heard.talk
        before = talk.theirs
        talk.hear(heard.message)
        if talk.theirs != before:
            self._gossip.has(heard.peer, document.id, talk.theirs, self._now)
        if heard.request and not document.ancestry.entries:
            self._unavailable(heard.peer, document_text(document.id))
            if not heard.message.heads:
                return
        elif heard.request:  # a newcomer, and perhaps the snapshot is behind
            self._grown(document.id, len(document.ancestry.entries))
        self._dirty[heard.peer.number, document.id] = None

    # -- saying --------------------------------------------------------------------------------------

    def _news(self, changed: Iterable[OpenDocument], bringing: Iterable[Heard]) -> list[OpenDocument]:
        """The documents whose news are passed on now: of those that have grown, and of those held back."""
        brought = Counter((each.peer.number, each.document.id) for each in bringing)
        hasty = {document for (_, document), times in brought.items() if times > 1}
        told: list[OpenDocument] = []
        for document in dict.fromkeys((*changed, *self._held)):
            if document.rhythm.now(self._now, pipelined=document.id in hasty):
                told.append(document)
                self._held.pop(document, None)
                self._dirty.update(((number, document.id), None) for number in document.talks)
            elif document not in self._held:
                self._held[document] = None
                self._outputs.append(Again((document.rhythm.due - self._now) / 1000))
        return told

    def _say(self, news: Iterable[OpenDocument]) -> None:
        """One message for each conversation in which something is to be said."""
        for document in news:
            document.rhythm.told((n for n, talk in document.talks.items() if not talk.current), self._now)
        rests: dict[tuple[bytes, bytes], bytes] = {}
        for number, name in self._dirty:
            peer = self._peers.get(number)
            if peer is None or peer.gone or name not in peer.documents:
                continue
            if peer.waiting:
                peer.unsaid[name] = None
            else:
                self._guarded(peer, self._say_to, peer, peer.documents[name], rests)

    def _say_to(self, peer: Peer, document: OpenDocument, rests: dict[tuple[bytes, bytes], bytes]) -> None:
        talk = document.talks[peer.number]
        if document in self._held and not talk.current and not talk.urgent:
            return
        said = talk.say(document.shared, self._limits.reply_bytes)
        if said is None:
            return
        data, more = said
        rest = rests.get((document.id, data)) if not more else None
        if rest is None:
            rest = document.about + stock.data_head(len(data)) + data
            if not more:
                rests[document.id, data] = rest
        peer.said += len(rest)
        if more:
            peer.unsaid[document.id] = None
        peer.waiting = more or peer.said > self._limits.reply_bytes
        self._outputs.append(Send(peer.number, peer.opening + rest, peer.waiting))

    def _unavailable(self, peer: Peer, name: str) -> None:
        self._outputs.append(Send(peer.number, stock.unavailable(self.name, peer.name, name)))

    # -- leaving -------------------------------------------------------------------------------------

    def _guarded(self, peer: Peer, act: object, *arguments: object) -> None:
        """Do something for one peer; where the disk cannot be read, that is the end of its connection."""
        try:
            act(*arguments)  # type: ignore[operator]
        except StorageError as error:
            self._dismiss(peer, str(error))

    def _dismiss(self, peer: Peer, why: str, name: str = "") -> None:
        """Say why, and let go."""
        if not peer.gone:
            peer.gone = True
            target = name or peer.name
            self._outputs += [
                Send(peer.number, stock.error(self.name, target, why)), Close(peer.number),
            ]  # fmt: skip
            self._leave(peer)

    def _closed(self, number: int) -> None:
        peer = self._peers.pop(number, None)
        if peer is not None:
            self._leave(peer)

    def _leave(self, peer: Peer) -> None:
        for document in peer.documents.values():
            document.leave(peer.number)
        peer.documents = {}
        self._gossip.leave(peer)
        if self._named.get(peer.name) is peer:
            del self._named[peer.name]

    def _sweep(self) -> None:
        """Let go of what has not been in use for a while."""
        if self._now - self._swept < IDLE_MS // 4:
            return
        self._swept = self._now
        for document in list(self._documents.values()):
            if self._now - document.used >= IDLE_MS:
                document.forget()
                if not document.talks:
                    del self._documents[document.id]
