"""`python -m moot_shared` is the `moot` command, where no script of that name is on the path."""

import sys

from moot_shared.command import main

if __name__ == "__main__":
    sys.exit(main())
