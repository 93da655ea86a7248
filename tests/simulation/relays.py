"""A relay's process in the world: the real core over its real file, fed from virtual connections.

Like the shell around the core, it gathers what has arrived into batches, lets a connection be read again
only after its pause, drops who does not take what is sent, and forgets everything but its disk when it dies.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path

from moot_server.events import Close, Closed, Frame, Input, Late, Opened, Output, Ready, Send, Wait
from moot_server.members.community import Community
from moot_server.members.core import Core
from moot_server.members.names import Names
from moot_server.storage.closed import ClosedLog
from moot_server.storage.sqlite import SqliteStore
from moot_shared.limits import DEFAULT
from moot_shared.trust.facts import member_key
from moot_shared.trust.roster import Roster
from moot_shared.wire.messages import Page, Stored, decode
from tests.simulation.cache import Loss
from tests.simulation.disk import VirtualDisk
from tests.simulation.network import End, Wire
from tests.simulation.process import Process
from tests.simulation.schedule import Schedule

HOSTING_KEY = bytes(range(20))
ADDRESSES = ("relay.example", "other.example")
UNSENT = (DEFAULT.unsent_bytes, 24 * 1024)
"""How much a relay holds for a slow reader: as it comes, or so little that it is felt here."""


class RelayHost(End):
    """One relay, alive or not."""

    def __init__(self, schedule: Schedule, folder: Path, address: str) -> None:
        self.folder = folder
        self.url = f"ws://{address}"
        self.alive = False
        self.gone = False
        """Whether it will never be back."""
        self.promised: dict[bytes, int] = {}
        """actor -> the last seq that it has told anybody to have stored."""
        self.late = 0
        """How many pages of what is new it will send late, after what comes behind them."""
        self.shut_out: dict[bytes, set[bytes]] = {}
        """Keys of those who may not come in any more -> the changes that say so."""
        self._address = address
        self._most = schedule.dice.choice(UNSENT)
        self._schedule = schedule
        self._wires: dict[int, Wire] = {}

    # -- life and death ----------------------------------------------------------------------------

    def start(self) -> None:
        """Begin with what is on its disk."""
        self.disk = VirtualDisk(self.folder, self._schedule.dice.randrange(1 << 30))
        self.process = Process(self.disk)
        self.store = SqliteStore(self.folder / "relay.db", self.process.connect)
        self.closed = ClosedLog(self.folder / "closed.log", self.process)
        names = Names(self.store, (self._address,))
        self.core = Core(self.store, self.closed, HOSTING_KEY, self._schedule.dice.randbytes, DEFAULT, names)
        self.alive = True
        self._keeps_its_word()
        self._wires = {}
        self._arrived: deque[Input] = deque()
        self._paused: dict[int, int] = {}  # connection -> when it is read again
        self._behind: dict[int, deque[bytes]] = {}
        self._unsent: dict[int, int] = {}
        self._rosters: dict[bytes, Roster] = {}
        self._stepping = False

    def _keeps_its_word(self) -> None:
        """What was called stored before it died is here."""
        communities = {row[0] for row in self.store._db.execute("SELECT DISTINCT community FROM change")}
        for community in communities:
            history = self.core._community(community).history
            for actor, seq in self.promised.items():
                assert history.at(actor, seq), "the relay has lost what it called stored"

    def die(self) -> None:
        """The process ends at once; its connections break."""
        if self.alive:
            self.alive = False
            self.disk.lose_power(self._schedule.dice.choice((*Loss, Loss.NOTHING)))
            for wire in list(self._wires.values()):
                wire.cut(unnoticed=self._schedule.dice.random() < 0.3)

    # -- connections -------------------------------------------------------------------------------

    def connect(self, wire: Wire) -> None:
        """A socket is opened."""
        self._wires[wire.number] = wire
        self._put(Opened(wire.number, "192.0.2.7"))
        late = int(DEFAULT.authentication_timeout_s * 1000)
        self._schedule.after(late, lambda: self._put(Late(wire.number)))

    def frame(self, wire: Wire, data: bytes) -> None:
        if not self.alive or wire.number not in self._wires:
            return
        if wire.number in self._paused:
            self._behind.setdefault(wire.number, deque()).append(data)
        else:
            self._put(Frame(wire.number, data))

    def ended(self, wire: Wire) -> None:
        if self.alive and self._wires.pop(wire.number, None) is not None:
            self._paused.pop(wire.number, None)
            self._behind.pop(wire.number, None)
            self._unsent.pop(wire.number, None)
            self._put(Closed(wire.number))

    # -- the worker --------------------------------------------------------------------------------

    def _put(self, each: Input) -> None:
        if not self.alive:
            return
        self._arrived.append(each)
        if not self._stepping:
            self._stepping = True
            self._schedule.after(self._schedule.dice.randint(0, 20), self._step)

    def _step(self) -> None:
        self._stepping = False
        if not self.alive or not self._arrived:
            return
        batch = list(self._arrived)
        self._arrived.clear()
        for output in self.core.step(batch, self._schedule.now):
            self._deliver(output)
        self._looks_who_is_in()

    def _deliver(self, output: Output) -> None:
        wire = self._wires.get(output.peer)
        if wire is None:
            return
        match output:
            case Send(number, data, more):
                self._note(data)
                if self.late and not more and _whole_page(data):
                    self.late -= 1
                    self._send_late(wire, data)
                else:
                    self._send(wire, data, more=more)
            case Wait(number, seconds):
                self._paused[number] = self._schedule.now + int(seconds * 1000)
                self._schedule.at(self._paused[number], lambda: self._read_again(number))
            case Close():
                wire.hang_up("down")

    def _send(self, wire: Wire, data: bytes, *, more: bool) -> None:
        """As the shell does: who does not take what waits for them is dropped."""
        number, unsent = wire.number, self._unsent
        unsent[number] = unsent.get(number, 0) + len(data)

        def left() -> None:
            if number in unsent:
                unsent[number] -= len(data)
                if more:
                    self._put(Ready(number))

        wire.send("down", data, left)
        if unsent[number] > self._most and not more:
            wire.cut()

    def _send_late(self, wire: Wire, data: bytes) -> None:
        def send() -> None:
            if self._wires.get(wire.number) is wire:
                self._send(wire, data, more=False)

        self._schedule.after(self._schedule.dice.randint(1_000, 30_000), send)

    def _looks_who_is_in(self) -> None:
        """Whoever was shut out is not in, as long as what says so is not undone by who belongs."""
        for number, peer in self.core._peers.items():
            if peer.stage != "in" or number not in self._wires:
                continue
            community = self.core._community(peer.community)
            if self._rosters.get(community.id) is not community.roster:
                self._rosters[community.id] = community.roster
                self._note_shut_out(community)
            if peer.role == "member":
                assert peer.key not in self.shut_out, "somebody who was removed is let in"

    def _note_shut_out(self, community: Community) -> None:
        """Remember who is out, also for when this relay is put back to before it."""
        history, out = community.history, self.shut_out
        for known in [known for known, said in out.items() if all(h in history for h in said)]:
            del out[known]  # the roster decides
        if not any(member.removed_by for member in community.roster.members.values()):
            return
        for fact in history.facts():
            key = member_key(fact.subject) if fact.kind == "removal" else None
            entry = history.at(fact.actor, fact.seq)
            if key and key in community.roster.members and community.roster.role(key) is None and entry:
                out.setdefault(key, set()).add(entry.hash)

    def _note(self, data: bytes) -> None:
        if len(data) < 2_000 and isinstance(message := decode(data), Stored):
            for actor, seq in message.through.items():
                self.promised[actor] = max(seq, self.promised.get(actor, 0))

    def _read_again(self, number: int) -> None:
        if not self.alive or self._paused.get(number, 1 << 62) > self._schedule.now:
            return
        del self._paused[number]
        behind = self._behind.pop(number, deque())
        while behind and number not in self._paused:
            self._put(Frame(number, behind.popleft()))


def _whole_page(data: bytes) -> bool:
    message = decode(data)
    return isinstance(message, Page) and not message.more
