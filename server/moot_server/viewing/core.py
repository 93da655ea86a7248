"""Readers beside members: they are told what members have stored, and nothing that they say is taken.

Who opens a path `/view/<community>/<secret>` speaks automerge-repo's protocol and gets one document, the
community's. All other connections are the members' (`members.core`), which counts a reader among its
strangers until the link was judged. After each of the members' steps, readers hear what has come.

A link that was taken back or is over is noticed before anything is sent by it. What a reader writes is
not looked at and never asked for, so that one who holds it for ever makes no conversation without end;
readers' machines that understand flags are told that nothing is taken.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from moot_server.events import Close, Closed, Frame, Input, Late, Opened, Output, Ready, Send, Wait
from moot_server.members.core import Core as MembersCore
from moot_server.members.pace import BYTES, FRAME, Pace
from moot_server.stock.snapshots import unheard
from moot_server.stock.talk import Talk
from moot_server.storage.store import Store
from moot_server.viewing.reader import Reader, ReadersTalk
from moot_server.viewing.view import View
from moot_server.watching.figures import Figures
from moot_shared.errors import FormatError, StorageError
from moot_shared.format.bloom import EMPTY
from moot_shared.format.sync import decode_sync_message
from moot_shared.limits import DEFAULT, Limits
from moot_shared.wire import stock
from moot_shared.wire.documents import document_text
from moot_shared.wire.messages import Refusal
from moot_shared.wire.viewing import document_of, is_viewers

TAKES_NOTHING = b"\x01\x82"
"""The flags of each message: its sender is read-only. Older clients pass over them."""
DEFECT = "The relay met a defect of its own. Please report it."


class ViewingCore:
    """A relay of communities with readers. `step` is called by one thread at a time."""

    def __init__(
        self,
        members: MembersCore,
        store: Store,
        limits: Limits = DEFAULT,
        grown: Callable[[bytes, int], None] = unheard,
        figures: Figures | None = None,
    ) -> None:
        """`grown` is told of a community that is read, and how many changes it has."""
        self._members = members
        self._store = store
        self._limits = limits
        self._grown = grown
        self._figures = figures or Figures()
        self._storage = str(uuid.UUID(bytes=store.relay_id()))
        self._name = f"moot-relay-{self._storage}"
        self._readers: dict[int, Reader] = {}
        self._views: dict[bytes, View] = {}
        self._pace = Pace(limits)
        self._now = 0

    def step(self, inputs: Sequence[Input], now: int) -> list[Output]:
        """Handle what has come in, in order; whatever is answered is durable."""
        self._now = now
        ours: list[Input] = []
        theirs: list[Input] = []
        for each in inputs:
            if isinstance(each, Opened) and is_viewers(each.path):
                self._readers[each.peer] = Reader(each)
                theirs.append(each)  # there is one count of strangers
            else:
                (ours if each.peer in self._readers else theirs).append(each)
        outputs = self._members.step(theirs, now)
        if self._readers:
            for number in {each.peer for each in outputs if isinstance(each, Close)} & self._readers.keys():
                self._readers[number].stage = "gone"  # one stranger too many
            outputs += self._serve(ours)
        self._figures.viewers_now = len(self._in())
        return outputs

    def abandon(self, inputs: Sequence[Input]) -> list[Output]:
        """After a defect in `step`: let go of who was served in it."""
        outputs: list[Output] = []
        for each in inputs:
            if each.peer in self._readers:
                outputs += self._dismiss(self._readers[each.peer], DEFECT)
        outputs += self._members.abandon(
            [each for each in inputs if isinstance(each, Closed) or each.peer not in self._readers]
        )
        for each in inputs:
            if isinstance(each, Closed):
                self._readers.pop(each.peer, None)
        return outputs

    # -- hearing -------------------------------------------------------------------------------------

    def _serve(self, inputs: Iterable[Input]) -> list[Output]:
        outputs: list[Output] = []
        judged: list[Input] = []
        dirty: set[int] = set()
        for each in inputs:
            reader = self._readers[each.peer]
            outputs += self._input(reader, each)
            dirty.add(each.peer)
            if reader.counted and reader.stage != "knocking":
                reader.counted = False
                judged.append(Closed(each.peer))
        if judged:
            outputs += self._members.step(judged, self._now)  # no strangers any more
        return outputs + self._tell(dirty)

    def _input(self, reader: Reader, each: Input) -> list[Output]:
        if isinstance(each, Closed):
            reader.stage = "gone"
            del self._readers[each.peer]
        elif isinstance(each, Ready):
            reader.waiting = False
        elif isinstance(each, Late) and reader.stage == "knocking":
            return self._dismiss(reader, "Nothing was heard of this connection in time.", "late")
        elif isinstance(each, Frame) and reader.stage != "gone":
            return self._frame(reader, each.data)
        return []

    def _frame(self, reader: Reader, frame: bytes) -> list[Output]:
        try:
            message = stock.read(frame, self._limits)
            if reader.stage == "knocking":
                outputs = self._join(reader, message)
            else:
                outputs = self._hear(reader, message)
        except FormatError as error:
            return self._dismiss(reader, str(error), "protocol")
        except StorageError as error:
            return self._dismiss(reader, str(error), "storage")
        return outputs + self._paced(reader, FRAME)

    def _join(self, reader: Reader, message: stock.Message) -> list[Output]:
        """Their first word: now the link is judged."""
        if not isinstance(message, stock.Join):
            raise FormatError("A connection begins with who it is.")
        reader.name = message.sender
        if stock.VERSION not in message.versions:
            return self._dismiss(reader, "unsupported protocol version", "protocol")
        found = self._members.door.view(reader.opened.path, self._now)
        if isinstance(found, Refusal):
            return self._dismiss(reader, found.text, found.code)
        reader.community, reader.link = found
        if sum(other.community == reader.community for other in self._in()) >= self._limits.viewers:
            return self._dismiss(reader, "As many read here as the relay serves at once.", "busy")
        reader.stage = "in"
        reader.opening = stock.sync_opening(self._name, reader.name)
        return [Send(reader.number, stock.peer(self._name, reader.name, self._storage))]

    def _hear(self, reader: Reader, message: stock.Message) -> list[Output]:
        """Whatever is not about the one document is passed over, or not to be had."""
        if isinstance(message, stock.Nameless):
            return [self._unavailable(reader, message.text)]
        if not isinstance(message, stock.Sync):
            return []
        if message.document != document_of(reader.community):
            return [self._unavailable(reader, document_text(message.document))] if message.request else []
        said = decode_sync_message(message.data, self._limits)
        if reader.talk is None:
            reader.talk = ReadersTalk(self._view(reader.community), self._limits)
        # Heads tell what they have; to guess more of it by a filter costs as much as the document is long.
        reader.talk.hear(replace(said, have=tuple(replace(each, filter=EMPTY) for each in said.have)))
        return []

    # -- telling -------------------------------------------------------------------------------------

    def _tell(self, dirty: set[int]) -> list[Output]:
        """Turn out whose link is no good any more, and tell the others what they lack."""
        outputs: list[Output] = []
        readers = self._in()
        for community in {reader.community for reader in readers}:
            here = [reader for reader in readers if reader.community == community]
            try:
                outputs += self._tell_community(community, here, dirty)
            except StorageError as error:
                for reader in here:
                    outputs += self._dismiss(reader, str(error), "storage")
        self._views = {each: self._view(each) for each in {reader.community for reader in self._in()}}
        self._members.viewed = set(self._views)
        return outputs

    def _tell_community(self, community: bytes, readers: Iterable[Reader], dirty: set[int]) -> list[Output]:
        view, found = self._view(community), self._members.look(community)
        grown = view.grown()
        if grown:
            self._grown(community, len(view.ancestry.entries))
        outputs: list[Output] = []
        for reader in readers:
            refusal = self._members.door.link(found, reader.link, self._now)
            if refusal is not None:
                outputs += self._dismiss(reader, refusal.text, refusal.code)
            elif reader.talk is not None and not reader.waiting and (grown or reader.number in dirty):
                outputs += self._say(reader, reader.talk, view)
        return outputs

    def _say(self, reader: Reader, talk: Talk, view: View) -> list[Output]:
        said = talk.say(view.shared, self._limits.reply_bytes)
        if said is None:
            return []
        data, reader.waiting = said
        rest = stock.sync_rest(view.document, data + TAKES_NOTHING)
        sent = Send(reader.number, reader.opening + rest, reader.waiting)
        return [sent, *self._paced(reader, len(rest) // BYTES)]  # who asks for much is read later

    def _paced(self, reader: Reader, cost: int) -> list[Output]:
        """Readers at one address share what a member has; whoever causes more is read later."""
        seconds = self._pace.spend(reader.opened.address.encode(), cost, self._now) if cost else 0.0
        return [Wait(reader.number, seconds)] if seconds else []

    def _unavailable(self, reader: Reader, document: str) -> Output:
        return Send(reader.number, stock.unavailable(self._name, reader.name, document))

    # -- readers -------------------------------------------------------------------------------------

    def _in(self) -> list[Reader]:
        return [reader for reader in self._readers.values() if reader.stage == "in"]

    def _view(self, community: bytes) -> View:
        found = self._views.get(community)
        if found is None:
            found = self._views[community] = View(community, self._store, self._members.look)
        return found

    def _dismiss(self, reader: Reader, why: str, code: str = "") -> list[Output]:
        """Say why, and let go."""
        if reader.stage == "gone":
            return []
        reader.stage = "gone"
        return [Send(reader.number, stock.error(self._name, reader.name, why)), Close(reader.number, code)]
