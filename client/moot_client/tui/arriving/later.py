"""What the first picture does without, loaded behind it: in small steps, so that no key waits for one."""

from __future__ import annotations

import importlib
import threading

from moot_shared.later import Later

_STEPS = (
    "moot_shared.text",
    "moot_client.views.people",
    "moot_client.views.standing",
    "moot_client.tui.company.status",
    "moot_client.tui.sheets",
    "moot_client.tui.places.columns",
    "moot_client.views.today",
    "moot_client.replica.commands",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "moot_shared.identity",
    "moot_shared.format.change",
    "moot_shared.document",
    "moot_client.projection",
    "moot_client.replica.acts",
    "moot_client.replica.writer",
    "moot_client.replica.replica",
    "moot_client.tui.words.undo",
    "moot_client.tui.widgets.prosebox",
    "moot_client.tui.widgets.votebar",
    "moot_client.tui.widgets.commentbox",
    "moot_client.tui.widgets.linebar",
    "moot_client.tui.places.agenda",
    "moot_client.tui.places.lessons",
    "moot_client.tui.places.people",
    "moot_client.tui.screens.form",
    "moot_client.tui.screens.writing",
    "moot_client.tui.forms.specs",
    "moot_client.tui.forms.opening",
    "moot_client.tui.commands.palette",
    "moot_client.tui.screens.search",
    "moot_client.tui.screens.history",
    "moot_client.tui.screens.help",
    "moot_client.tui.screens.details",
    "ssl",
    "asyncio.sslproto",
    "websockets.asyncio.client",
    "moot_client.sync.engine",
    "moot_client.tui.company.syncing",
)


def load_the_rest(stop: threading.Event) -> bool:
    """Import everything, one thing after the other; False where it was told to stop."""
    for name in _STEPS:
        if stop.is_set():
            return False
        module = importlib.import_module(name)
        if isinstance(module, Later):  # it was spared the first picture
            module.loaded()
    return True
