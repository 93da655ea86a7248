"""The systemd units that docs/operating.md hands out are understood by systemd, and shut the relay in."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from moot_server.command import main

UNITS = Path(__file__).parents[2] / "docs" / "systemd"
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze on this machine")


def analyze(*words: str) -> str:
    assert ANALYZE is not None
    done = subprocess.run(
        [ANALYZE, *words], capture_output=True, text=True, check=False, timeout=60, env={"LC_ALL": "C"}
    )
    return done.stdout + done.stderr


@needs_systemd
def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    for unit in UNITS.iterdir():
        text = unit.read_text().replace("/opt/moot/bin/moot", "/bin/true")  # it is not installed here
        (tmp_path / unit.name).write_text(text)
    for unit in sorted(tmp_path.iterdir()):
        assert analyze("verify", "--man=no", str(unit)).strip() == ""


@needs_systemd
def test_the_relay_can_do_little_beyond_its_folder_and_the_network() -> None:
    said = analyze("security", "--offline=true", str(UNITS / "moot-relay.service"))
    if "offline" in said and "unrecognized" in said:
        pytest.skip("this systemd does not judge units that are not installed")
    found = re.search(r"exposure level for moot-relay.service: ([\d.]+)", said)
    assert found, said
    assert float(found[1]) < 2.0


def test_the_options_in_the_units_are_the_relays(capsys: pytest.CaptureFixture[str]) -> None:
    text = (UNITS / "moot-relay.service").read_text()
    (start,) = re.findall(r"^ExecStart=\S+ relay (.*) \$MOOT_RELAY_OPTIONS$", text, re.MULTILINE)
    assert main([*start.split(), "--limits"]) == 0
    assert "unsent_bytes" in capsys.readouterr().out
