"""Lines that are kept are what they would be if they were made from scratch, whatever happens."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moot_client import lines
from moot_client.store.positions import last_position
from moot_client.views.lines import changed_lines
from tests.lines.told import LINES, Told, by_definition, shown

KINDS = dict(zip(("issue", "review", "lesson"), LINES, strict=True))


def plays(seed: int, steps: int, each: int = 1) -> None:
    """A story of so many steps; lines are held against their definition after `each` so many."""
    told = Told(random.Random(seed))
    before, since = shown(told.db), last_position(told.db)
    for _ in range(0, steps, each):
        for _ in range(each):
            told.step()
        now = shown(told.db)
        assert now == by_definition(told.db)
        for kind, table in KINDS.items():
            differ = {key for key, line in now[table].items() if before[table].get(key) != line}
            altered = set(changed_lines(told.db, kind, since))
            assert altered == differ if each == 1 else altered >= differ  # or changed, and changed back
        before, since = now, last_position(told.db)


@pytest.mark.slow
@settings(max_examples=8)
@given(st.integers(0, 2**32))
def test_lines_follow_whatever_is_said(seed: int) -> None:
    plays(seed, 40)


@pytest.mark.slow
@settings(max_examples=8)
@given(st.integers(0, 2**32))
def test_lines_follow_a_long_story(seed: int) -> None:
    plays(seed, 300, each=10)


def test_lines_that_are_made_anew_and_are_the_same_are_not_altered() -> None:
    told = Told(random.Random(7))
    for _ in range(80):
        told.step()
    since = last_position(told.db)
    lines.make_anew(told.db, lines.lines_of(told.db), since + 1)
    assert not any(changed_lines(told.db, kind, since) for kind in KINDS)


def test_a_line_that_is_gone_after_a_rebuild_is_named_as_changed() -> None:
    told = Told(random.Random(7))
    for _ in range(80):
        told.step()
    since = last_position(told.db)
    (gone,) = told.db.execute("SELECT key FROM issue_line LIMIT 1").fetchone()
    before = lines.lines_of(told.db)
    told.db.execute("DELETE FROM record WHERE key = ?", (gone,))
    lines.make_anew(told.db, before, since + 1)
    assert gone in changed_lines(told.db, "issue", since)
    assert gone not in {key for key, *_ in told.db.execute("SELECT key FROM issue_line")}
