"""Documents in one piece for newcomers, made beside the relay's work and kept once they were read back.

A newcomer's cost is mostly in how a document comes: packed it is a fifth to a thirtieth of its changes
one by one, and is taken in at once. To pack one, it has to be alive in memory, and no document lives in
a relay. So a process of its own makes it (`packing`), one at a time, for a document that has grown by
enough and is quiet. Its answer is held against the log: the same heads, the same set of changes.
A process that dies, hangs or says something else leaves the last snapshot, or none. A snapshot is a
cache: whatever came after it is sent beside it, and where there is none all is.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace

from moot_server.stock.packing import LENGTH_BYTES, digest
from moot_server.storage.store import Snapshot, Store
from moot_shared.errors import FormatError, StorageError
from moot_shared.format.chunk import open_document
from moot_shared.limits import DEFAULT, MIB
from moot_shared.trust.history import Entry

LEAST = 64
"""So many changes more, and a fifth more, than at the last time are worth a snapshot."""
QUIET_S, LONGEST_S = 0.5, 30.0
"""It is made once nothing has come for this long, or when it was put off for that long."""
MEMORY = 1024 * MIB
SECONDS = 60
REMEMBERED = 10_000
COMMAND = (sys.executable, "-m", "moot_server.stock.packing")

log = logging.getLogger("moot.relay.snapshots")


@dataclass(slots=True)
class _Growth:
    changes: int
    since: float
    last: float

    def due(self, quiet: float) -> float:
        """When it is time, by the monotonic clock."""
        return min(self.last + quiet, self.since + LONGEST_S)


class Snapshots:
    """Makes them in a thread that mostly waits. `close` ends it, and the process that it may have started."""

    def __init__(
        self,
        store: Store,
        *,
        quiet: float = QUIET_S,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        command: Sequence[str] = COMMAND,
    ) -> None:
        """What is kept goes to `store.another()`; `quiet` and `seconds` as QUIET_S and SECONDS."""
        self._another: Callable[[], Store] = store.another
        self._quiet = quiet
        self._seconds = seconds
        self._command = (*command, str(memory), str(int(seconds) + 1))
        self._made: dict[bytes, int] = {}  # document -> changes at the last attempt
        self._grown: dict[bytes, _Growth] = {}
        self._changed = threading.Condition()
        self._busy = False
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    def grown(self, document: bytes, changes: int) -> None:
        """A document has so many changes now. Costs next to nothing; from any thread."""
        if not _enough(changes, self._made.get(document, 0)):
            return
        with self._changed:
            if self._closed:
                return
            now = time.monotonic()
            growth = self._grown.get(document)
            if growth is not None:  # the thread looks again at its time, and need not wake for this
                growth.changes, growth.last = changes, now
                return
            self._grown[document] = _Growth(changes, now, now)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="moot-snapshots", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def settled(self, timeout: float) -> bool:
        """Wait until nothing is to be made any more, for so many seconds; whether that came about."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._grown and not self._busy, timeout)

    def close(self) -> None:
        """Make no more of them."""
        with self._changed:
            self._closed = True
            self._grown.clear()
            if self._process is not None:
                self._process.kill()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    # -- the thread ----------------------------------------------------------------------------------

    def _work(self) -> None:
        while (found := self._next()) is not None:
            document, changes = found
            made = self._attempt(document, changes)
            with self._changed:
                if len(self._made) >= REMEMBERED:
                    self._made.clear()
                self._made[document] = made
                self._busy = False
                self._changed.notify_all()

    def _next(self) -> tuple[bytes, int] | None:
        """Wait for a document that is due; None at the end."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                due = min(
                    ((growth.due(self._quiet), document) for document, growth in self._grown.items()),
                    default=(None, b""),
                )
                if due[0] is not None and due[0] <= now:
                    self._busy = True
                    return due[1], self._grown.pop(due[1]).changes
                self._changed.wait(None if due[0] is None else due[0] - now)
        return None

    def _attempt(self, document: bytes, changes: int) -> int:
        """Make one and keep it; with how many changes it was last tried."""
        try:
            with closing(self._another()) as store:
                last = store.snapshot(document)
                if last is not None and not _enough(changes, last.changes):
                    return last.changes
                snapshot = self._make(store, document)
                if snapshot is not None:
                    with store.transaction():
                        if all(store.has_change(document, head) for head in snapshot.heads):
                            store.set_snapshot(document, snapshot)  # else a backup was put back meanwhile
        except StorageError as error:
            log.warning("no snapshot was kept: %s", error)
        except Exception:  # the edge of a thread: a snapshot is only a cache
            log.exception("a defect; no snapshot was made")
        return changes

    def _make(self, store: Store, document: bytes) -> Snapshot | None:
        entries = list(store.entries(document))
        chunks = (store.row(document, entry.hash).chunk for entry in entries)
        answer = self._ask(chunks)
        try:
            snapshot = _checked(answer, entries)
        except FormatError as error:
            if not self._closed:
                log.warning("no snapshot was made of a document of %d changes: %s", len(entries), error)
            return None
        return snapshot

    def _ask(self, chunks: Iterable[bytes]) -> bytes:
        """What a process of its own says to these changes; nothing where it died or was too slow."""
        try:
            process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError:
            return b""  # no memory for one more, or no file to run
        with self._changed:
            self._process = process
            if self._closed:
                process.kill()
        late = threading.Timer(self._seconds, process.kill)
        late.start()
        try:
            size = _feed(process, chunks)
            assert process.stdout is not None
            return process.stdout.read(size + MIB)  # one that is larger than its changes is of no use
        finally:
            late.cancel()
            process.kill()
            with self._changed:
                self._process = None
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            process.wait()


def unheard(document: bytes, changes: int) -> None:
    """In the place of `Snapshots.grown`, where none are made."""


def _enough(changes: int, before: int) -> bool:
    return changes - before >= max(LEAST, before // 5)


def _feed(process: subprocess.Popen[bytes], chunks: Iterable[bytes]) -> int:
    """Hand the changes over; how many bytes they were."""
    size = 0
    assert process.stdin is not None
    with suppress(OSError):  # it has died: that shows in what it says
        for chunk in chunks:
            process.stdin.write(len(chunk).to_bytes(LENGTH_BYTES, "big") + chunk)
            size += len(chunk)
        process.stdin.write(bytes(LENGTH_BYTES))
        process.stdin.close()
    return size


def _checked(answer: bytes, entries: Sequence[Entry]) -> Snapshot:
    """The snapshot in an answer; FormatError unless it is of exactly these changes."""
    if not answer:
        raise FormatError("the process that makes it died or was too slow")
    built_on = {dep for entry in entries for dep in entry.deps}
    heads = tuple(sorted(entry.hash for entry in entries if entry.hash not in built_on))
    holds = digest([entry.hash for entry in entries])
    expected = holds + len(heads).to_bytes(LENGTH_BYTES, "big") + b"".join(heads)
    if not answer.startswith(expected):
        raise FormatError("what was made is not what is in the log")
    chunk = answer[len(expected) :]
    open_document(chunk, replace(DEFAULT, document_bytes=len(chunk)))
    return Snapshot(heads, chunk, len(entries))
