"""`moot` with nothing but options opens the interface, and neither waits for argparse nor for its tree.

Whatever else is typed is read by the tree of commands (`parser.py`), which also says what is wrong with it.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from moot_client.cli.output import note

if TYPE_CHECKING:
    from types import SimpleNamespace

    from moot_client.cli.session import Session

PLACES = ("today", "agenda", "lessons", "people")
NO_TERMINAL = (
    "Moot's screens need a terminal, and this is not one. The same things are commands: "
    "moot issues, moot reviews, moot lessons, moot today, moot sync. moot --help lists them all."
)
DRAWS_NOTHING = (
    "This terminal says that it cannot draw screens (TERM=dumb). The same things are commands: moot issues, "
    "moot reviews, moot lessons, moot today, moot sync. moot --help lists them all."
)
_OPTIONS = {"--home": "home", "--community": "community", "--ca-file": "ca_file", "--place": "place"}


def opens(words: Sequence[str], arguments: SimpleNamespace) -> bool:
    """Whether these words open the interface and are well written; then `arguments` are what they say."""
    found: dict[str, object] = {"place": None, "run": open_screen}
    rest = iter(words)
    for word in rest:
        value = next(rest, "-")
        if word not in _OPTIONS or value.startswith("-"):
            return False
        found[_OPTIONS[word]] = value
    if found["place"] not in (None, *PLACES):
        return False
    vars(arguments).update(found)
    return True


def open_screen(session: Session, arguments: SimpleNamespace) -> int:
    """The interface, on a terminal; what to do instead, elsewhere."""
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        note(NO_TERMINAL)
        return 2
    if os.environ.get("TERM") == "dumb":
        note(DRAWS_NOTHING)
        return 2
    importlib.import_module("moot_client.tui.arriving.pace").begun()
    importlib.import_module("moot_client.tui.arriving.spared").spare()
    app = importlib.import_module("moot_client.tui.app")
    community = getattr(arguments, "community", None)
    return int(app.run(session.home, community, arguments.place) or 0)
