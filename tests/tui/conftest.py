"""The sample is made once; each test opens a copy of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import textual.app
import textual.pilot

from tests.tui.rest import at_rest
from tests.tui.stage import Sample, make_sample


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests may show in them."""
    for name in ("NO_COLOR", "MOOT_HOME", "TEXTUAL_THEME", "TEXTUAL_ANIMATIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture(autouse=True)
def _no_idle_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pilot waits until nothing is left to do, and not until the processor has rested for a while."""
    monkeypatch.setattr(textual.app, "wait_for_idle", at_rest)
    monkeypatch.setattr(textual.pilot, "wait_for_idle", at_rest)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The sample's folder, not to be opened, and the keys of what is in it."""
    folder = tmp_path_factory.mktemp("sample")
    return folder, make_sample(folder)


@pytest.fixture
def sample(made: tuple[Path, dict[str, str]], tmp_path: Path) -> Sample:
    """A copy of the sample that a test may change."""
    folder, keys = made
    shutil.copytree(folder, tmp_path / "sample")
    return Sample(tmp_path / "sample", dict(keys))
