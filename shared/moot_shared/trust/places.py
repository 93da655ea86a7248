"""Where a change stands among all that are here, found by its hash.

Hashes are found by open addressing: a table of places, at least a third of it empty, entered by Python's
own salted hash, so that nobody can choose hashes that meet. The table is made for whoever asks often: who
comes to say one thing asks for a few places, and finds them sooner by looking through all hashes.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

HASH_BYTES = 32
_NONE = -1
_SMALLEST = 8
_FEW = 16
"""So many looks through all hashes take less time than to make the table."""


class Places:
    """hash -> place of a change, counted in order of arrival."""

    def __init__(self) -> None:
        self._hashes = bytearray()
        self._table = array("i", [_NONE]) * _SMALLEST
        self._count = 0
        self._looks = 0
        """How often all hashes are still looked through, while nothing is in the table."""

    def __len__(self) -> int:
        return self._count

    def __contains__(self, change_hash: object) -> bool:
        return isinstance(change_hash, bytes) and self.get(change_hash) is not None

    def __getitem__(self, change_hash: bytes) -> int:
        place = self.get(change_hash)
        if place is None:
            raise KeyError(change_hash)
        return place

    def get(self, change_hash: bytes) -> int | None:
        """The place of a change; None for an unknown one."""
        if self._looks:
            return self._look_through(change_hash)
        table, hashes = self._table, self._hashes
        most = len(table) - 1
        slot = hash(change_hash) & most
        while (place := table[slot]) != _NONE:
            at = place * HASH_BYTES
            if hashes[at : at + HASH_BYTES] == change_hash:
                return place
            slot = (slot + 1) & most
        return None

    def all_of(self, hashes: Sequence[bytes]) -> list[int]:
        """The places of those that are here: nearly always one, and that one the last."""
        if len(hashes) == 1 and len(hashes[0]) == HASH_BYTES and self._hashes.endswith(hashes[0]):
            return [self._count - 1]
        return [place for each in hashes if (place := self.get(each)) is not None]

    def hash_at(self, place: int) -> bytes:
        """The hash of the change at a place."""
        at = place * HASH_BYTES
        return bytes(self._hashes[at : at + HASH_BYTES])

    def hashes(self, begin: int, end: int) -> bytes:
        """The hashes at these places, one behind the other."""
        return bytes(self._hashes[begin * HASH_BYTES : end * HASH_BYTES])

    def append(self, change_hash: bytes) -> None:
        """Give the next place to a hash that is not here."""
        if len(change_hash) != HASH_BYTES:
            raise ValueError("a change's hash has 32 bytes")
        if not self._looks:
            self._enter(change_hash)
        self._hashes += change_hash
        self._count += 1

    def fill(self, hashes: bytes) -> None:
        """Give the first places to these hashes, one behind the other; there are none yet."""
        self._hashes, self._count, self._looks = bytearray(hashes), len(hashes) // HASH_BYTES, _FEW

    def expect_many(self) -> None:
        """Make the table now, where nobody waits: much is going to be asked."""
        if self._looks:
            self._looks = 0
            self._enter_all(_room_for(self._count))

    def pop(self) -> None:
        """Forget the last one: nothing that came before it was entered beyond it."""
        last = self._count - 1
        if not self._looks:
            most = len(self._table) - 1
            slot = hash(self.hash_at(last)) & most
            while self._table[slot] != last:
                slot = (slot + 1) & most
            self._table[slot] = _NONE
        del self._hashes[last * HASH_BYTES :]
        self._count = last

    def _look_through(self, change_hash: bytes) -> int | None:
        """Its place, found from the end: what is asked for is nearly always new."""
        if self._looks == 1:
            self.expect_many()
        else:
            self._looks -= 1
        if len(change_hash) != HASH_BYTES:
            return None
        at = self._hashes.rfind(change_hash)
        while at > 0 and at % HASH_BYTES:  # the end of one hash and the beginning of the next
            at = self._hashes.rfind(change_hash, 0, at + HASH_BYTES - 1)
        return at // HASH_BYTES if at >= 0 else None

    def _enter(self, change_hash: bytes) -> None:
        """Enter one that gets the next place."""
        place, table = self._count, self._table
        if 3 * place >= 2 * len(table):
            table = self._enter_all(4 * len(table))
        most = len(table) - 1
        slot = hash(change_hash) & most
        while table[slot] != _NONE:
            slot = (slot + 1) & most
        table[slot] = place

    def _enter_all(self, size: int) -> array[int]:
        """A table of another size with all that is here."""
        table = self._table = array("i", [_NONE]) * size
        hashes, most = bytes(self._hashes), size - 1
        for place in range(self._count):
            at = place * HASH_BYTES
            slot = hash(hashes[at : at + HASH_BYTES]) & most
            while table[slot] != _NONE:
                slot = (slot + 1) & most
            table[slot] = place
        return table


def _room_for(count: int) -> int:
    """How large a table is that holds so many."""
    size = _SMALLEST
    while 3 * count >= 2 * size:
        size *= 4
    return size
