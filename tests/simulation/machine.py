"""A member's machine: a home on its disk, and the process that has the community open, alive or not.

It does what the engine does around a session - dial, pump frames, hang up on trouble, try again or elsewhere
(the real `Journey`), sign for what it has - on virtual time, so that the real replica and the real session
run here and no socket.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from moot_client.home import Home, Place
from moot_client.replica.outside import Outside
from moot_client.replica.replica import Replica
from moot_client.sync.events import Event, RefusedOther, RefusedOwn, Stored, Synced
from moot_client.sync.journey import Journey, Rhythm, Visit
from moot_client.sync.session import Credentials, Session
from moot_client.sync.trouble import Unreachable
from moot_client.sync.ways import arrived, credentials
from moot_shared.errors import ConnectionTrouble, InputError, MootError, StorageError
from moot_shared.ids import decode_bytes
from tests.simulation.acts import Act, People, something
from tests.simulation.cache import Loss
from tests.simulation.disk import VirtualDisk
from tests.simulation.network import End, Wire
from tests.simulation.process import Process
from tests.simulation.relays import HOSTING_KEY
from tests.simulation.schedule import Schedule

ANSWER_MS = 60_000
QUIET_MS = 1_000
PING_MS = 40_000  # as long as a relay believes in who does not answer its pings

Dial = Callable[["Machine", str], Wire | None]


class Machine(End):
    """One member on one machine."""

    def __init__(
        self, schedule: Schedule, name: str, home: Path, dial: Dial, tell: Callable[[str], None]
    ) -> None:
        self.name = name
        self.home = home
        self.skew = 0
        self.device = 1
        """Another one where its folder was copied: files have other numbers there."""
        self.disk: VirtualDisk | None = None
        self._process: Process | None = None
        self.trouble = ""
        self.events: list[Event] = []
        self.hosts: dict[str, Callable[[], None]] = {}
        """Relays on which it puts the community with their hosting key, and what is done then."""
        self.since_copy: list[str] = []
        """What was typed since its folder was last copied."""
        self._schedule = schedule
        self._dial = dial
        self._tell = tell
        self._dice = random.Random(schedule.dice.random())
        self._wire: Wire | None = None
        self._session: Session | None = None
        self._visit: Visit | None = None
        self._stayed = False
        self._heard = 0
        self._wakes_at = 0
        self.replica: Replica | None = None

    # -- life and death ----------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        """Whether somebody has the community open here."""
        return self.replica is not None

    @property
    def place(self) -> Place:
        """The community's folder."""
        (place,) = Home(self.home).places()
        return place

    @property
    def key(self) -> bytes:
        """The member's public key."""
        return decode_bytes(self.place.key_text)

    def start(self) -> None:
        """Open the community."""
        if self.replica is not None:
            return
        place = self.place
        if self._process is None:
            self.disk = VirtualDisk(self.home, self._dice.randrange(1 << 30), self.device)
            self._process = Process(self.disk)
        try:
            replica = Replica.open(place, self.outside)
            replica.become_writer()
        except StorageError as error:
            self._tell(f"{self.name} cannot begin: {error}")
            self.die()
            self._schedule.after(5_000, self.start)
            return
        self.replica = replica
        self._journey = Journey(replica, Rhythm(jitter=self._dice.random))
        self._connect_after(self._dice.randint(0, 3_000))

    @property
    def outside(self) -> Outside:
        """This machine's clock, dice and disk."""
        assert self._process
        return Outside(lambda: self._schedule.now + self.skew, self._dice.randbytes, self._process.hands)

    @property
    def dead(self) -> bool:
        """Whether its process has died in the middle of something, and was not buried yet."""
        return self._process is not None and self._process.dead

    def die(self) -> None:
        """The process ends at once, and sometimes the power with it: what was not synced may be gone."""
        if self._process is None:
            return
        assert self.disk
        self.replica, self._process, self._wakes_at = None, None, 0
        self.disk.lose_power(self._dice.choice((*Loss, Loss.NOTHING)))
        wire, self._wire, self._session = self._wire, None, None
        if wire:
            wire.cut(unnoticed=self._dice.random() < 0.5)

    def sleep(self, ms: int) -> None:
        """The lid is closed: no process does anything for a while, and the relay gives up on it."""
        self._wakes_at = self._schedule.now + ms
        wire = self._wire
        if wire is not None:
            wire.stall("down", ms)
            self._schedule.after(PING_MS, lambda: wire.cut() if self._asleep else None)

    @property
    def _asleep(self) -> bool:
        return self._schedule.now < self._wakes_at

    def _after(self, ms: int, what: Callable[[], None]) -> None:
        """Do something after so many milliseconds; whoever sleeps does it on waking."""
        self._schedule.after(
            ms, lambda: self._after(self._wakes_at - self._schedule.now, what) if self._asleep else what()
        )

    @property
    def wire(self) -> Wire | None:
        """The connection, if there is one."""
        return self._wire

    @property
    def may_speak(self) -> bool:
        """Whether a member has the community open here."""
        return self.replica is not None and not self._asleep and self.replica.joined()

    # -- people ------------------------------------------------------------------------------------

    def act(self, people: People) -> Act | None:
        """Somebody does something; it is on this machine when this returns."""
        if not self.may_speak:
            return None
        assert self.replica
        act = something(people, self.replica)
        try:
            self.replica.do(act.command)
        except (InputError, StorageError) as error:
            self._tell(f"{self.name} would {act}, and is told: {error}")
            return None
        self._tell(f"{self.name}: {act}")
        self.pump()
        return act

    # -- the connection ----------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        """Whether everything that is here is at the relay, and the other way round, as far as is known."""
        return self._session is not None and self._session.settled and self._session.online

    def host(self, url: str, then: Callable[[], None] = lambda: None) -> None:
        """Put the community on a relay with its hosting key, and do something once it is there."""
        self.hosts[url] = then
        self.leave()

    def leave(self) -> None:
        """Hang up, and go where it is time to go."""
        if self._wire is not None:
            self._hang_up()
            self._connect_after(1)

    def _connect_after(self, ms: int) -> None:
        self._after(ms, self._connect)

    def _connect(self) -> None:
        replica = self.replica
        if replica is None or self._wire is not None:
            return
        try:
            host = next(iter(self.hosts), None)
            self._visit = Visit(host, "", None) if host else self._journey.next()
            if self._visit is None:
                return
            proof = Credentials("host", hosting_key=HOSTING_KEY) if host else credentials(replica)
        except StorageError as error:
            self._trouble(error)
            return
        url, self._stayed = self._visit.url, False
        self._wire = self._dial(self, url)
        if self._wire is None:
            self._trouble(Unreachable("refused", f"No relay is running at {url}."))
            return
        self._session = Session(replica, url, proof, now=replica.outside.now, random=self._dice.randbytes)
        self._session.start()
        self.pump()
        if self._wire is not None:
            self._watch(self._wire)
            self._stay(self._wire, self._visit)

    def _trouble(self, error: MootError) -> None:
        """There is no connection (any more): wait, and try again or elsewhere."""
        pause = self._journey.failed(self._visit, error)
        self._connect_after(round((pause or 0.01) * 1000))

    def _stay(self, wire: Wire, visit: Visit) -> None:
        def over() -> None:
            if self._wire is wire:
                self._stayed = True
                self.pump()

        if visit.stay is not None:
            self._after(round(visit.stay * 1000), over)

    def _watch(self, wire: Wire) -> None:
        """Hang up where the relay says nothing for long although something is outstanding."""
        heard = self._heard

        def look() -> None:
            if self._wire is wire:
                if self._heard == heard and not self.settled:
                    self._over(Unreachable("timeout", "The relay does not answer in time."))
                else:
                    self._watch(wire)

        self._after(ANSWER_MS, look)

    def pump(self) -> None:
        """Send what there is to send."""
        try:
            self._pump()
        except StorageError as error:
            self._over(error)

    def _pump(self) -> None:
        session, wire = self._session, self._wire
        if session is None or wire is None or self.replica is None or self._asleep:
            return
        while (frame := session.next_frame()) is not None:
            wire.send("up", frame)
        self.events += session.milestone()
        if not session.settled:
            return
        if session.held is None and self._goes_on(session, wire):
            self.leave()
        elif not session.signed:
            heads = self.replica.heads()
            self._after(QUIET_MS, lambda: self._sign(session, heads))

    def _goes_on(self, session: Session, wire: Wire) -> bool:
        """All is exchanged here; whether it is time to be elsewhere."""
        assert self.replica
        assert self._visit
        url = self._visit.url
        if url in self.hosts:
            session.sign()
            while (frame := session.next_frame()) is not None:
                wire.send("up", frame)
            arrived(self.replica, url)
            self._after(100, self.hosts.pop(url))
            return True
        if self._journey.settled(self._visit) or self._stayed:
            self._journey.ended()
            return True
        return False

    def _sign(self, session: Session, heads: tuple[bytes, ...]) -> None:
        if self._session is session and self.replica and self.replica.heads() == heads and session.settled:
            with suppress(StorageError):
                session.sign()
            self.pump()

    def frame(self, wire: Wire, data: bytes) -> None:
        if self._wire is not wire or self._session is None or self.replica is None:
            return
        self._heard += 1
        try:
            events = self._session.receive(data)
        except (ConnectionTrouble, StorageError) as error:
            self.trouble = getattr(error, "code", "storage")
            self._over(error)
            return
        self.events += events
        for event in events:
            if isinstance(event, RefusedOwn | RefusedOther):
                self._tell(f"{self.name} hears: {event.code}: {event.text}")
            elif isinstance(event, Stored | Synced):
                self._tell(f"{self.name}: {type(event).__name__}")
        self.pump()

    def ended(self, wire: Wire) -> None:
        if self._wire is wire:
            self._after(0, lambda: self._broken(wire))

    def _broken(self, wire: Wire) -> None:
        if self._wire is wire and self.replica is not None:
            self._wire = self._session = None
            self._trouble(Unreachable("closed", "The connection has ended."))

    def _hang_up(self) -> None:
        """What was said still arrives, perhaps after what is said on the next connection."""
        wire, self._wire, self._session = self._wire, None, None
        if wire:
            wire.hang_up("up")

    def _over(self, error: MootError) -> None:
        self._tell(f"{self.name} hangs up: {error}")
        self._hang_up()
        self._trouble(error)
