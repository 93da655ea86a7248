"""A file that an earlier Moot wrote: the first command that looks into it brings it up to date."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.shell import ROOT, Shell

KEPT = sorted((ROOT / "tests" / "fixtures").glob("community-*"))


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name)
@pytest.mark.parametrize("words", [("issues",), ("find", "handovre"), ("members",), ("today",)])
def test_a_command_that_only_reads_takes_no_older_file_for_a_damaged_one(
    shell: Shell, kept: Path, words: tuple[str, ...]
) -> None:
    folder = shell.home / "communities" / "kept"
    shutil.copytree(kept, folder)
    ran = shell(*words).good()
    assert ran.out
    assert "damaged" not in ran.err
    assert not list(folder.glob("*damaged*"))
    assert shell(*words).good().out == ran.out
