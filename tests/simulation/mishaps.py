"""What happens to machines: they die, sleep, are copied and put back; disks and connections fail."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.simulation.machine import Machine
from tests.simulation.trouble import When

if TYPE_CHECKING:
    from tests.simulation.life import Deeds
    from tests.simulation.world import World

MOST_COPIES = 2


class Mishaps:
    """Each method is one kind of thing."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.schedule.dice
        self._copies = 0

    @property
    def deeds(self) -> Deeds:
        """All of them, with how likely they are."""
        return [
            (4, self._connection_breaks),
            (6, self._machine_dies),
            (2, self._clock_jumps),
            (5, self._dies_in_the_middle),
            (2, self._disk_is_full),
            (3, self._sleeps),
            (1, self._copied),
            (2, self._rolled_back),
        ]

    def _connection_breaks(self, machine: Machine) -> None:
        if machine.wire:
            self._world.tell(f"{machine.name}'s connection breaks")
            machine.wire.cut(unnoticed=self._dice.random() < 0.5)

    def _machine_dies(self, machine: Machine) -> None:
        if machine.alive:
            self._world.tell(f"{machine.name} dies")
            machine.die()
            self.backup(machine)
            self._world.schedule.after(self._dice.randint(10, 60_000), lambda: self._begin_again(machine))

    def _begin_again(self, machine: Machine) -> None:
        """It is opened again, and somebody may type before it has heard from the relay."""
        machine.start()
        if self._dice.random() < 0.5:
            self._world.act(machine)

    def _dies_in_the_middle(self, machine: Machine) -> None:
        """Before, after or within one of the next writes to its disk."""
        if machine.alive and machine.disk:
            when = self._dice.choice(list(When))
            machine.disk.die_at(machine.disk.steps + self._dice.randint(1, 60), when)

    def _disk_is_full(self, machine: Machine) -> None:
        if machine.alive and machine.disk:
            self._world.tell(f"{machine.name}'s disk is full")
            machine.disk.full_from(machine.disk.steps + self._dice.randint(0, 20))
            self._world.schedule.after(self._dice.randint(1_000, 20_000), machine.disk.mend)

    def _sleeps(self, machine: Machine) -> None:
        """A lid is closed: for a moment in which nothing is read, or for minutes."""
        if machine.alive:
            ms = self._dice.choice((self._dice.randint(500, 8_000), self._dice.randint(20_000, 150_000)))
            self._world.tell(f"{machine.name} sleeps for {ms / 1000:.0f} s")
            machine.sleep(ms)

    def _clock_jumps(self, machine: Machine) -> None:
        machine.skew = self._dice.randint(-365, 365) * 24 * 3_600_000
        self._world.tell(f"{machine.name}'s clock jumps")

    def _copied(self, machine: Machine) -> None:
        """A machine's folder goes on in two places at once: by a copy, or as a whole disk that is cloned."""
        if self._copies >= MOST_COPIES:
            return
        machine.die()
        self._copies += 1
        name = f"{machine.name}-copy{self._copies}"
        shutil.copytree(machine.home, self._world.folder / name)
        twin = self._world.add_machine(name, self._world.folder / name)
        twin.device = machine.device + (self._dice.random() < 0.6)
        how = "copied" if twin.device != machine.device else "cloned"
        self._world.tell(f"{machine.name} is {how} to {name}, and both go on")
        for each in (machine, twin):
            self._world.schedule.after(self._dice.randint(10, 20_000), each.start)

    def _rolled_back(self, machine: Machine) -> None:
        """A disk is put back to how it was a while ago, and who types does not wait for the relay."""
        if not machine.alive:
            return
        machine.die()
        copy = self._world.folder / f"{machine.name}.earlier"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(machine.place.folder, copy)
        before = self._typed_on(machine)
        later = self._world.schedule.after
        later(10, machine.start)
        for _ in range(self._dice.randint(1, 2)):
            later(self._dice.randint(20, 8_000), lambda: self._world.act(machine))

        def back() -> None:
            if machine.alive:
                self._world.tell(f"{machine.name}'s disk is rolled back")
                machine.die()
                self._world.fragile |= self._typed_on(machine) - before
                _write_over(copy, machine.place.folder)
                machine.start()
                for _ in range(self._dice.randint(0, 2)):
                    self._world.act(machine)

        later(self._dice.randint(4_000, 20_000), back)

    def _typed_on(self, machine: Machine) -> set[str]:
        return {word for word, name in self._world.words.items() if name == machine.name}

    def backup(self, machine: Machine) -> None:
        """Of a machine that is off: a copy of its folder now, or one of earlier put back."""
        folder, copy = machine.place.folder, self._world.folder / f"{machine.name}.copy"
        chance = self._dice.random()
        if not copy.exists() and chance < 0.6:
            shutil.copytree(folder, copy)
            machine.since_copy = []
        elif copy.exists() and chance < 0.6:
            self._world.tell(f"{machine.name}'s folder is put back from a copy")
            self._world.fragile |= set(machine.since_copy)
            machine.since_copy = []
            if chance < 0.3:
                shutil.rmtree(folder)
                shutil.copytree(copy, folder)
                machine.device += 1
            else:
                _write_over(copy, folder)


def _write_over(copy: Path, folder: Path) -> None:
    """As a disk that is rolled back: the same files, with what they held before."""
    for path in folder.iterdir():
        before = copy / path.name
        if before.exists():
            path.write_bytes(before.read_bytes())
        else:
            path.unlink()
