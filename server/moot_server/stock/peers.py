"""Who is connected to an open relay, and how much they are sent at a time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from moot_server.stock.document import OpenDocument
from moot_server.stock.orphans import Room
from moot_server.stock.quick import Frames
from moot_server.stock.talk import Talk
from moot_shared.format.sync import SyncMessage


@dataclass(slots=True, eq=False)
class Peer:
    """One connection."""

    number: int
    name: str = ""
    """As which it came; empty until then."""
    storage: str | None = None
    """What it keeps its documents in, if that outlives it."""
    opening: bytes = b""
    """How each sync frame to it begins."""
    frames: Frames = field(default_factory=Frames)
    documents: dict[bytes, OpenDocument] = field(default_factory=dict)
    """Those that it talks about."""
    room: Room = field(default_factory=Room)
    """For changes that wait for others."""
    told_full: bool = False
    """Whether it was told that a document is full."""
    later: deque[bytes | Heard] = field(default_factory=deque)
    """What came and waits for its turn: frames, before them perhaps the rest of a message."""
    unsaid: dict[bytes, None] = field(default_factory=dict)
    """Documents of which there is something to say once what was said before has left."""
    waiting: bool = False
    """Whether it is to say `Ready` first."""
    said: int = 0
    """Bytes since it last had to."""
    gone: bool = False
    """Whether it was told that the connection ends."""


@dataclass(slots=True)
class Heard:
    """A sync message, and what it was about."""

    peer: Peer
    document: OpenDocument
    talk: Talk
    message: SyncMessage
    request: bool
    last: bool = True
    """Whether this is all of it, or the end."""
