"""Every way in which the client and the relay write, and all of it cut short at every step: some minutes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.simulation import at_an_open_relay, at_home, at_the_relay
from tests.simulation.steps import Scene, Steps


def works(folder: Path) -> dict[str, Scene]:
    """What is done, by its name, and where it begins."""
    return (
        at_home.scenes(folder / "home")
        | at_the_relay.scenes(folder / "relay")
        | at_an_open_relay.scenes(folder / "open")
    )


def every_step(folder: Path) -> Iterator[str]:
    """Die at every step in three ways, and have no room from every step on; a line for each work."""
    for number, (name, scene) in enumerate(works(folder).items()):
        steps = Steps(scene, folder / str(number))
        full, shut = steps.full(), steps.full(wholly=True)
        yield f"{name}: {steps.crash()} steps, no room at {full}, nothing could be written at {shut}"
