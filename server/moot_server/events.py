"""What passes between the sockets and a core: inputs in order, and what to do with each connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Opened:
    """A socket was opened from this address; `local` is the relay's own end of it (`wire.address`).

    `path` is what was asked for. A viewer link's holds a secret, so it is shown and logged nowhere.
    """

    peer: int
    address: str
    local: str = ""
    path: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame came."""

    peer: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Ready:
    """The frame that said `more` was sent: the next one may be made."""

    peer: int


@dataclass(frozen=True, slots=True)
class Late:
    """The time to prove oneself is over."""

    peer: int


@dataclass(frozen=True, slots=True)
class Closed:
    """The socket is no more."""

    peer: int


Told = tuple[int, int]
"""How many changes and receipts a community has."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another process has stored something: in a community, or nobody knows in which."""

    community: bytes | None = None
    told: Told | None = None
    """How much there is by now, where more of it is all that has changed."""

    @property
    def peer(self) -> int:
        """No connection: theirs are numbered from 1."""
        return 0


@dataclass(frozen=True, slots=True)
class Called:
    """What other processes have called across (`Call`)."""

    words: tuple[bytes, ...]

    @property
    def peer(self) -> int:
        """No connection."""
        return 0


@dataclass(frozen=True, slots=True)
class Due:
    """The time that `Again` has named is over."""

    @property
    def peer(self) -> int:
        """No connection."""
        return 0


Input = Opened | Frame | Ready | Late | Closed | Elsewhere | Called | Due


@dataclass(frozen=True, slots=True)
class Send:
    """Send this frame; with `more`, answer `Ready` once it has left."""

    peer: int
    data: bytes
    more: bool = False
    droppable: bool = False
    """Whether it is of use only now: where something else waits to be sent, it is left out."""
    rest: bytes = b""
    """What follows `data` in the frame, where it is large and many are sent the same."""


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection once everything before this has left; `code` is the reason in one word."""

    peer: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Read nothing more from this connection for so many seconds."""

    peer: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Again:
    """Say `Due` after so many seconds."""

    seconds: float

    @property
    def peer(self) -> int:
        """No connection."""
        return 0


@dataclass(frozen=True, slots=True)
class Call:
    """Call this across to the other processes of one relay: it is of use only now, and kept by nobody."""

    about: bytes
    """While it waits, a later one about the same takes its place."""
    word: bytes
    asks: bool = False
    """Whether it is called even where nobody else was heard for a while."""

    @property
    def peer(self) -> int:
        """No connection."""
        return 0


Output = Send | Close | Wait | Again | Call


@runtime_checkable
class Quick(Protocol):
    """A core that can be told of some frames without a step."""

    def quick(self, number: int, frame: bytes) -> bool:
        """Deal at once with a frame of a connection that takes no disk and no answer; whether it was one.

        Called between two steps, never during one.
        """


def told_of(inputs: Iterable[Input]) -> dict[bytes | None, Told | None]:
    """The communities in which others have stored something, and how much there is in each."""
    found: dict[bytes | None, Told | None] = {}
    for each in inputs:
        if isinstance(each, Elsewhere):
            before = found.get(each.community, (0, 0))
            more = before and each.told and (max(before[0], each.told[0]), max(before[1], each.told[1]))
            found[each.community] = more or None
    return found


def called_of(inputs: Iterable[Input]) -> list[bytes]:
    """What other processes have called across."""
    return [word for each in inputs if isinstance(each, Called) for word in each.words]


def turns_of(inputs: Sequence[Input]) -> Iterator[list[Input]]:
    """Parts of a batch in which each connection has one input at most, so that order holds within each."""
    turn: list[Input] = []
    seen: set[int] = set()
    for each in inputs:
        if each.peer in seen:
            yield turn
            turn, seen = [], set()
        turn.append(each)
        seen.add(each.peer)
    if turn:
        yield turn


class Core(Protocol):
    """A relay without sockets. One thread at a time calls it; times are Unix milliseconds."""

    def step(self, inputs: Sequence[Input], now: int) -> list[Output]:
        """Handle what has come in, in order; whatever is answered is durable."""

    def abandon(self, inputs: Sequence[Input]) -> list[Output]:
        """After a defect in `step`: forget what is in memory, and let go of who was served in it."""
