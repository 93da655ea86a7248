"""Who has what: which of my changes are among the ancestors of what another machine said it has."""

from __future__ import annotations

import sqlite3

HASH_BYTES = 32


def reached(db: sqlite3.Connection, heads: list[bytes], last: dict[bytes, int]) -> list[dict[bytes, int]]:
    """For each set of heads: my actors, with the seq that is among those heads or their ancestors.

    Changes are walked from the newest, all holders at once (a bit each), until each holder has been
    met on each of my chains: a chain's later change stands for the earlier ones. Positions are
    causal, so whatever builds on a change was passed before it. Heads that are not here yet add
    nothing, which can only make a holder seem to lack more than it does.
    """
    bits: dict[bytes, int] = {}
    for holder, joined in enumerate(heads):
        for i in range(0, len(joined), HASH_BYTES):
            head = joined[i : i + HASH_BYTES]
            bits[head] = bits.get(head, 0) | 1 << holder
    seen: list[dict[bytes, int]] = [{} for _ in heads]
    left = len(heads) * len(last)
    if not left:
        return seen
    for change, actor, seq, deps in db.execute(
        "SELECT hash, actor, seq, deps FROM change ORDER BY position DESC"
    ):
        holders = bits.pop(change, 0)
        if not holders:
            continue
        for i in range(0, len(deps), HASH_BYTES):
            dep = deps[i : i + HASH_BYTES]
            bits[dep] = bits.get(dep, 0) | holders
        if actor in last:
            for holder, found in enumerate(seen):
                if holders >> holder & 1 and actor not in found:
                    found[actor] = seq
                    left -= 1
        if not left or not bits:
            break
    return seen
