"""The demo with a terminal: one watches as a member, while the others play in a process of their own.

The players do not share the interface's process, so that they never make it wait.
"""

from __future__ import annotations

import importlib
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from moot_client.demo import sample
from moot_client.demo.stage import cast_again, cast_of, home_of, relay

PAUSE_SECONDS = 5.0


def watch() -> int:
    """Fill the community, then open the interface on it as the visitor."""
    with tempfile.TemporaryDirectory(prefix="moot-demo-") as name:
        folder = Path(name)
        print("Setting up the sample community; this takes a few seconds.", file=sys.stderr, flush=True)
        with relay(folder / "relay") as at:
            with cast_of(folder, at) as cast:
                for scene in sample.opening():
                    scene.act(cast)
                cast.settle()
                cast.visitor.replica.set_own("words confirmed", True)  # nobody comes back to a demo
                keys = dict(cast.keys)
            others = _beside(folder, keys)
            try:
                app = importlib.import_module("moot_client.tui.app")
                code: int = app.run(home_of(folder, sample.VISITOR), None, "agenda", tour=True)
            finally:
                others.terminate()
                others.wait()
    return code


def _beside(folder: Path, keys: dict[str, str]) -> subprocess.Popen[bytes]:
    (folder / "keys").write_text("\n".join(f"{name} {key}" for name, key in keys.items()))
    command = [sys.executable, "-m", "moot_shared", "demo", "--play-beside", str(folder)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=(folder / "others.log").open("w"))


def play_beside(name: str) -> int:
    """The founder and the guest, a scene every few seconds, until told to end."""
    folder = Path(name)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    pairs = (line.split(" ", 1) for line in (folder / "keys").read_text().splitlines())
    with cast_again(folder) as cast:
        cast.keys.update((name, key) for name, key in pairs)
        for scene in sample.scenes():
            if ended.wait(PAUSE_SECONDS):
                break
            scene.act(cast)
    return 0
