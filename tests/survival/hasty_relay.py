"""A relay that answers before it has committed: run in a real one's place, to see that it is found out."""

from __future__ import annotations

import sys

from moot_server.command import main
from moot_server.storage.sqlite import SqliteStore
from tests.helpers import hasty

if __name__ == "__main__":
    SqliteStore.transaction = hasty.transaction  # type: ignore[assignment,method-assign]
    sys.exit(main(sys.argv[2:]))  # without the word `relay`, which `moot` takes off
