"""`moot relay`: the relay's command line. What each of its words does stands in the room `commands`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from moot_server.commands import options
from moot_server.commands.exits import DONE, NOT_DONE, STOPPED, USAGE
from moot_shared.errors import MootError, WrongUsage
from moot_shared.outlet import outlets


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the words say; the exit code, and one sentence on stderr for whatever stands in the way."""
    words = list(sys.argv[1:] if argv is None else argv)
    with outlets():
        try:
            return _done(words)
        except WrongUsage as error:
            print(error, file=sys.stderr)
            if error.example:
                print(f"For example: {error.example}", file=sys.stderr)
            return USAGE
        except MootError as error:
            print(error, file=sys.stderr)
            return NOT_DONE
        except KeyboardInterrupt:
            return STOPPED


def _done(words: list[str]) -> int:
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    try:
        meant = options.parser().parse_args(words)
    except SystemExit:  # argparse: --help
        return DONE
    os.umask(0o077)  # what members wrote is for them
    code: int = meant.act(meant)
    return code
