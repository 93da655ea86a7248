"""What Python, Textual and Rich import as they begin and no first picture needs: loaded when it is asked for.

    ssl, asyncio.sslproto      a relay that is reached through TLS
    mimetypes, platformdirs    a file that is handed to a browser
    uuid                       what Textual calls a notification, or such a file
    difflib                    which word may have been meant in a style sheet
    tokenize, textwrap         a fault with the lines that led to it
    locale                     in what letters another program writes
    rich.table, textual.pilot  a table of colours; keys that a test presses
    textual.types              names for hints; it imports trees, folders and menus for three of them

Together they are a tenth of the way to the first picture. All of it works as ever: whoever asks a module for
a name gets what it has under that name.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from moot_shared.later import Later

_ASKED = ("ssl", "asyncio.sslproto", "mimetypes", "tokenize", "textwrap", "locale")
"""Of these nothing is taken before it is used."""
_CALLED = {
    "uuid": "uuid4",
    "platformdirs": "user_downloads_path",
    "difflib": "get_close_matches",
    "rich.table": "Table",
    "textual.pilot": "Pilot",
}
"""From these something is taken right away, and called when it is used."""
_HINTS, _MOST_HINTS = "textual.types", "textual._types"


def spare() -> None:
    """The process is an interface from now on, and shows something first."""
    stand_ins = [Later(name) for name in _ASKED] + [_called(*each) for each in _CALLED.items()]
    missing = [module for module in (*stand_ins, _Hints(_HINTS)) if module.__name__ not in sys.modules]
    sys.modules.update({module.__name__: module for module in missing})
    for module in missing:
        package, _, name = module.__name__.rpartition(".")
        if package:
            setattr(import_module(package), name, module)


def _called(module: str, name: str) -> Later:
    later = Later(module)

    def call(*given: Any, **named: Any) -> Any:
        return getattr(later.loaded(), name)(*given, **named)

    setattr(later, name, call)
    return later


class _Hints(Later):
    """Stands for names of which another module has most."""

    def __getattr__(self, name: str) -> Any:
        try:
            found = getattr(import_module(_MOST_HINTS), name, None)
        except ImportError:  # another version of Textual has none: only the time is lost
            found = None
        return super().__getattr__(name) if found is None else found
