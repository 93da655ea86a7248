from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli import cohort_of_three
from tests.cli.shell import Shell


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A member with nothing set up yet."""
    return Shell(tmp_path / "home", capsys)


@pytest.fixture
def ann(shell: Shell) -> Shell:
    """A member who has founded a community."""
    shell("found", "Northern cohort", "--as", "Ann").good()
    return shell


@pytest.fixture
def ada(shell: Shell) -> Shell:
    """A convenor in a cohort of three."""
    cohort_of_three.begin(shell)
    return shell
