"""How it stands with the relay, as one small value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """How it stands with the relay now. `since` is Unix milliseconds; `trouble` is for people."""

    connected: bool = False
    since: int = 0
    trouble: str = ""
    url: str = ""
    elsewhere: bool = False  # another process here does it
    note: str = ""  # what members should know though all is well
    ended: bool = False  # the relay says that this membership has ended
