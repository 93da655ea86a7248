"""How it stands with the relay, as one small value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_shared.frozen import frozen

if TYPE_CHECKING:
    from moot_client.sync.events import Here, Progress


@frozen
class Link:
    """How it stands with the relay now. Times are Unix milliseconds; `trouble` is for people.

    While it is connected, `trouble` is the last that there was, as of `trouble_at`.
    """

    connected: bool = False
    since: int = 0
    trouble: str = ""
    trouble_at: int = 0
    next_try: int = 0  # 0: one is under way, or none is needed
    progress: Progress | None = None  # of a large exchange
    here: tuple[Here, ...] = ()  # machines of members who are here too
    url: str = ""
    elsewhere: bool = False  # another process here does it
    note: str = ""  # what members should know though all is well
    ended: bool = False  # the relay says that this membership has ended
