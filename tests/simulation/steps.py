"""Work on a simulated disk, cut short at each of its steps, or with a disk that is full from there on.

A work is played from one and the same image of the disk, so the n-th step is the same step each time:

    crash   a death before, in the middle of and after every step, then a power loss of every kind in turn
    full    no room from a step on: a sentence or nothing, then room again, and the same process goes on

`look` is asked each time whether all that was told is there, all is sound, and work goes on.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from moot_shared.errors import StorageError
from tests.simulation.disk import Died, Image, Loss, VirtualDisk, When
from tests.simulation.pure import remembered

LOSSES = (Loss.UNSYNCED, Loss.LATER, Loss.SOME, Loss.TORN, Loss.NOTHING)


class Work(Protocol):
    """Somebody who writes to a disk; made anew for each play."""

    def play(self) -> None:
        """Do it, and note what is told on the way. StorageError where the disk refuses."""

    def go_on(self) -> None:
        """There is room again: the same process does something more; all that was told is there."""

    def look(self) -> None:
        """A new process: all that was told is there, all is sound, and something more can be done."""


class Begin(Protocol):
    """How a work comes to a disk."""

    def __call__(self, disk: VirtualDisk, /) -> Work:
        """On this one, which holds the image that the work begins with."""


@dataclass(frozen=True)
class Scene:
    """A work, and the disk that it begins with."""

    begin: Begin
    image: Image = field(default_factory=lambda: Image({}))


@dataclass(frozen=True)
class Steps:
    """All steps of one work. `folder` is for disks, one after another."""

    scene: Scene
    folder: Path

    def count(self) -> int:
        """How many there are; after the last of them any loss of power takes nothing."""
        steps = 0
        for loss in LOSSES:
            with self._disk(0) as disk:
                work = self.scene.begin(disk)
                work.play()
                steps = disk.steps
                disk.lose_power(loss)
                work.look()
        return steps

    def crash(self) -> int:
        """Die before, in and after each step; how many steps there are."""
        return self._crash([(step, when) for step in self._all() for when in When])

    def crash_sparsely(self, every: int) -> int:
        """Die at every so manyth step, in one of the three ways each; how many steps that are."""
        ways = itertools.cycle(When)
        return self._crash([(step, next(ways)) for step in self._all()[::every]])

    def _all(self) -> range:
        return range(1, self.count() + 1)

    def _crash(self, points: list[tuple[int, When]]) -> int:
        losses = itertools.cycle(LOSSES)  # five of them, and three ways to die: each meets each
        with remembered():
            for step, when in points:
                self._crash_at(step, when, next(losses))
        return len({step for step, _ in points})

    def _crash_at(self, step: int, when: When, loss: Loss) -> None:
        with self._disk(step) as disk:
            disk.die_at(step, when)
            work = self.scene.begin(disk)
            try:
                work.play()
            except Died:
                disk.lose_power(loss)
                try:
                    work.look()
                except Exception as error:
                    raise AssertionError(f"after a crash {when.value} step {step}: {loss.value}") from error
            else:
                raise AssertionError(f"there was no step {step}")

    def full(self, every: int = 1, *, wholly: bool = False) -> int:
        """Have no room from each step on that asks for some (or from every so manyth); how many they are.

        `wholly`: nothing can be written at all, as with a quota, even where nothing grows.
        """
        return self._troubled(lambda disk, step: disk.full_from(step, wholly=wholly), every)

    def failing(self, every: int = 1) -> int:
        """Have the device report an error at each step, or at every so manyth; how many they are."""
        return self._troubled(VirtualDisk.fail_at, every)

    def _troubled(self, plan: Callable[[VirtualDisk, int], None], every: int) -> int:
        refused, count = 0, 0
        with remembered():
            while (refused := self._trouble_from(refused + every, plan)) > 0:
                count += 1
        return count

    def _trouble_from(self, step: int, plan: Callable[[VirtualDisk, int], None]) -> int:
        """The first step from there on that was refused; 0 where there was none left."""
        with self._disk(step) as disk:
            plan(disk, step)
            work = self.scene.begin(disk)
            try:
                with suppress(StorageError):
                    work.play()
                if not disk.refused:
                    return 0
                refused = disk.refused[0]
                disk.mend()
                work.go_on()
                disk.lose_power(LOSSES[step % len(LOSSES)])
                work.look()
            except Exception as error:
                raise AssertionError(f"refused from step {step} on") from error
            return refused

    @contextmanager
    def _disk(self, seed: int) -> Iterator[VirtualDisk]:
        disk = VirtualDisk(self.folder / "disk", seed)
        disk.roll_back(self.scene.image)
        try:
            yield disk
        finally:
            disk.kill_all()
            shutil.rmtree(self.folder / "disk")
