"""What is handed out: one wheel with all three packages, and extras that say what is true."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"moot_client": "client", "moot_server": "server", "moot_shared": "shared"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of this checkout, built with what is installed: no network."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return zipfile.ZipFile(next(folder.glob("moot-*.whl")))


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_three_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    wanted = {
        str(path.relative_to(ROOT / folder))
        for package, folder in PACKAGES.items()
        for path in (ROOT / folder / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == wanted
    assert {f"{package}/py.typed" for package in PACKAGES} <= held
    assert {name for name in held if name.endswith(".tcss")}, "the interface has its stylesheets"


def test_the_wheel_brings_the_moot_command_and_the_license(wheel: zipfile.ZipFile) -> None:
    names = {name.partition(".dist-info/")[2]: name for name in wheel.namelist() if ".dist-info/" in name}
    assert "moot = moot_shared.command:run" in wheel.read(names["entry_points.txt"]).decode()
    assert "Apache License" in wheel.read(names["licenses/LICENSE"]).decode()


def test_plain_moot_brings_what_both_extras_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    base = set(project["dependencies"])
    extras = {name: set(project["optional-dependencies"][name]) for name in ("client", "relay")}
    assert extras["client"] | extras["relay"] <= base
    assert not any(need.startswith("textual") for need in extras["relay"])
    shared = {need.partition(">")[0] for need in base - extras["client"] - extras["relay"]}
    assert shared == {"automerge", "cbor2", "cryptography", "mnemonic"}


def test_the_decision_names_the_same_versions_for_a_relay_alone() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    decision = (ROOT / "docs/decisions/0001-one-wheel-three-packages.md").read_text(encoding="utf-8")
    extras = project["optional-dependencies"]
    for need in project["dependencies"]:
        of_the_client = need in extras["client"] and need not in extras["relay"]
        assert (f'"{need}"' in decision) is not of_the_client, need
