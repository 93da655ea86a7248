"""The newcomer's story, from nothing to work that two people wrote at once, in a real terminal."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.helpers.relay_process import RelayProcess
from tests.helpers.tmux import Tmux, Window
from tests.newcomer.story import Story

pytestmark = pytest.mark.slow


def test_a_newcomer_gets_from_nothing_to_work_that_nobody_lost(tmp_path: Path) -> None:
    if shutil.which("tmux") is None:
        if os.environ.get("MOOT_TMUX") == "needed":  # continuous integration leaves nothing out
            pytest.fail("there is no tmux on this machine")
        pytest.skip("there is no tmux on this machine")
    seen: dict[str, str] = {}

    def look(step: str, window: Window) -> None:
        seen[step] = window.seen

    with Tmux(tmp_path) as tmux, RelayProcess(tmp_path / "relay") as relay:
        Story(tmp_path, tmux, relay, look).play()
    assert all(len(line) <= 80 for screen in seen.values() for line in screen.splitlines())
    assert not [step for step, screen in seen.items() if "Traceback" in screen or "went wrong" in screen]
    assert "wait to go out" in seen["offline"]
    assert "Joon" in seen["back: what is where"]
