"""The index of changes: clocks, what another lacks, and operations found again."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from moot_shared.errors import StorageError
from moot_shared.format.change import OpId
from moot_shared.trust import ancestry
from moot_shared.trust.cache import Cache
from moot_shared.trust.history import Entry, Fork, History
from tests.helpers.community import Community, Machine, put

ACTORS = [bytes((n,)) * 40 for n in range(6)]


def empty() -> History:
    chunks: dict[bytes, bytes] = {}
    return History(chunks.__getitem__)


def tangle(dice: random.Random, changes: int, eager: float) -> list[Entry]:
    """Entries of replicas that go their own ways and merge now and then, in causal order."""
    first = Entry(bytes(32), (), ACTORS[0], 1, 1, 3)
    made = [first]
    heads: dict[bytes, set[bytes]] = {actor: {first.hash} for actor in ACTORS}
    known = {actor: {first.hash} for actor in ACTORS}
    seqs = dict.fromkeys(ACTORS, 0) | {ACTORS[0]: 1}
    by_hash = {first.hash: first}
    for _ in range(changes):
        actor = dice.choice(ACTORS)
        if dice.random() < eager:
            other = dice.choice(ACTORS)
            known[actor] |= known[other]
            heads[actor] |= heads[other]
            inner = {dep for h in known[actor] for dep in by_hash[h].deps}
            heads[actor] = {h for h in known[actor] if h not in inner}
        seqs[actor] += 1
        start = 1 + max(by_hash[h].last_op for h in heads[actor])
        entry = Entry(dice.randbytes(32), tuple(sorted(heads[actor])), actor, seqs[actor], start, start)
        by_hash[entry.hash] = entry
        known[actor].add(entry.hash)
        heads[actor] = {entry.hash}
        made.append(entry)
    return made


def slow_clock(history: History, hashes: list[bytes]) -> dict[bytes, int]:
    """The clock by looking at every ancestor."""
    found: dict[bytes, int] = {}
    stack, seen = list(hashes), set(hashes)
    while stack:
        entry = history.entry(stack.pop())
        found[entry.actor] = max(found.get(entry.actor, 0), entry.seq)
        new = set(entry.deps) - seen
        seen |= new
        stack.extend(new)
    return found


@pytest.fixture(params=[(1, 300), (4, 3_000), (256, 1 << 20)], ids=["no memory", "little", "as in use"])
def memory(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Clocks with as little memory as there can be, so that every way to find one is walked."""
    stride, most = request.param
    monkeypatch.setattr(ancestry, "_STRIDE", stride)
    monkeypatch.setattr(ancestry.Ancestry.__init__, "__defaults__", (most,))
    return iter(())


@pytest.mark.slow
@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize("eager", [0.05, 0.4, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_a_clock_is_what_looking_at_every_ancestor_finds(seed: int, eager: float) -> None:
    dice = random.Random(seed)
    entries = tangle(dice, 150, eager)
    history = empty()
    history.load(entries, ())
    questions = [[e.hash for e in dice.sample(entries, dice.choice((1, 1, 2, 5)))] for _ in range(60)]
    questions += [list(history.heads()), list(entries[-1].deps), []]
    for hashes in questions:
        clock = history.clock(hashes)
        assert dict(clock) == slow_clock(history, hashes)
        for entry in entries:
            assert clock.covers(entry.actor, entry.seq) == (clock.get(entry.actor, 0) >= entry.seq)


@pytest.mark.parametrize("seed", range(6))
def test_a_holder_gets_what_it_lacks_in_causal_order(seed: int) -> None:
    dice = random.Random(seed)
    entries = tangle(dice, 80, 0.4)
    history, other = empty(), empty()
    history.load(entries, ())
    has = history.clock([dice.choice(entries).hash])
    other.load([e for e in entries if has.get(e.actor, 0) >= e.seq], ())
    missing = history.missing_from(other.version())
    assert len(missing) == len(history) - len(other)
    other.load(missing, ())
    assert other.version() == history.version()
    assert other.heads() == history.heads()
    assert history.missing_from(other.version()) == []
    assert history.missing_from({}) == entries


def test_what_another_has_and_we_do_not_is_passed_over() -> None:
    history = empty()
    history.load(tangle(random.Random(1), 20, 1.0), ())
    ahead = history.version() | {ACTORS[0]: (99, bytes(32)), b"x" * 40: (5, bytes(32))}
    assert not any(e.actor == ACTORS[0] for e in history.missing_from(ahead))
    assert history.forks(ahead) == []


def test_another_change_at_the_same_place_is_reported_as_a_fork() -> None:
    history = empty()
    history.load(tangle(random.Random(1), 20, 1.0), ())
    entry = history.at(ACTORS[0], 2)
    assert entry
    assert history.forks({ACTORS[0]: (2, b"other")}) == [Fork(ACTORS[0], 2, entry.hash, b"other")]
    assert history.forks({ACTORS[0]: (2, entry.hash)}) == []


def test_an_operation_is_found_in_the_change_that_made_it(moot: Community, ann: Machine) -> None:
    change, record, _ = moot.record(ann)
    later = moot.write(ann, put(record, "title", "x", change.operations[1].id))
    for made in (*change.operations, *later.operations):
        assert moot.history.operation(made.id) == made
    assert moot.history.operation(OpId(later.last_op + 1, ann.actor)) is None
    assert moot.history.operation(OpId(1, ann.actor)) is None
    assert moot.history.operation(OpId(1, b"nobody")) is None
    assert moot.history.change(later.hash) == later
    with pytest.raises(KeyError):
        moot.history.change(bytes(32))


def test_what_a_store_kept_is_the_same_history_again(moot: Community, ann: Machine) -> None:
    moot.record(ann)
    moot.say(moot.founder, "removal", ann.text)
    ours = moot.history
    again = History(moot.chunks.__getitem__)
    again.load([ours.entry(h) for h in moot.chunks], ours.facts())
    assert (again.community, again.founder) == (ours.community, ours.founder)
    assert (again.records_id, again.said_id) == (ours.records_id, ours.said_id)
    assert (again.heads(), again.version(), again.facts()) == (ours.heads(), ours.version(), ours.facts())
    assert again.change(ours.heads()[0]) == ours.change(ours.heads()[0])
    assert [f.kind for f in again.facts()] == ["invite", "join", "removal"]


def test_adding_a_change_again_is_nothing(moot: Community, ann: Machine) -> None:
    made = moot.say(ann, "vote", "x")
    moot.history.add(made)
    assert moot.history.last(ann.actor) == Entry.of(made)


def test_rows_out_of_order_are_a_damaged_disk_and_leave_no_trace() -> None:
    entries = tangle(random.Random(3), 10, 1.0)
    history = empty()
    history.load(entries[:3], ())
    skipping = entries[3]._replace(seq=entries[3].seq + 1)
    for wrong in (skipping, Entry(b"h", (b"unknown",), b"new", 1, 9, 9)):
        with pytest.raises(StorageError):
            history.load([wrong], ())
    history.load(entries[3:], ())
    assert b"new" not in history.actors()


def test_memory_is_bounded_by_weight_and_keeps_what_was_used_last() -> None:
    cache: Cache[str, int] = Cache(10)
    for number, key in enumerate("abc"):
        cache.keep(key, number, 4)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (None, 1, 2)
    cache.get("b")
    cache.keep("d", 3, 4)
    assert (cache.get("b"), cache.get("c")) == (1, None)
    cache.keep("large", 4, 1_000)
    assert (cache.get("b"), cache.get("large")) == (None, 4)
    cache.keep("large", 5, 1)
    cache.keep("small", 6, 1)
    assert (cache.get("large"), cache.get("small")) == (5, 6)
