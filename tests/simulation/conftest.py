"""One template a process, in memory where there is such a folder: every seed begins with a copy of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation import template
from tests.simulation.ground import ground as ground_for_worlds
from tests.simulation.template import Template


@pytest.fixture(scope="session")
def ground() -> Iterator[Path]:
    """A folder for everything that the world writes."""
    with ground_for_worlds() as folder:
        yield folder


@pytest.fixture(scope="session")
def cohort(ground: Path) -> Template:
    """What every seed begins from."""
    return template.make(ground / "template")
