"""What sync reports, as frozen values: an interface shows them, a test compares them."""

from __future__ import annotations

from dataclasses import dataclass

from moot_shared.ids import KEY_BYTES, encode_bytes


@dataclass(frozen=True, slots=True)
class NoRelay:
    """The community is on no relay yet; everything else works."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another Moot on this machine has the community open, and syncs it."""


@dataclass(frozen=True, slots=True)
class Connecting:
    """A connection is being tried."""

    url: str


@dataclass(frozen=True, slots=True)
class Online:
    """The relay has let us in."""

    url: str


@dataclass(frozen=True, slots=True)
class Offline:
    """There is no connection. `reason` is a sentence for people; `next_try` is Unix milliseconds."""

    reason: str
    code: str
    next_try: int


@dataclass(frozen=True, slots=True)
class Received:
    """So many new changes came in, and are on this disk."""

    changes: int


@dataclass(frozen=True, slots=True)
class Stored:
    """The relay has stored more of what this machine has; `at` is its time, Unix milliseconds."""

    at: int


@dataclass(frozen=True, slots=True)
class Synced:
    """The relay has stored everything that is here, and everything that it had is here."""

    at: int


@dataclass(frozen=True, slots=True)
class HolderChanged:
    """Another machine has signed for what it has."""

    actor: bytes


@dataclass(frozen=True, slots=True)
class RefusedOwn:
    """The relay does not take a change that I made. It stays here, and its reason is kept beside it."""

    hash: bytes
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class RefusedOther:
    """A change of somebody else was refused: by the relay (`by_relay`), or by this machine."""

    hash: bytes
    code: str
    text: str
    by_relay: bool


@dataclass(frozen=True, slots=True)
class Held:
    """The relay has no room for what this machine sends: it stays here. Reading goes on."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class AlmostFull:
    """The community takes so many per cent of the room that the relay has for it."""

    percent: int

    @property
    def sentence(self) -> str:
        """What it means, for people."""
        return (
            f"The relay has room for this community, and {self.percent} % of it is taken. Before it is full, "
            "a convenor can begin a new community from an export (moot export)."
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """A large exchange has come so far: so many of (about) so many changes are here, or have gone out.

    Of all that the relay has, or that is here, not of what one connection moves. All of them: it is done.
    """

    done: int
    of: int
    sending: bool


@dataclass(frozen=True, slots=True)
class Here:
    """A machine whose member is here now; `writing` is the key of the record in which they write, or ''."""

    actor: bytes
    writing: str = ""

    @property
    def key(self) -> str:
        """The member's key text."""
        return encode_bytes(self.actor[:KEY_BYTES])


@dataclass(frozen=True, slots=True)
class Present:
    """Who else is here from now on, of those who let others see it."""

    others: tuple[Here, ...]


Event = (
    NoRelay
    | Elsewhere
    | Connecting
    | Online
    | Offline
    | Received
    | Stored
    | Synced
    | HolderChanged
    | Held
    | AlmostFull
    | Progress
    | Present
    | RefusedOwn
    | RefusedOther
)
