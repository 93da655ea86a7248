"""`moot relay`: the relay's command line. What each of its words does stands in the room `commands`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from moot_server.commands import options
from moot_shared.errors import MootError
from moot_shared.outlet import outlets


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the words say; 0, or 1 with one sentence on stderr for whatever stands in the way."""
    with outlets():
        words = options.parser().parse_args(argv)
        os.umask(0o077)  # what members wrote is for them
        try:
            code: int = words.act(words)
        except MootError as error:
            print(error, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 0
        return code
