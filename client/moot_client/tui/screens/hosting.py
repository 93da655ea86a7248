"""Putting the community on a relay: its address, and the hosting key that it printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typing_extensions import override

from moot_client.tui.desk import Desk
from moot_client.tui.screens.setup import SetupScreen
from moot_shared.kinds.fields import Field, Line

_FIELDS: dict[str, Field[Any]] = {
    "url": Line("Its address", limit=300, required=True, help="ws://… or wss://…, as moot relay prints it"),
    "key": Line("Hosting key", limit=300, required=True, help="the key that moot relay printed"),
}
_WORDS = (
    "A relay passes on what members write, and keeps a copy for those who are away. Somebody of you runs "
    "one with: moot relay."
)


class HostScreen(SetupScreen):
    """Dismissed with the address where it worked."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk.signs, "Put it on a relay", _WORDS, _FIELDS, "put it there", "Asking the relay…"
        )
        self._desk = desk

    @override
    def work(self, words: Mapping[str, str]) -> str:
        from moot_client.sync.joining import host

        host(self._desk.replica, words["url"].strip(), words["key"].strip(), report=self.going)
        return words["url"]
