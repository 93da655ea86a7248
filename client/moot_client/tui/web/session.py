"""One page's own Moot: the interface, drawn into a pipe that the server hands on to the browser."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from moot_client.home import Home
from moot_shared.errors import MootError
from moot_shared.outlet import outlets


def main(argv: Sequence[str] | None = None) -> int:
    """Run it until the page is closed; `server` gives the words."""
    words = ArgumentParser(prog="moot web")
    words.add_argument("--home", required=True)
    words.add_argument("--community")
    words.add_argument("--place", default="today")
    given = words.parse_args(argv)
    from moot_client.tui.app import run
    from moot_client.tui.looks.signs import FULL

    try:
        return run(Home.find(given.home), given.community, given.place, signs=FULL)
    except MootError as error:
        with outlets():
            print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
