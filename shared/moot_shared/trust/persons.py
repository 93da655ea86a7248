"""One person, several keys: whoever lost a key and the words joins anew and is linked to the earlier self.

    self: <earlier key>/<later key>

said by the later key is the claim, by others it vouches. The link stands if

* two members vouch for it whom no single plain member has let in, directly or by others: so nobody
  makes up those who vouch;
* the earlier key has been silent since the claim, or was removed. Whoever still has it ends the
  link with any word.

A link moves what was said, never authority: a convenor's later key is a member's until it is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from moot_shared.frozen import frozen
from moot_shared.trust.facts import Fact, member_key
from moot_shared.trust.history import Clock, History


def earlier_and_later(subject: str) -> tuple[bytes, bytes] | None:
    """The two keys that a `self` statement is about; None where it cannot be read."""
    first, _, second = subject.partition("/")
    earlier, later = member_key(first), member_key(second)
    return (earlier, later) if earlier and later and earlier != later else None


@frozen
class Claim:
    """Somebody's word that an earlier key was theirs, and what stands in its way."""

    said: Fact
    earlier: bytes
    vouchers: tuple[bytes, ...]
    enough: bool
    """Whether those who vouch suffice."""
    silent: bool
    """Whether the earlier key, as far as that was looked at, has said nothing since, or has no word left."""


def claims(
    said: Iterable[Fact],
    history: History,
    clock: Clock | None,
    *,
    inviter: Mapping[bytes, bytes | None],
    convened: Callable[[bytes], bool],
    removed: Callable[[bytes], bool],
    closely: bool = False,
) -> list[Claim]:
    """Every claim to the key of a member, among the ancestors that `clock` names.

    `inviter` has every member's; `convened` says who is or was a convenor. Whether the earlier key has
    been silent is looked at only where enough vouch, or `closely`.
    """
    claimed: list[tuple[bytes, Fact]] = []
    vouchers: dict[str, list[bytes]] = {}
    for fact in said:
        keys = earlier_and_later(fact.subject)
        if keys is None:
            continue
        if fact.author == keys[1]:
            claimed.append((keys[0], fact))
        elif fact.author != keys[0]:
            vouchers.setdefault(fact.subject, []).append(fact.author)
    found = []
    for earlier, fact in claimed:
        if earlier in inviter:
            vouching = tuple(vouchers.get(fact.subject, ()))
            enough = _vouched(vouching, inviter, convened)
            looked_at = enough or closely
            silent = not looked_at or removed(earlier) or _silent_since(earlier, fact, history, clock)
            found.append(Claim(fact, earlier, vouching, enough, silent))
    return found


def later_selves(found: Iterable[Claim]) -> dict[bytes, bytes]:
    """earlier key -> later key, for every link that stands."""
    good: dict[bytes, list[bytes]] = {}
    for claim in found:
        if claim.enough and claim.silent:
            good.setdefault(claim.earlier, []).append(claim.said.author)
    return _without_circles({earlier: min(later) for earlier, later in good.items()})


def newest(key: bytes, later: Mapping[bytes, bytes]) -> bytes:
    """The key under which a person is known now."""
    while key in later:
        key = later[key]
    return key


def _vouched(
    keys: Iterable[bytes], inviter: Mapping[bytes, bytes | None], convened: Callable[[bytes], bool]
) -> bool:
    return len({_brought_in_by(key, inviter, convened) for key in keys if key in inviter}) > 1


def _brought_in_by(
    key: bytes, inviter: Mapping[bytes, bytes | None], convened: Callable[[bytes], bool]
) -> bytes:
    """The first in a line of invites by plain members: all in that line may be one person's inventions."""
    seen: set[bytes] = set()
    while not convened(key) and key not in seen:
        seen.add(key)
        above = inviter.get(key)
        if above is None or convened(above):
            break
        key = above
    return key


def _silent_since(key: bytes, claim: Fact, history: History, clock: Clock | None) -> bool:
    before = history.before(claim)
    for actor in history.actors_of(key):
        last = history.last(actor)
        seq = clock.get(actor, 0) if clock is not None else last.seq if last else 0
        if seq and not before.covers(actor, seq):
            return False
    return True


def _without_circles(later: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """Keys that claim one another in a circle are nobody's earlier self."""
    kept = {}
    for key, at in later.items():
        seen = {key}
        while at in later and at not in seen:
            seen.add(at)
            at = later[at]
        if at not in seen:
            kept[key] = later[key]
    return kept
