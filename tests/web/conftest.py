"""A community, and `moot web` on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.browser import NEEDED, Browser, Served, chromium
from tests.helpers.cohort import founder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A member's home with a community that was founded a moment ago."""
    mara = founder(tmp_path / "home")
    mara.set_own("words confirmed", True)
    mara.close()
    return tmp_path / "home"


@pytest.fixture
def served(home: Path) -> Iterator[Served]:
    """The interface, served to browsers on this machine."""
    with Served(home) as web:
        yield web


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium, headless; not for longer, since where it is no other test can run an event loop."""
    if chromium() is None:
        if os.environ.get(NEEDED) == "needed":  # continuous integration leaves nothing out
            pytest.fail("there is no Chromium on this machine")
        pytest.skip("there is no Chromium on this machine")
    with Browser() as opened:
        yield opened
