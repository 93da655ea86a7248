"""What the relay lacks of what is here: page by page, and which of them it has answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from moot_client.replica.replica import Replica
from moot_shared.limits import DEFAULT
from moot_shared.wire.glance import Glance, glance
from moot_shared.wire.messages import Page
from moot_shared.wire.pages import Packed, pack

_NOT_TO_BE_SENT = (1 << 62, b"")


def forks(replica: Replica, clock: Mapping[bytes, tuple[int, bytes]]) -> set[bytes]:
    """Actors of which a relay that has `clock` keeps another branch than this machine."""
    mine, forked = replica.version(), set()
    for actor, (seq, change_hash) in clock.items():
        have = mine.get(actor, (0, b""))
        if have[0] > seq:
            rest = replica.lacking({**mine, actor: (seq - 1, b"")})
            first = next((glance(sealed.chunk) for sealed in rest), None)
            have = (first.seq, first.hash) if first else have
        if have[0] == seq and have[1] != change_hash:
            forked.add(actor)
    return forked


class Outbox:
    """Counts what the relay has, as it said and as passed since, and sends the rest."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._theirs: dict[bytes, tuple[int, bytes]] = {}
        self._pages: Iterator[Packed] | None = None
        self._drained: tuple[bytes, ...] | None = None
        self._stored: dict[bytes, tuple[int, bytes]] = {}
        self._limits = DEFAULT
        self._outstanding: set[int] = set()
        self._number = 0
        self._sent: dict[bytes, bool] = {}  # on their way: hash -> whether it is this member's

    def begin(
        self,
        clock: Mapping[bytes, tuple[int, bytes]],
        forked: Iterable[bytes],
        frame_bytes: int | None = None,
    ) -> None:
        """The relay has `clock`, and takes frames of so many bytes.

        Of `forked` actors it keeps another branch: ours is not sent.
        """
        self._theirs = dict(clock) | dict.fromkeys(forked, _NOT_TO_BE_SENT)
        self._stored = dict(self._theirs)
        if frame_bytes is not None:
            self._limits = replace(DEFAULT, frame_bytes=min(frame_bytes, DEFAULT.frame_bytes))

    def came(self, names: Iterable[Glance]) -> None:
        """These changes came from the relay."""
        for name in names:
            _pass(self._theirs, name)
            _pass(self._stored, name)

    def next(self) -> Page | None:
        """The next page to send; None once the relay has, or is being sent, all that is here."""
        while True:
            if self._pages is None:
                heads = self._replica.heads()
                if heads == self._drained:
                    return None
                self._drained = heads
                self._pages = pack(self._replica.lacking(dict(self._theirs)), self._limits)
            packed = next(self._pages, None)
            if packed is not None:
                return self._page(packed)
            self._pages = None

    def answered(self, number: int, through: Mapping[bytes, int]) -> dict[bytes, int]:
        """The relay has committed what it takes of a page, and says up to which seqs it has these actors.

        Returned is how much of that can be true: nobody has what was never sent to them.
        """
        told = {a: link[0] for a, link in self._theirs.items() if link != _NOT_TO_BE_SENT}
        believed = {actor: min(seq, told[actor]) for actor, seq in through.items() if actor in told}
        for actor, seq in believed.items():
            _pass(self._stored, Glance(actor, seq, b""))
        self._done_with(number)
        return believed

    def held(self, number: int) -> None:
        """The relay has no room for a page: it goes out again with whatever is written next."""
        self._theirs = dict(self._stored)
        self._pages = None
        self._done_with(number)

    def _done_with(self, number: int) -> None:
        self._outstanding.discard(number)
        if not self._outstanding:
            self._sent.clear()

    def sent(self, change_hash: bytes) -> bool | None:
        """Whether a change that is on its way is by this member; None for one that is not on its way."""
        return self._sent.get(change_hash)

    @property
    def empty(self) -> bool:
        """Whether everything that is here was sent and answered."""
        return not self._outstanding and self._pages is None and self._drained == self._replica.heads()

    def left(self) -> int:
        """How many changes that are here the relay has yet to store."""
        if self.empty:
            return 0  # what it has refused it will never have
        stored, here = self._stored, self._replica.version()
        return sum(max(seq - stored.get(actor, (0, b""))[0], 0) for actor, (seq, _) in here.items())

    def _page(self, packed: Packed) -> Page:
        me = self._replica.identity.public_key
        self._number += 1
        self._outstanding.add(self._number)
        self._sent.update((name.hash, name.actor.startswith(me)) for name in packed.names)
        for name in packed.names:
            _pass(self._theirs, name)
        return Page(packed.body, n=self._number, more=packed.more)


def _pass(clock: dict[bytes, tuple[int, bytes]], name: Glance) -> None:
    if name.seq > clock.get(name.actor, (0, b""))[0]:
        clock[name.actor] = (name.seq, name.hash)
