"""What the engine does around a session, on virtual time: dial, pump frames, hang up on trouble, sign for
what is here, and try again or go elsewhere (by the real `Journey`). No socket; the session is the real one.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from moot_client.replica.replica import Replica
from moot_client.sync.credentials import Credentials
from moot_client.sync.events import Event, RefusedOther, RefusedOwn, Stored, Synced
from moot_client.sync.journey import Journey, Rhythm, Visit
from moot_client.sync.session import Session
from moot_client.sync.trouble import Unreachable
from moot_client.sync.ways import arrived, credentials
from moot_shared.errors import ConnectionTrouble, MootError, StorageError
from tests.simulation.forgery import with_forged
from tests.simulation.network import End, Wire
from tests.simulation.privacy import check_frame
from tests.simulation.relays import HOSTING_KEY

if TYPE_CHECKING:
    from tests.simulation.machine import Machine

ANSWER_MS = 60_000
QUIET_MS = (1_000, 20_000)


class Caller(End):
    """The connections of one process that has the community open, one after the other."""

    def __init__(self, machine: Machine, replica: Replica) -> None:
        self.wire: Wire | None = None
        self.trouble = ""
        """Why a relay last sent us away."""
        self._machine = machine
        self._replica = replica
        self._session: Session | None = None
        self._journey = Journey(replica, Rhythm(jitter=machine.dice.random))
        self._visit: Visit | None = None
        self._stayed = False
        self._heard = 0
        self._over = False

    @property
    def settled(self) -> bool:
        """Whether everything that is here is at the relay, and the other way round, as far as is known."""
        return self._session is not None and self._session.settled and self._session.online

    def end(self, *, unnoticed: bool) -> None:
        """The process is gone."""
        self._over, self._session = True, None
        wire, self.wire = self.wire, None
        if wire:
            wire.cut(unnoticed=unnoticed)

    # -- going somewhere ---------------------------------------------------------------------------

    def call_after(self, ms: int) -> None:
        """Dial, where it is time to be then."""
        self._machine.after(ms, self._call)

    def leave(self) -> None:
        """Hang up, and go where it is time to go."""
        if self.wire is not None:
            self._hang_up()
            self.call_after(1)

    def _call(self) -> None:
        if self._over or self.wire is not None:
            return
        self._stayed, host = False, next(iter(self._machine.hosts), None)
        try:
            self._visit = Visit(host, "", None) if host else self._journey.next()
            proof = Credentials("host", hosting_key=HOSTING_KEY) if host else credentials(self._replica)
        except StorageError as error:
            self._fail(error)
            return
        if self._visit is None:
            return
        url = self._visit.url
        self.wire = self._machine.dial(url)
        if self.wire is None:
            self._fail(Unreachable("refused", f"No relay is running at {url}."))
            return
        now, random = self._replica.outside.now, self._machine.dice.randbytes
        self._session = Session(
            self._replica, url, proof, now=now, random=random, farewell=self._visit.farewell
        )
        self._session.start()
        self._watch(self.wire)
        self._stay(self.wire, self._visit)
        self.pump()

    def _stay(self, wire: Wire, visit: Visit) -> None:
        def over() -> None:
            if self.wire is wire:
                self._stayed = True
                self.pump()

        if visit.stay is not None:
            self._machine.after(round(visit.stay * 1000), over)

    def _watch(self, wire: Wire) -> None:
        """Hang up where the relay says nothing for long although something is outstanding."""
        heard = self._heard

        def look() -> None:
            if self.wire is wire:
                if self._heard == heard and not self.settled:
                    self._break_off(Unreachable("timeout", "The relay does not answer in time."))
                else:
                    self._watch(wire)

        self._machine.after(ANSWER_MS, look)

    # -- trouble -----------------------------------------------------------------------------------

    def ended(self, wire: Wire) -> None:
        self._machine.after(0, lambda: self._broken(wire))

    def _broken(self, wire: Wire) -> None:
        if self.wire is wire:
            self.wire = self._session = None
            self._fail(Unreachable("closed", "The connection has ended."))

    def _break_off(self, error: MootError) -> None:
        self._machine.tell(f"{self._machine.name} hangs up: {error}")
        self._hang_up()
        self._fail(error)

    def _hang_up(self) -> None:
        """What was said still arrives, perhaps after what is said on the next connection."""
        wire, self.wire, self._session = self.wire, None, None
        if wire:
            wire.hang_up("up")

    def _fail(self, error: MootError) -> None:
        pause = self._journey.failed(self._visit, error)
        self.call_after(round((pause or 0.01) * 1000))

    # -- talking -----------------------------------------------------------------------------------

    def pump(self) -> None:
        """Send what there is to send."""
        try:
            self._pump()
        except StorageError as error:
            self._break_off(error)

    def _pump(self) -> None:
        session, wire = self._session, self.wire
        if session is None or wire is None or self._machine.asleep:
            return
        self._send(session, wire)
        self._machine.events += session.milestone()
        if not session.settled:
            return
        if session.held is None and self._goes_on(session, wire):
            self.leave()
        elif not session.signed:
            heads = self._replica.heads()
            self._machine.after(self._machine.dice.randint(*QUIET_MS), lambda: self._sign(session, heads))

    def _send(self, session: Session, wire: Wire) -> None:
        while (frame := session.next_frame()) is not None:
            check_frame(frame)
            wire.send("up", self._tampered(frame))

    def _tampered(self, frame: bytes) -> bytes:
        machine = self._machine
        if not machine.forges:
            return frame
        with_it = with_forged(frame, self._replica, machine.dice)
        if with_it is not frame:
            machine.forges = False
            machine.tell(f"{machine.name} sends something in another's name")
        return with_it

    def _goes_on(self, session: Session, wire: Wire) -> bool:
        """All is exchanged here; whether it is time to be elsewhere."""
        assert self._visit
        then = self._machine.hosts.pop(self._visit.url, None)
        if then is not None:
            session.sign()
            self._send(session, wire)
            arrived(self._replica, self._visit.url)
            self._machine.after(100, then)
            return True
        moved = self._journey.settled(self._visit)
        if moved or self._stayed:
            self._journey.ended(self._visit)
        return moved or self._stayed

    def _sign(self, session: Session, heads: tuple[bytes, ...]) -> None:
        if self._session is session and self._replica.heads() == heads and session.settled:
            with suppress(StorageError):
                session.sign()
            self.pump()

    def frame(self, wire: Wire, data: bytes) -> None:
        if self.wire is not wire or self._session is None:
            return
        self._heard += 1
        try:
            events = self._session.receive(data)
        except (ConnectionTrouble, StorageError) as error:
            self.trouble = getattr(error, "code", "storage")
            self._break_off(error)
            return
        self._machine.events += events
        for event in events:
            self._tell(event)
        self.pump()

    def _tell(self, event: Event) -> None:
        if isinstance(event, RefusedOwn | RefusedOther):
            self._machine.tell(f"{self._machine.name} hears: {event.code}: {event.text}")
        elif isinstance(event, Stored | Synced):
            self._machine.tell(f"{self._machine.name}: {type(event).__name__}")
