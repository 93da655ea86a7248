"""Where Moot keeps what is on this machine: one home, in it one folder a community.

    MOOT_HOME/
        communities/<first 16 hex digits of the id>/
            member.key      the private key (0600)
            community.json  name, id, relay, the member's name: enough to list it
            store.db        changes, rows, drafts
            writer.lock     held by the one process that writes
        last                the community that was opened last
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from moot_shared.identity import Identity


@dataclass(frozen=True, slots=True)
class Place:
    """One community's folder and what can be known of it without opening its store."""

    folder: Path
    community: bytes
    name: str
    relay: str
    member_name: str
    key_text: str  # the member's own

    @property
    def store(self) -> Path:
        """The community's SQLite file."""
        return self.folder / "store.db"

    def identity(self) -> Identity:
        """The member's key, read from its file."""
        raise NotImplementedError


class Home:
    """The folder that holds everything; chosen by --home, else MOOT_HOME, else the platform's own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def find(cls, chosen: str | None = None) -> Home:
        """The home to use; it need not exist yet."""
        raise NotImplementedError

    def places(self) -> tuple[Place, ...]:
        """All communities here, by name."""
        raise NotImplementedError

    def place(self, community: str | None = None) -> Place:
        """The community that was asked for (by name or beginning of its id), or the only or last one.

        NotFound says which there are, or how to begin.
        """
        raise NotImplementedError
