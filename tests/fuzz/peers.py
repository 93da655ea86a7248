"""A real relay core and a real replica: what they make of the same bytes, and that they agree.

Nothing that a case does stays: the replica's transaction is undone, and a relay that has stored
something is started again from its folder as it was.
"""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from moot_client.replica.commands import Create, Edit, Say
from moot_client.replica.replica import Replica
from moot_client.replica.verify import derived_rows
from moot_shared.errors import AdmissionError
from moot_shared.format.leb import write_uleb
from moot_shared.ids import RecordKey
from moot_shared.limits import DEFAULT
from moot_shared.trust.seal import Sealed
from moot_shared.trust.waiting import Waiting
from moot_shared.wire.messages import Message, Page, Refusal, Stored
from tests.fuzz.corpus import HONEST, Corpus
from tests.fuzz.honest import Broken
from tests.helpers.network import Client, Relay, Socket, hosted, run

ATTACKER = "joon"
"""By whose connection the cases come to the relay."""


@dataclass(frozen=True)
class Verdict:
    """What became of a batch: how many were taken, and for which reasons others were not.

    A change that waits for what it is built on is no refusal.
    """

    taken: int
    codes: tuple[str, ...]


class Undo(Exception):
    """Takes back what a case has written, where that is needed."""

    needed = True


@dataclass
class Peers:
    """Both, kept running from one case to the next."""

    corpus: Corpus
    relay: Relay = field(init=False)
    socket: Socket = field(init=False)
    started: int = 0

    def __post_init__(self) -> None:
        self._attackers = {machine.text for machine in self.corpus.machines.values()}
        self._template = self.corpus.folder / "relay"
        relay = Relay(self._template)
        hosted(relay, self.corpus.replicas[HONEST])
        relay.crash()
        self._start()

    def _start(self) -> None:
        here = self.corpus.folder / "relay here"
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(self._template, here)
        self.relay = Relay(here)
        self.started += 1
        self._connect()

    def _connect(self) -> None:
        client = Client(self.corpus.replicas[ATTACKER], self.relay)
        run(client)
        if client.trouble is not None:
            raise Broken(f"an honest member was not let in: {client.trouble}")
        self.socket = client.socket

    def restart(self) -> None:
        """The relay as it was at the start."""
        self.relay.crash()
        self._start()

    def mend(self) -> None:
        """After a case that failed: whatever it has left behind goes."""
        for socket in list(self.relay.sockets.values()):
            socket.open = False
        self.replica._writer.forget()
        self.restart()

    @property
    def replica(self) -> Replica:
        """The honest member's."""
        return self.corpus.replicas[HONEST]

    def agree(self, batch: Sequence[Sealed], *, go_on: bool = False, rebuild: bool = False) -> Verdict:
        """Give both the batch; what they make of it, if it is the same."""
        by_relay = self.on_relay(batch)
        with self.undone() as undo:
            received = self.replica.receive(batch)
            undo.needed = bool(received.new)
            codes = {no.code for no in received.refused}
            self._nobody_spoke_for_me()
            if received.new and go_on:
                self._go_on()
            if received.new and rebuild:
                self._rebuilt_alike()
        by_replica = Verdict(received.new, tuple(sorted(codes)))
        if received.waiting:  # what came before what it is built on is not to meet the next case
            self.replica._waiting = Waiting()
            self.socket.close()
            self._connect()
        if by_relay != by_replica:
            raise Broken(f"the relay says {by_relay}, and the replica {by_replica}")
        return by_replica

    def on_relay(self, batch: Sequence[Sealed]) -> Verdict:
        """What the relay makes of a batch."""
        before = self.stored()
        heard = self.tell(Page(page_body(batch)))
        refusals = [message for message in heard if isinstance(message, Refusal)]
        # Whoever is turned out of the relay by what they said themselves is told so; that refuses no change.
        codes = {refusal.code for refusal in refusals if refusal.hash is not None}
        stored = [message for message in heard if isinstance(message, Stored)]
        taken = self.stored() - before
        if not stored:
            raise Broken(f"the relay has not stored or answered: {[refusal.code for refusal in refusals]}")
        if taken:
            self.restart()
        elif self.socket.closing or not self.socket.open:
            self._connect()
        return Verdict(taken, tuple(sorted(codes - {"missing"})))

    def stored(self) -> int:
        """How many changes the relay has on its disk."""
        return int(self.relay.store._db.execute("SELECT count(*) FROM change").fetchone()[0])

    def tell(self, message: Message | bytes) -> list[Message]:
        """Say something to the relay as a member; what it answers."""
        self.socket.send(message)
        self.relay.waits.clear()
        return [m for m in self.socket.heard() if isinstance(m, Refusal | Stored)]

    @contextmanager
    def undone(self) -> Iterator[Undo]:
        """Whatever the replica writes meanwhile is taken back, unless nothing was written."""
        self.replica.become_writer()
        undo = Undo()
        with suppress(Undo), self.replica._writer.transaction():
            yield undo
            if undo.needed:
                raise undo

    def _nobody_spoke_for_me(self) -> None:
        """No case has the honest member's key: nothing new can be by them."""
        mine = [change for change in self.corpus.changes if change.author == self.replica.identity.public_key]
        history = self.replica._writer.history
        if sum(a[:32] == mine[0].author and s for a, (s, _) in history.version().items()) != len(mine):
            raise Broken("a change was taken that bears the name of somebody who did not write it")

    def _go_on(self) -> None:
        """The honest member writes on, by the commands that everybody uses."""
        replica = self.replica
        with replica.store.lock:
            (key,) = replica.store.db.execute(
                "SELECT key FROM record ORDER BY touched DESC LIMIT 1"
            ).fetchone()
            before = len(replica._writer.history)
            try:
                replica.do(Edit(key, {"archived": True}))
            except AdmissionError:
                if RecordKey.parse(key).creator not in self._attackers:
                    raise
            made = replica.do(Create("issue", {"title": "After it", "body": "One.\n\nAnd another."}))
            replica.do(Edit(made, {"body": "One.\n\nAnd a third."}))
            replica.do(Say("comment", key + "/", {"text": "After it."}))
            if len(replica._writer.history) < before + 3:
                raise Broken("an honest member's words came to nothing")
            replica._writer.document.expect(replica.heads())

    def _rebuilt_alike(self) -> None:
        db = self.replica.store.db
        here = derived_rows(db)
        self.replica._writer.rebuild()
        if derived_rows(db) != here:
            raise Broken("rows made anew from the changes are not the rows that were made one by one")


def page_body(batch: Sequence[Sealed]) -> bytes:
    """A page's body as its format says, whatever the chunks hold."""
    out = b""
    for sealed in batch:
        out += write_uleb(len(sealed.chunk)) + sealed.chunk + (b"\1" + sealed.seal if sealed.seal else b"\0")
    return zlib.compress(out, 1)


def fits_a_page(batch: Sequence[Sealed]) -> bool:
    """Whether a batch is one that the page's own limits let through."""
    size = sum(len(sealed.chunk) + 80 for sealed in batch)
    return size < DEFAULT.frame_bytes and all(s.seal is None or len(s.seal) == 64 for s in batch)
