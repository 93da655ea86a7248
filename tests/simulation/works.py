"""Every way in which the client and the relay write, and all of it cut short at every step: some minutes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.simulation import at_an_open_relay, at_home, at_the_relay
from tests.simulation.ground import ground
from tests.simulation.steps import Scene, Steps


def works(folder: Path) -> dict[str, Scene]:
    """What is done, by its name, and where it begins."""
    return (
        at_home.scenes(folder / "home")
        | at_the_relay.scenes(folder / "relay")
        | at_an_open_relay.scenes(folder / "open")
    )


def every_step(workers: int = 2, only: str = "") -> Iterator[tuple[str, str]]:
    """For each work (of those with this in their names) what was done, and what does not hold if anything."""
    with ground() as folder:
        names = [name for name in works(folder) if only in name]
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(_every_step_of, names)


def _every_step_of(name: str) -> tuple[str, str]:
    """Die at every step in three ways; have no room, no writing, an error of the device from each step on."""
    with ground() as folder:
        steps = Steps(works(folder / "works")[name], folder / "steps")
        told = []
        try:
            for words, done in (
                ("crashed at {} steps", steps.crash),
                ("no room at {}", steps.full),
                ("nothing could be written at {}", partial(steps.full, wholly=True)),
                ("the device failed at {}", steps.failing),
            ):
                told.append(words.format(done()))
        except AssertionError as error:
            return f"{name}: {', '.join(told)}", f"{error}: {error.__cause__!r}"
        return f"{name}: {', '.join(told)}", ""
