"""client.py, but its store says that something is written before it has committed: to be found out."""

from __future__ import annotations

import sys

from moot_client.store.store import Store
from tests.helpers import hasty
from tests.survival.client import main

if __name__ == "__main__":
    Store.writing = hasty.writing  # type: ignore[assignment,method-assign]
    sys.exit(main(*sys.argv[1:]))
