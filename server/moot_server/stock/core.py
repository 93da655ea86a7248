"""A relay for everybody who reaches it: any automerge-repo client reads and writes every document.

A batch is handled in four passes: what was said is read; the changes in it are taken and committed
together; then it is noted who has what; and only after that is anything declared or passed on, once for
each document that a connection has to hear of, however much arrived. What the disk does not take is
neither declared nor passed on: who brought it is told why and let go, and brings it again when it is
back. Everybody else goes on reading.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from logging import WARNING

from moot_server.events import Close, Closed, Due, Frame, Input, Late, Opened, Output, Ready, Send
from moot_server.stock.document import OpenDocument, Pieces
from moot_server.stock.gossip import Gossip
from moot_server.stock.peers import Heard, Peer
from moot_server.stock.quick import acknowledges
from moot_server.stock.snapshots import unheard
from moot_server.stock.taking import Taking
from moot_server.stock.talk import Talk
from moot_server.stock.telling import Telling
from moot_server.stock.turns import Turns
from moot_server.storage.store import Store
from moot_server.watching.figures import Figures
from moot_server.watching.journal import note
from moot_shared.errors import FormatError, StorageError
from moot_shared.format.sync import decode_sync_message
from moot_shared.limits import MIB, OPEN, Limits
from moot_shared.wire import stock
from moot_shared.wire.documents import document_text
from moot_shared.wire.stock import Ephemeral, Join, Message, Nameless, RemoteHeads, Subscribe, Sync

IDLE_MS = 60_000  # after which a document's index leaves memory
PIECES_BYTES = 4 * MIB  # of changes that are kept as they are sent


class OpenCore:
    """One open relay. `step` is called by one thread at a time; times are Unix milliseconds."""

    def __init__(
        self,
        store: Store,
        limits: Limits = OPEN,
        grown: Callable[[bytes, int], None] = unheard,
        figures: Figures | None = None,
        *,
        shared: bool = False,
    ) -> None:
        """`grown` is told of a document, and how many changes it has (`snapshots`).

        `shared`: other processes may serve clients of the same documents.
        """
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
        self._now = 0
        self._figures = figures or Figures()
        self._taking = Taking(store, self._documents, self._figures)
        self._telling = Telling(self.name, self._peers, limits)
        self._turns = Turns(self._read)
        self._gossip = Gossip(self.name, self._peers, self._documents, limits, shared=shared)

    def step(self, inputs: Sequence[Input], now: int) -> list[Output]:
        """Handle what has come in, in order; whatever is answered is durable."""
        self._now = now
        due = any(isinstance(each, Due) for each in inputs)
        self._telling.begin(now, due=due)
        heard, done = self._turns.begin(due=due)
        for peer in done:
            self._resume(peer)
        heard += [found for each in inputs for found in self._input(each)]
        self._gossip.called(inputs)
        bringing = [each for each in heard if each.message.chunks]
        changed = self._taking.batch(inputs, bringing)
        if self._taking.failed:
            for each in bringing:
                self._dismiss(each.peer, self._taking.failed, code="storage")
        for each in heard:
            if each.last and not each.peer.gone:
                try:
                    self._note(each)
                except StorageError as error:
                    self._dismiss(each.peer, str(error), code="storage")
        self._tell_of_full(bringing)
        for document in changed:
            self._grown(document.id, len(document.ancestry.entries))
        brought = Counter((each.peer.number, each.document) for each in bringing)
        for peer, why in self._telling.say(
            changed, {each for (_, each), times in brought.items() if times > 1}
        ):
            self._dismiss(peer, why)
        self._sweep()
        return self._telling.outputs + self._gossip.outputs() + self._turns.outputs()

    def quick(self, number: int, frame: bytes) -> bool:
        """Whether a frame only said that all has arrived: it is dealt with, then. Not during `step`."""
        peer = self._peers.get(number)
        message = peer.frames.read(frame) if peer is not None and not peer.gone else None
        if peer is None or message is None or message.request or peer.later or self._gossip.followed(peer):
            return False
        document = peer.documents.get(message.document)
        if document is None or not self._all_well(peer, document, document.talks[number], message.data):
            return False
        document.rhythm.heard(number)
        return True

    def abandon(self, inputs: Sequence[Input]) -> list[Output]:
        """After a defect in `step`: forget what is in memory, and let go of who was served in it."""
        self._telling.begin(self._now)
        for document in self._documents.values():
            document.forget()
        for each in inputs:
            peer = self._peers.get(each.peer)
            if peer is None:
                self._telling.outputs.append(Close(each.peer))
            else:
                self._dismiss(peer, "The relay met a defect of its own. Please report it.")
            if isinstance(each, Closed):
                self._closed(each.peer)
        return self._telling.outputs

    # -- reading -------------------------------------------------------------------------------------

    def _input(self, each: Input) -> list[Heard]:
        """Do what needs no disk; what remains are sync messages."""
        peer = self._peers.get(each.peer)
        if isinstance(each, Opened):
            self._peers[each.peer] = Peer(each.peer)
        elif isinstance(each, Closed):
            self._closed(each.peer)
        elif peer is None or peer.gone:
            return []
        elif isinstance(each, Frame):
            return self._turns.frame(peer, each.data)
        elif isinstance(each, Ready):
            peer.waiting, peer.said = False, 0
            self._resume(peer)
        elif isinstance(each, Late) and not peer.name:
            self._dismiss(peer, "Nothing was heard of this connection in time.", code="late")
        return []

    def _resume(self, peer: Peer) -> None:
        """Nothing keeps them from being told what there is."""
        self._telling.mark(peer, peer.unsaid)
        peer.unsaid = {}

    def _read(self, peer: Peer, frame: bytes) -> Heard | None:
        try:
            return self._frame(peer, frame)
        except FormatError as error:
            self._dismiss(peer, str(error))
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
            self._telling.unavailable(peer, message.text)

    def _join(self, peer: Peer, message: Join) -> None:
        if stock.VERSION not in message.versions:
            self._dismiss(peer, "unsupported protocol version", message.sender)
            return
        before = self._named.get(message.sender)
        if before is not None:  # it is back before its last connection was known to be over
            self._dismiss(before, "The same client has connected again.", code="replaced")
        peer.name, peer.storage = message.sender, message.storage
        peer.opening = stock.sync_opening(self.name, peer.name)
        self._named[peer.name] = peer
        self._telling.outputs.append(Send(peer.number, stock.peer(self.name, peer.name, self.storage)))

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
            document.talks[peer.number] = Talk(document, self._limits, peer.room)
            self._gossip.opened(peer, name)
        return document

    # -- noting --------------------------------------------------------------------------------------

    def _note(self, heard: Heard) -> None:
        document, talk = heard.document, heard.talk
        before = talk.theirs
        talk.hear(heard.message)
        if talk.theirs != before:
            self._gossip.has(heard.peer, document.id, talk.theirs, self._now)
        if heard.request and not document.ancestry.entries:
            self._telling.unavailable(heard.peer, document_text(document.id))
            if not heard.message.heads:
                return
        elif heard.request:  # a newcomer, and perhaps the snapshot is behind
            self._grown(document.id, len(document.ancestry.entries))
        self._telling.mark(heard.peer, (document.id,))

    def _tell_of_full(self, bringing: Iterable[Heard]) -> None:
        """Say it where a document is full. That ends no connection: they go on reading."""
        for peer in dict.fromkeys(each.peer for each in bringing if each.talk.full):
            if not (peer.gone or peer.told_full):
                peer.told_full = True
                note("a document is full", WARNING, connection=peer.number)
                why = "This document is full: the relay takes no more changes of it."
                self._telling.outputs.append(Send(peer.number, stock.error(self.name, peer.name, why)))

    # -- leaving -------------------------------------------------------------------------------------

    def _dismiss(self, peer: Peer, why: str, name: str = "", code: str = "protocol") -> None:
        """Say why, and let go."""
        if not peer.gone:
            peer.gone = True
            target = name or peer.name
            self._telling.outputs += [
                Send(peer.number, stock.error(self.name, target, why)), Close(peer.number, code),
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
        self._turns.leave(peer)
        if self._named.get(peer.name) is peer:
            del self._named[peer.name]

    def _sweep(self) -> None:
        """Let go of what has not been in use for a while."""
        if self._now - self._swept < IDLE_MS // 4:
            return
        self._swept = self._now
        self._figures.communities_now = sum(each.in_memory for each in self._documents.values())
        self._figures.members_now = len(self._named)
        for document in list(self._documents.values()):
            if self._now - document.used >= IDLE_MS:
                document.forget()
                if not document.talks:
                    del self._documents[document.id]
