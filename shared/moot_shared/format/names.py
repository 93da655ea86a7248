"""What changes and writers are called, as it stands in every kind of chunk: hashes and actors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from moot_shared.format.leb import beyond, malformed, uleb

HASH_BYTES = 32
LONGEST_ACTOR = 64
HIGHEST_COUNTER = (1 << 31) - 1  # near 2^32 the binding panics at the next honest write


def read_hashes(raw: bytes, at: int, most: int) -> tuple[tuple[bytes, ...], int]:
    """A counted list of hashes in any order, and the position after it."""
    count, at = uleb(raw, at)
    end = at + count * HASH_BYTES
    if count > most:
        raise beyond("changes that it lists", most)
    if end > len(raw):
        raise malformed("it ends in the middle of a list")
    return tuple(raw[start : start + HASH_BYTES] for start in range(at, end, HASH_BYTES)), end


def read_sorted_hashes(raw: bytes, at: int, most: int) -> tuple[tuple[bytes, ...], int]:
    """A counted list of hashes, each one larger than the one before, and the position after it."""
    hashes, at = read_hashes(raw, at, most)
    if not rising(hashes):
        raise malformed("the changes that it lists are in disorder")
    return hashes, at


def read_actor(raw: bytes, at: int) -> tuple[bytes, int]:
    """An actor id with its length before it, and the position after it."""
    length, at = uleb(raw, at)
    if not 0 < length <= LONGEST_ACTOR or at + length > len(raw):
        raise malformed("its author is not named properly")
    return raw[at : at + length], at + length


def read_actors(raw: bytes, at: int, most: int) -> tuple[tuple[bytes, ...], int]:
    """A counted list of actors, each one larger than the one before, and the position after it."""
    count, at = uleb(raw, at)
    if count > most:
        raise beyond("machines that it names", most)
    actors: list[bytes] = []
    for _ in range(count):
        actor, at = read_actor(raw, at)
        actors.append(actor)
    if not rising(actors):
        raise malformed("the actors that it names are listed in disorder")
    return tuple(actors), at


def rising(names: Sequence[bytes]) -> bool:
    """Whether each name is larger than the one before: sorted, and none twice."""
    return all(earlier < later for earlier, later in pairwise(names))
