"""One template a process, in memory where there is such a folder: every seed begins with a copy of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation import template
from tests.simulation.template import Template

MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def ground() -> Iterator[Path]:
    """A folder for everything that the world writes."""
    folder = Path(tempfile.mkdtemp(prefix="moot-world-", dir=MEMORY if MEMORY.is_dir() else None))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cohort(ground: Path) -> Template:
    """What every seed begins from."""
    return template.make(ground / "template")
