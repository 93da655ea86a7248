"""The hostile community is made once a worker; each test reads a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.safety.community import Hostile, make


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests may show in them."""
    for name in ("NO_COLOR", "MOOT_HOME", "MOOT_CA_FILE", "TEXTUAL_THEME", "TEXTUAL_ANIMATIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the hostile community, not to be opened."""
    folder = tmp_path_factory.mktemp("hostile")
    make(folder)
    return folder


@pytest.fixture
def hostile(made: Path, tmp_path: Path) -> Hostile:
    """A copy that a test may change."""
    shutil.copytree(made, tmp_path / "hostile")
    return Hostile(tmp_path / "hostile")
