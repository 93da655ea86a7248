"""The sample is made once; each test opens a copy of it."""

from __future__ import annotations

import inspect
import shutil
from pathlib import Path

import pytest

from moot_client.tui.widgets import bottom, rowlist
from tests.tui.stage import Sample, make_sample

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The inner loop opens the interface once for each file; what else opens it is slow, taken together."""
    seen: set[Path] = set()
    for item in items:
        if item.path.parent == HERE and _opens_the_interface(item):
            if item.path in seen:
                item.add_marker(pytest.mark.slow)
            elif not item.get_closest_marker("slow"):
                seen.add(item.path)


def _opens_the_interface(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    return inspect.iscoroutinefunction(item.function) or "snap_compare" in item.fixturenames


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests may show in them."""
    for name in ("NO_COLOR", "MOOT_HOME", "TEXTUAL_THEME", "TEXTUAL_ANIMATIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture(autouse=True)
def _what_is_said_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said or marked for a moment stays, however long a slow machine takes to look at it."""
    monkeypatch.setattr(bottom, "SAID_FOR_S", 600.0)
    monkeypatch.setattr(rowlist, "MARKED_FOR_S", 600.0)


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
