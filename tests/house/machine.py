"""A machine for `scripts/moot` to wake up on: a copied checkout, and a PATH of stand-ins."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = ["bash", "cat", "dirname", "env", "flock", "mkdir", "perl", "readlink", "rm", "sed", "tail"]
TOOLS_OF_STAND_INS = ["chmod", "cp"]

PYTHON = """#!/usr/bin/env bash
# Answers what the set-up asks of a Python, and writes down what it installs.
all=$*
case "$1 $2" in
    "-c "*) exit 0 ;;
    "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    "-m pip")
        [[ $3 == --version ]] && exit 0
        [[ -z ${CUT_OFF-} ]] || kill -9 0
        [[ -z ${OFFLINE-} ]] || { echo "no network" && exit 1; }
        [[ $* != *--editable* ]] && exit 0
        echo "python: ${all##*--editable }" >>"$INSTALLED"
        moot=${0%/*}/moot
        printf '#!/usr/bin/env bash\\necho "moot: $*"\\n' >"$moot" && chmod +x "$moot" ;;
esac
"""
UV = """#!/usr/bin/env bash
all=$*
[[ $1 == --version ]] && exit 0
[[ -z ${UV_FAILS-} ]] || { echo "uv found no Python" && exit 2; }
case "$1" in
    venv) for venv; do :; done; mkdir -p "$venv/bin" && printf '#!/bin/sh\\n' >"$venv/bin/python"
          chmod +x "$venv/bin/python" ;;
    pip) [[ $* != *--editable* ]] && exit 0
         echo "uv: ${all##*--editable }" >>"$INSTALLED"
         venv=${all#*--python }; moot=${venv%%/python*}/moot
         printf '#!/usr/bin/env bash\\necho "moot: $*"\\n' >"$moot" && chmod +x "$moot" ;;
esac
"""


class Machine:
    """A checkout, and a PATH that holds nothing but what the test put on it."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "a checkout"
        self.bin = folder / "bin"
        self.log = folder / "installed"
        self.checkout.mkdir()
        self.bin.mkdir()
        shutil.copytree(ROOT / "scripts", self.checkout / "scripts")
        (self.checkout / "pyproject.toml").write_text("[project]\nname = 'moot'\n")
        for tool in TOOLS + TOOLS_OF_STAND_INS:
            found = shutil.which(tool)
            if found:
                (self.bin / tool).symlink_to(found)

    def put(self, name: str, text: str) -> None:
        """Put a stand-in on the PATH."""
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def start(
        self, *words: str, script: Path | None = None, cwd: Path | None = None, **environment: str
    ) -> subprocess.Popen[str]:
        """Begin `scripts/moot` with these words."""
        return subprocess.Popen(
            [script or self.checkout / "scripts" / "moot", *words],
            cwd=cwd or self.checkout,
            env={"PATH": str(self.bin), "HOME": "/nowhere", "INSTALLED": str(self.log), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def moot(
        self, *words: str, script: Path | None = None, cwd: Path | None = None, **environment: str
    ) -> tuple[int, str, str]:
        """Run `scripts/moot` with these words: its exit code, stdout and stderr."""
        process = self.start(*words, script=script, cwd=cwd, **environment)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def installed(self) -> list[str]:
        """What was installed so far, in order."""
        return self.log.read_text().splitlines() if self.log.exists() else []
