"""Small values that belong to this machine alone: the last look, confirmed words, …"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moot_client.store.reading import Reading
    from moot_client.store.store import Store


def value(reading: Reading, name: str, default: Any = None) -> Any:
    """What was kept under a name."""
    rows = reading.read("SELECT value FROM own WHERE name = ?", ("own " + name,))
    return json.loads(rows[0][0]) if rows else default


def keep(store: Store, name: str, value: Any) -> None:
    """Keep something under a name; durable when it returns."""
    store.set_own("own " + name, json.dumps(value))
