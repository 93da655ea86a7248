"""A history that was kept in columns is the one that was taken in change by change, and goes on as it."""

from __future__ import annotations

import random

import pytest

from moot_shared.trust.columns import Columns
from moot_shared.trust.history import Entry, History
from tests.trust.test_history import ACTORS, empty, tangle


def kept(history: History, *ends: int) -> Columns:
    """What stretches with these ends come to, joined."""
    stretches = [history.ancestry.columns(begin, end) for begin, end in zip((0, *ends), ends, strict=False)]
    return Columns(*map(b"".join, zip(*stretches, strict=True)))


def told(history: History) -> tuple[object, ...]:
    """All that admission asks of a history."""
    entries = list(history.ancestry.entries)
    return (
        entries,
        history.heads(),
        history.version(),
        [dict(history.clock((entry.hash,))) for entry in entries],
        [list(history.actors_of(actor[:32])) for actor in ACTORS],
        (history.community, history.founder, history.records_id, history.said_id),
        [history.ancestry.place[entry.hash] for entry in entries],
    )


@pytest.mark.parametrize("seed", range(8))
def test_what_was_kept_goes_on_as_if_it_had_never_been_away(seed: int) -> None:
    dice = random.Random(seed)
    made = tangle(dice, 120, dice.choice((0.1, 0.5, 0.9)))
    whole, first = empty(), empty()
    cut, more = sorted(dice.sample(range(2, len(made)), 2))
    whole.load(made, ())
    first.load(made[:more], ())
    again = empty()
    again.load(made[more:], (), kept(first, cut, more))
    assert told(again) == told(whole)


def test_what_came_after_it_can_be_taken_out_again() -> None:
    made = tangle(random.Random(9), 60, 0.4)
    before, again = empty(), empty()
    before.load(made[:40], ())
    again.load((), (), kept(before, 16, 32, 40))
    mark = again.mark()
    again.load(made[40:], ())
    again.cut(mark)
    assert told(again) == told(before)


def test_columns_that_are_short_or_name_what_is_not_there_do_not_fit() -> None:
    history = empty()
    history.load(tangle(random.Random(3), 30, 0.5), ())
    columns = kept(history, len(history))
    assert columns.fit()
    assert not history.ancestry.columns(0, 0).fit()
    for name in Columns._fields:
        assert not columns._replace(**{name: getattr(columns, name)[:-1]}).fit()
    beyond = (len(history)).to_bytes(4, "little")
    assert not columns._replace(deps=columns.deps[:-4] + beyond).fit()
    assert not columns._replace(actor=columns.actor[:-4] + beyond).fit()


def test_a_stretch_that_is_missing_does_not_fit() -> None:
    history = empty()
    history.load(tangle(random.Random(3), 30, 0.5), ())
    parts = [history.ancestry.columns(begin, begin + 10) for begin in (0, 20)]
    assert not Columns(*map(b"".join, zip(*parts, strict=True))).fit()


def test_a_single_change_is_kept() -> None:
    history, again = empty(), empty()
    history.load([Entry(bytes(32), (), ACTORS[0], 1, 1, 3)], ())
    again.load((), (), kept(history, 1))
    assert told(again) == told(history)
