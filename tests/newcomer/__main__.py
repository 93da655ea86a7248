"""Play the story and show each of its screens: `scripts/newcomer [--size COLUMNSxLINES]`."""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from tests.helpers.relay_process import RelayProcess
from tests.helpers.tmux import Tmux, Window
from tests.newcomer.story import Story


def main() -> int:
    """Print every screen, each under what it shows."""
    words = ArgumentParser(prog="scripts/newcomer", description=__doc__)
    words.add_argument("--size", default="80x24", help="of the terminals: 80x24, 120x40 …")
    columns, lines = (int(number) for number in words.parse_args().size.split("x"))

    def look(step: str, window: Window) -> None:
        print(f"\n=== {window.name}: {step} ===\n{window.seen.rstrip()}", flush=True)

    with tempfile.TemporaryDirectory(prefix="moot-newcomer-") as name:
        folder = Path(name)
        with Tmux(folder, (columns, lines)) as tmux, RelayProcess(folder / "relay") as relay:
            try:
                Story(folder, tmux, relay, look).play()
            except AssertionError:
                for log in folder.glob("*/moot-trouble.log"):
                    print(f"\n=== {log.parent.name}'s log ===\n{log.read_text()}", file=sys.stderr)
                raise
    return 0


if __name__ == "__main__":
    sys.exit(main())
