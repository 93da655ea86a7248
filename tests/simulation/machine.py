"""A member's machine: a home on its disk, and the process that has the community open, alive or not."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from moot_client.home import Home, Place
from moot_client.replica.outside import Outside
from moot_client.replica.replica import Replica
from moot_client.store import stretches
from moot_client.sync.events import Event
from moot_shared.errors import InputError, StorageError
from moot_shared.ids import decode_bytes
from tests.simulation.acts import Act, People, something
from tests.simulation.asking import Asking
from tests.simulation.cache import Loss
from tests.simulation.caller import Caller
from tests.simulation.disk import VirtualDisk
from tests.simulation.network import End, Wire
from tests.simulation.process import Process
from tests.simulation.schedule import Schedule
from tests.simulation.versions import NewerReplica, newer_moot

PING_MS = 40_000  # so long a relay believes in who does not answer its pings

stretches.LENGTH = 8  # a world is small: its members are to have several all the same

Dial = Callable[[End, str], Wire | None]


class Machine:
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
        self.dice = random.Random(schedule.dice.random())
        self.tell = tell
        self.events: list[Event] = []
        self.hosts: dict[str, Callable[[], None]] = {}
        """Relays on which it puts the community with their hosting key, and what is done then."""
        self.since_copy: list[str] = []
        """What was typed since its folder was last copied."""
        self.denied: set[str] = set()
        """What somebody was told could not be said after all."""
        self.newer = self.dice.random() < 0.3
        """Whether its Moot knows more kinds and fields than the others'."""
        self.forges = False
        """Whether it is about to send something in another member's name."""
        self.replica: Replica | None = None
        self._process: Process | None = None
        self._caller: Caller | None = None
        self._schedule = schedule
        self._dial = dial
        self._wakes_at = 0

    @property
    def place(self) -> Place:
        """The community's folder."""
        (place,) = Home(self.home).places()
        return place

    @property
    def key(self) -> bytes:
        """The member's public key."""
        return decode_bytes(self.place.key_text)

    # -- life and death ----------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        """Whether somebody has the community open here."""
        return self.replica is not None

    def start(self) -> None:
        """Open the community."""
        if self.replica is not None:
            return
        place = self.place
        if self._process is None:
            self.disk = VirtualDisk(self.home, self.dice.randrange(1 << 30), self.device)
            self._process = Process(self.disk)
        try:
            replica = (NewerReplica if self.newer else Replica).open(place, self.outside)
            replica.become_writer()
        except StorageError as error:
            self.tell(f"{self.name} cannot begin: {error}")
            self.die()
            self._schedule.after(5_000, self.start)
            return
        self.replica, self._caller = replica, Caller(self, replica)
        self._asking = Asking(self, replica)
        self._caller.call_after(self.dice.randint(0, 3_000))
        self._asking.serve_after(self.dice.randint(100, 2_000))

    @property
    def outside(self) -> Outside:
        """This machine's clock, dice and disk."""
        assert self._process
        return Outside(lambda: self._schedule.now + self.skew, self.dice.randbytes, self._process.hands)

    @property
    def dead(self) -> bool:
        """Whether its process has died in the middle of something, and was not buried yet."""
        return self._process is not None and self._process.dead

    def die(self) -> None:
        """The process ends at once, and sometimes the power with it: what was not synced may be gone."""
        if self._process is None:
            return
        assert self.disk
        caller, self._caller = self._caller, None
        self.replica, self._process, self._wakes_at = None, None, 0
        self.disk.lose_power(self.dice.choice((*Loss, Loss.NOTHING)))
        if self.dice.random() < 0.2:
            self.newer = not self.newer
        if caller:
            caller.end(unnoticed=self.dice.random() < 0.5)

    def sleep(self, ms: int) -> None:
        """The lid is closed: no process does anything for a while, and the relay gives up on it."""
        self._wakes_at = self._schedule.now + ms
        wire = self.wire
        if wire is not None:
            wire.stall("down", ms)
            self._schedule.after(PING_MS, lambda: wire.cut() if self.asleep else None)

    @property
    def asleep(self) -> bool:
        """Whether the lid is closed."""
        return self._schedule.now < self._wakes_at

    def after(self, ms: int, what: Callable[[], None]) -> None:
        """Do something after so many milliseconds; whoever sleeps then does it on waking."""

        def due() -> None:
            if self.asleep:
                self._schedule.at(self._wakes_at, due)
            else:
                what()

        self._schedule.after(ms, due)

    @property
    def moot(self) -> AbstractContextManager[None]:
        """The version of Moot that is installed here, in force."""
        return newer_moot() if self.newer else nullcontext()

    # -- people ------------------------------------------------------------------------------------

    @property
    def may_speak(self) -> bool:
        """Whether a member has the community open here."""
        return self.replica is not None and not self.asleep and self.replica.joined()

    def act(self, people: People) -> Act | None:
        """Somebody does something; it is on this machine when this returns."""
        if not self.may_speak:
            return None
        assert self.replica
        with self.moot:
            act = something(people, self.replica)
        try:
            if not self.replica._writer.ready and self.dice.random() < 0.5:
                self._asking.ask(act)
            else:
                self.replica.do(act.command)
        except (InputError, StorageError) as error:
            self.tell(f"{self.name} would {act}, and is told: {error}")
            return None
        self.tell(f"{self.name}: {act}")
        self.pump()
        return act

    # -- the connection ----------------------------------------------------------------------------

    def dial(self, url: str) -> Wire | None:
        """A connection to the relay at an address; None where nobody answers."""
        assert self._caller
        return self._dial(self._caller, url)

    @property
    def wire(self) -> Wire | None:
        """The connection, if there is one."""
        return self._caller.wire if self._caller else None

    @property
    def settled(self) -> bool:
        """Whether everything that is here is at the relay, and the other way round, as far as is known."""
        return self._caller is not None and self._caller.settled

    @property
    def trouble(self) -> str:
        """Why a relay last sent it away."""
        return self._caller.trouble if self._caller else ""

    def pump(self) -> None:
        """Send what there is to send."""
        if self._caller:
            self._caller.pump()

    def hurry(self) -> None:
        """Somebody asks for it: do not wait for the next try."""
        if self._caller:
            self._caller.call_after(0)

    def host(self, url: str, then: Callable[[], None] = lambda: None) -> None:
        """Put the community on a relay with its hosting key, and do something once it is there."""
        self.hosts[url] = then
        if self._caller:
            self._caller.leave()
