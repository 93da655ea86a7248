"""A cohort and its relays in one process: a seed decides everything, and a run can be had again exactly.

busy: people write, machines and relays die, connections break, clocks jump
quiet: nothing breaks any more, everybody is awake and online
... and again; after each quiet time all that must hold is asked
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from moot_client.sync.ways import ways
from tests.simulation.acts import Act, People
from tests.simulation.invariants import Decision, check, who_is_here
from tests.simulation.life import Life
from tests.simulation.machine import Machine
from tests.simulation.network import End, Wire
from tests.simulation.relays import ADDRESSES, RelayHost
from tests.simulation.schedule import Schedule
from tests.simulation.template import Template

YEAR_MS = 365 * 24 * 3_600_000
MOMENT_MS = 20_000
"""Long enough for who is just on the way back from another relay: they look in there every so often."""
ENOUGH_STEPS = 40_000
"""A world that has not come to rest after so many events never will."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How much happens: in each round so many acts, and so many events at the most."""

    rounds: int
    acts: int
    events: int
    busy_ms: int = 60_000
    quiet_ms: int = 1_500_000

    @classmethod
    def of(cls, seed: int) -> Shape:
        """Many small worlds find more in the same time than few large ones; but some things take longer."""
        return cls(rounds=2, acts=12, events=12) if seed % 16 == 0 else cls(rounds=1, acts=5, events=7)


class World:
    """Everything that there is."""

    def __init__(
        self,
        seed: int,
        template: Template,
        folder: Path,
        without: frozenset[int] = frozenset(),
    ) -> None:
        """`without` leaves happenings out, by their number: to make a failing run smaller."""
        self.seed = seed
        self.shape = Shape.of(seed)
        self.happenings = 0
        """How many things were to happen, those that were left out included."""
        self._without = without
        self.folder = folder
        self.founder = template.founder
        self.schedule = Schedule(seed)
        self.schedule.bury = self._bury
        self.story: list[str] = []
        self.words: dict[str, str] = {}
        """Every word that somebody was told is on their machine, and on which."""
        self.secrets: dict[str, str] = {}
        """Every word of a draft that was not said, and on which machine it is."""
        self.decided: dict[bytes, Decision] = {}
        """At every change, who belonged and as what."""
        self.fragile: set[str] = set()
        """Words that were on a machine which was put back to before them."""
        self.people = People(self.schedule.dice)
        self.life = Life(self)
        self._numbers = itertools.count(1)
        self._breaking = True
        dice = self.schedule.dice
        shutil.copytree(template.folder, folder, dirs_exist_ok=True)
        self.relays = [
            RelayHost(self.schedule, folder / f"relay{n or ''}", ADDRESSES[n])
            for n in range(1 + (dice.random() < 0.4))
        ]
        for relay in self.relays:
            relay.folder.mkdir(exist_ok=True)
            relay.start()
        self.machines: list[Machine] = []
        for name in template.some(dice):
            self.add_machine(name, folder / name).start()

    def add_machine(self, name: str, home: Path) -> Machine:
        """One more machine of somebody; it is off."""
        machine = Machine(self.schedule, name, home, self._dial, self.tell)
        if self.schedule.dice.random() < 0.3:
            machine.skew = self.schedule.dice.randint(-YEAR_MS, YEAR_MS)
        self.machines.append(machine)
        return machine

    def machine(self, name: str) -> Machine:
        """A machine by its name."""
        return next(machine for machine in self.machines if machine.name == name)

    @property
    def relay(self) -> RelayHost:
        """The one that is the community's home, as its founder knows."""
        founder = self.machine(self.founder)
        assert founder.replica
        return self.relay_at(founder.replica.relay_url())

    def relay_at(self, url: str) -> RelayHost:
        """The one with this address."""
        return next(relay for relay in self.relays if relay.url == url)

    def left_behind(self, machine: Machine) -> bool:
        """Whether a machine knows only relays that are gone for ever."""
        assert machine.replica
        return not any(relay.url in ways(machine.replica).all and not relay.gone for relay in self.relays)

    def tell(self, what: str) -> None:
        """A line of the story."""
        self.story.append(f"{(self.schedule.now - self.schedule.begin) / 1000:9.3f}  {what}")

    def run(self) -> None:
        """All rounds; AssertionError where something does not hold."""
        for number in range(self.shape.rounds):
            self._busy()
            self._quiet()
            check(self, closely=number == self.shape.rounds - 1 and self.seed % 3 == 0)

    def close(self) -> None:
        """Let go of every file."""
        for machine in self.machines:
            machine.die()
        for relay in self.relays:
            relay.die()

    # -- what happens --------------------------------------------------------------------------------

    def _busy(self) -> None:
        schedule, dice = self.schedule, self.schedule.dice
        self._breaking = True
        end = schedule.now + self.shape.busy_ms
        for _ in range(self.shape.acts):
            machine, when = dice.choice(self.machines), dice.randint(0, self.shape.busy_ms)
            self._plan(when, lambda m=machine: self.act(m))  # type: ignore[misc]
        for _ in range(dice.randint(0, self.shape.events)):
            self._plan(dice.randint(0, self.shape.busy_ms), self.life.happen)
        schedule.run(end)

    def _plan(self, when: int, what: Callable[[], None]) -> None:
        if self.happenings not in self._without:
            self.schedule.after(when, what)
        self.happenings += 1

    def _quiet(self) -> None:
        """Nothing breaks any more: everybody comes back, and it has to come to rest."""
        schedule = self.schedule
        self._breaking = False
        self.tell("quiet")
        for machine in self.machines:
            if machine.disk:
                machine.disk.mend()
            machine.start()
        for relay in self.relays:
            relay.disk.mend()
            self.relay_back(relay)
        end, steps = schedule.now + self.shape.quiet_ms, schedule.steps
        while schedule.now < end:
            self.life.hosting.home_is_somewhere()
            schedule.run(min(schedule.now + 100_000, end))
            assert schedule.steps - steps < ENOUGH_STEPS, "the world does not come to rest"
            if end - schedule.now < self.shape.quiet_ms // 2:
                self.life.hosting.settle()
        end = schedule.now + MOMENT_MS
        while schedule.now < end and not all(machine.settled for machine in who_is_here(self)):
            schedule.run(schedule.now + 500)

    def act(self, machine: Machine) -> None:
        """Somebody does something."""
        act = machine.act(self.people)
        if act:
            self.typed(machine, act)

    def _bury(self) -> None:
        """Somebody's process has died in the middle of something."""
        for machine in self.machines:
            if machine.dead:
                self.tell(f"{machine.name} dies in the middle of a write")
                machine.die()
                self.schedule.after(self.schedule.dice.randint(10, 30_000), machine.start)
        for relay in self.relays:
            if relay.alive and relay.process.dead:
                self.tell(f"{relay.url} dies in the middle of a write")
                relay.die()
                self.relay_back_after(self.schedule.dice.randint(10, 30_000), relay)

    def typed(self, machine: Machine, act: Act) -> None:
        """Somebody was told that this is on their machine."""
        for word in act.words:
            self.words[word] = machine.name
        machine.since_copy += act.words

    def relay_back(self, relay: RelayHost) -> None:
        """It is started again."""
        if not relay.alive and not relay.gone:
            self.tell(f"{relay.url} is back")
            relay.start()

    def relay_back_after(self, ms: int, relay: RelayHost) -> None:
        """It is started again in so many milliseconds."""
        self.schedule.after(ms, lambda: self.relay_back(relay))

    def _dial(self, caller: End, url: str) -> Wire | None:
        relay = self.relay_at(url)
        if not relay.alive or (self._breaking and self.schedule.dice.random() < 0.1):
            return None
        wire = Wire(self.schedule, next(self._numbers), caller, relay)
        relay.connect(wire)
        return wire
