"""Any interleaving of edits by three members converges, for every declared kind of record and statement.

A kind that is declared later is covered with no line written here: values are drawn from its fields.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moot_client.replica.commands import Create, Edit, Say
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_shared.ids import RecordKey
from moot_shared.kinds import RECORDS, STATEMENTS, Kind
from moot_shared.kinds.fields import Choice, Count, Field, Flag, Hours, Line, Prose, Reference, Text
from moot_shared.kinds.trust import Whole
from moot_shared.trust.facts import TRUST_KINDS
from tests.helpers.cohort import Cohort, carry, rows, settle

WORDS = st.text("aäß[]*\u202e\x1b🙂 \n", min_size=1, max_size=12).map(lambda t: "x" + t)


def value_of(field: Field[Any]) -> st.SearchStrategy[Any]:
    """Something that this field may hold, as a person would type it."""
    if isinstance(field, Choice):
        return st.sampled_from([option for option in field.options if option])
    if isinstance(field, Count):
        return st.integers(field.least, min(field.most, 100))
    if isinstance(field, Hours):
        return st.integers(0, 40).map(lambda quarters: quarters / 4)
    if isinstance(field, Flag):
        return st.booleans()
    if isinstance(field, Reference):
        return st.just(f"{field.kinds[0]}/{'0' * 26}/{'A' * 43}")
    if isinstance(field, Prose):
        return st.lists(WORDS, min_size=1, max_size=3).map("\n\n".join)
    if isinstance(field, Whole):
        return st.integers(0, 9)
    assert isinstance(field, Line | Text)
    return WORDS


def values_of(kind: type[Kind], *, whole: bool) -> st.SearchStrategy[dict[str, Any]]:
    needed = {n: value_of(f) for n, f in kind.fields.items() if whole and f.required}
    free = {n: value_of(f) for n, f in kind.fields.items() if n not in needed}
    return st.fixed_dictionaries(needed, optional=free)


def kinds(names: set[str], all_kinds: Mapping[str, type[Kind]], *, whole: bool) -> st.SearchStrategy[Any]:
    """A kind's name, and values for it."""
    return st.sampled_from(sorted(names)).flatmap(
        lambda name: st.tuples(st.just(name), values_of(all_kinds[name], whole=whole))
    )


who = st.integers(0, 2)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("create"), who, kinds(set(RECORDS), RECORDS, whole=True)),
        st.tuples(
            st.just("edit"), who, st.tuples(st.integers(0, 9), kinds(set(RECORDS), RECORDS, whole=False))
        ),
        st.tuples(
            st.just("say"),
            who,
            st.tuples(st.integers(0, 9), kinds(set(STATEMENTS) - TRUST_KINDS, STATEMENTS, whole=True)),
        ),
        st.tuples(st.just("carry"), who, who),
    ),
    max_size=14,
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Replica]]:
    with Cohort(tmp_path_factory.mktemp("template")) as replicas:
        for replica in replicas:
            replica.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield replicas


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(script=steps)
def test_any_interleaving_of_any_edits_converges(template: list[Replica], script: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        replicas = [_copy(replica, Path(name) / str(n)) for n, replica in enumerate(template)]
        for what, who, rest in script:
            _play(replicas, what, replicas[who], rest)
        settle(*replicas)
        assert all(rows(replica) == rows(replicas[0]) for replica in replicas)
        assert all(replica.heads() == replicas[0].heads() for replica in replicas)
        findings = verify(replicas[0].store, replicas[0].community)
        assert findings.good, findings.troubles
        for replica in replicas:
            replica.close()


def _copy(replica: Replica, folder: Path) -> Replica:
    shutil.copytree(replica.place.folder, folder)
    return Replica.open(replace(replica.place, folder=folder), replica.outside)


def _play(replicas: list[Replica], what: str, replica: Replica, rest: Any) -> None:
    if what == "carry":
        if replicas[rest] is not replica:
            carry(replicas[rest], replica)
    elif what == "create":
        kind, values = rest
        replica.do(Create(kind, values))
    else:
        which, (kind, values) = rest
        found = replica.reader().execute("SELECT key FROM record ORDER BY key").fetchall()
        key = found[which % len(found)][0] if found else f"issue/{'0' * 26}/{replica.me}"
        if what == "say":
            replica.do(Say(kind, key, values))
        elif found and RecordKey.parse(key).kind == kind:
            replica.do(Edit(key, values))
