"""What an open relay does, as work to be cut short (`steps`).

The real core over its real store, spoken to by hand in automerge-repo's protocol: one connection brings
changes, another one has the same document open. What the relay declares to have, and what it passes on,
is noted, and has to be there from then on: a client takes either for an acknowledgement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import cbor2

from moot_server.events import Again, Close, Closed, Due, Frame, Input, Opened, Output, Send
from moot_server.stock.core import OpenCore
from moot_server.storage.folder import Folder
from moot_server.storage.sqlite import SqliteStore
from moot_server.storage.store import Snapshot
from moot_shared.errors import StorageError
from moot_shared.format.change import decode_change
from moot_shared.format.sync import SyncMessage, decode_sync_message, encode_sync_message
from moot_shared.limits import OPEN
from moot_shared.wire.documents import document_text
from tests.helpers.binding import honest
from tests.simulation.at_the_relay import NOW
from tests.simulation.disk import Image, VirtualDisk
from tests.simulation.process import Process
from tests.simulation.steps import Scene

DOCUMENT = bytes(range(16))
WRITER, LISTENER = 1, 2


@cache
def changes() -> tuple[bytes, ...]:
    """What is written, in causal order: by three who merge now and then."""
    return tuple(change.raw_bytes for change in honest(seed=5, edits=40))


@dataclass
class OpenRelay:
    """One open relay on its disk; `told` are the changes that it has declared or passed on."""

    disk: VirtualDisk
    acts: Sequence[Callable[[OpenRelay], None]] = ()
    told: set[bytes] = field(default_factory=set)
    core: OpenCore | None = None
    now: int = NOW

    def open(self) -> OpenCore:
        """The relay, by this process."""
        if self.core is None:
            process = Process(self.disk)
            self._folder = Folder.open(self.disk.root / "relay", process)
            self.store = SqliteStore(self._folder.store, process.connect)
            self.core = OpenCore(self.store, OPEN)
        return self.core

    def close(self) -> None:
        """It is stopped, as its keeper does."""
        if self.core is not None:
            self.core = None
            self.store.close()
            self._folder.close()

    def step(self, *inputs: Input) -> None:
        """One batch; StorageError where the disk refuses it."""
        self.now += 5
        outputs = self.open().step(inputs, self.now)
        for output in outputs:
            self._note(output)
            if isinstance(output, Again):
                self.now += round(output.seconds * 1000)
                self.step(Due())
        if any(isinstance(output, Close) for output in outputs):
            raise StorageError("let go")

    def _note(self, output: Output) -> None:
        if not isinstance(output, Send):
            return
        said = cbor2.loads(output.data + output.rest)
        if said["type"] == "error":
            assert said["message"].endswith("."), said
        elif said["type"] == "sync":
            message = decode_sync_message(said["data"], OPEN)
            self.told.update(message.heads)
            self.told.update(decode_change(chunk, OPEN).hash for chunk in message.chunks)

    # -- a work ------------------------------------------------------------------------------------------

    def play(self) -> None:
        for act in self.acts:
            act(self)
        self.close()

    def go_on(self) -> None:
        if self.core is None:
            self.disk.kill_all()
        self._works()

    def look(self) -> None:
        self.core = None
        self._works()

    def _works(self) -> None:
        """All that was told is here, and whoever is back brings what is missing."""
        self.open()
        assert all(self.store.has_change(DOCUMENT, name) for name in self.told), "what was told is not here"
        for number in (WRITER, LISTENER):  # whoever was let go
            self.step(Closed(number))
        brings(*changes())(self)
        assert len(list(self.store.entries(DOCUMENT))) == len(changes())
        self.close()


# -- what is done ----------------------------------------------------------------------------------------


def starts(relay: OpenRelay) -> None:
    relay.open()
    relay.close()


def brings(*batches: bytes | tuple[bytes, ...]) -> Callable[[OpenRelay], None]:
    """Somebody brings these, message by message, while another one listens."""

    def act(relay: OpenRelay) -> None:
        for number in (WRITER, LISTENER):
            relay.step(Opened(number, "192.0.2.7"))
            join = {"type": "join", "senderId": f"peer {number}", "supportedProtocolVersions": ["1"]}
            relay.step(Frame(number, cbor2.dumps(join)))
            relay.step(said(number, SyncMessage()))
        for batch in batches:
            chunks = batch if isinstance(batch, tuple) else (batch,)
            relay.step(said(WRITER, SyncMessage(chunks=chunks)))
        for number in (WRITER, LISTENER):
            relay.step(Closed(number))

    return act


def said(number: int, message: SyncMessage) -> Frame:
    """A sync message about the document, as a frame."""
    fields = {
        "type": "sync", "senderId": f"peer {number}", "targetId": "relay",
        "documentId": document_text(DOCUMENT), "data": encode_sync_message(message),
    }  # fmt: skip
    return Frame(number, cbor2.dumps(fields))


def packs(relay: OpenRelay) -> None:
    """A snapshot is kept."""
    relay.open()
    with relay.store.transaction():
        relay.store.set_snapshot(DOCUMENT, Snapshot((bytes(32),), bytes(5_000), 1))


# -- where it begins -------------------------------------------------------------------------------------


def scenes(folder: Path) -> dict[str, Scene]:
    """Every way in which an open relay writes, by name."""
    first, *rest = (changes()[at : at + 5] for at in range(0, len(changes()), 5))
    disk = VirtualDisk(folder / "open")
    OpenRelay(disk, (brings(first),)).play()
    disk.kill_all()
    begun = disk.snapshot()
    return {
        "an open relay starts": _scene(starts),
        "an open relay is given a document": _scene(brings(first)),
        "an open relay stores changes": _scene(brings(*rest), image=begun),
        "an open relay keeps a snapshot": _scene(brings(*rest), packs, image=begun),
    }


def _scene(*acts: Callable[[OpenRelay], None], image: Image | None = None) -> Scene:
    return Scene(lambda disk: OpenRelay(disk, acts), image or Image({}))
