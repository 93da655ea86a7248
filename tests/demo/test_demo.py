"""The demo, as a person without a terminal meets it: real processes, a real relay on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from moot_client.demo import main

ROOT = Path(__file__).resolve().parents[2]
PATH = os.pathsep.join(str(ROOT / part) for part in ("client", "server", "shared"))


def demo(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "moot_shared", "demo", *words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": PATH},
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_the_demo_ends_with_everybody_having_everything() -> None:
    ended = demo("--json")
    assert ended.returncode == 0, ended.stderr
    outcome = json.loads(ended.stdout)
    assert outcome["converged"] is True
    assert outcome["verified"] is True
    assert (outcome["members"], outcome["lost"]) == (3, 0)
    assert outcome["changes"] > 40
    assert outcome["both_kept"] == 2


def test_who_leaves_the_sample_is_told_that_nothing_of_it_stays(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("moot_client.demo.watch.watch", lambda: 0)
    for stream in ("stdin", "stdout"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True)
    assert main([]) == 0
    assert "The sample is gone, with what was written in it." in capsys.readouterr().err


@pytest.mark.slow
def test_without_a_terminal_the_demo_tells_its_story() -> None:
    ended = demo()
    assert ended.returncode == 0, ended.stderr
    assert "Mara boards a train and Joon a plane: neither has a network." in ended.stdout
    assert "3 members have the same" in ended.stdout.splitlines()[-2]
