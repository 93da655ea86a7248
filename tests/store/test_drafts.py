"""Drafts of two windows in one place: only whoever wrote or read what stands puts another in its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.replica.replica import Replica
from moot_client.store.drafts import about, together
from tests.helpers.cohort import founder, outside
from tests.helpers.drafts import forget_draft


@pytest.fixture
def windows(tmp_path: Path) -> Iterator[tuple[Replica, Replica]]:
    one = founder(tmp_path / "mara")
    two = Replica.open(one.place, outside(2))
    yield one, two
    one.close()
    two.close()


def words(replica: Replica, form: str = "new issue") -> dict[str, str]:
    """The titles that are kept, by subject."""
    return {subject: replica.draft(f, subject)["title"] for f, subject, _ in replica.drafts() if f == form}


def test_a_draft_that_another_window_left_stays_and_the_new_one_stands_beside_it(
    windows: tuple[Replica, Replica],
) -> None:
    one, two = windows
    one.keep_draft("new issue", "", {"title": "Of one"}, {})
    own = two.keep_draft("new issue", "", {"title": "Of two"}, {})
    assert own != ""
    assert about(own) == ""
    assert words(one) == {"": "Of one", own: "Of two"}
    assert two.keep_draft("new issue", own, {"title": "Of two, more"}, {"title": "Of two"}) == own
    assert words(one) == {"": "Of one", own: "Of two, more"}


def test_two_that_have_to_stand_beside_a_third_at_the_same_time_do_not_meet(
    windows: tuple[Replica, Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = windows
    one.keep_draft("new issue", "", {"title": "First"}, {})
    for replica in windows:
        monkeypatch.setattr(type(replica.outside), "now", lambda _: 7, raising=False)
    subjects = {r.keep_draft("new issue", "", {"title": f"Of {n}"}, {}) for n, r in enumerate((one, two))}
    assert len(subjects) == 2
    assert sorted(words(one).values()) == ["First", "Of 0", "Of 1"]


def test_whoever_is_done_drops_only_what_they_wrote(windows: tuple[Replica, Replica]) -> None:
    one, two = windows
    one.keep_draft("new issue", "", {"title": "Begun"}, {})
    two.keep_draft("new issue", "", {"title": "Begun, and gone on with"}, {"title": "Begun"})
    one.keep_draft("new issue", "", {}, {"title": "Begun"})
    assert words(one) == {"": "Begun, and gone on with"}
    two.keep_draft("new issue", "", {}, {"title": "Begun, and gone on with"})
    assert words(one) == {}


def test_a_draft_that_was_dropped_elsewhere_is_kept_anew_where_it_is_still_being_written(
    windows: tuple[Replica, Replica],
) -> None:
    one, two = windows
    one.keep_draft("new issue", "", {"title": "Mine"}, {})
    forget_draft(two, "new issue", "")
    assert one.keep_draft("new issue", "", {"title": "Mine, more"}, {"title": "Mine"}) == ""
    assert words(one) == {"": "Mine, more"}


@pytest.mark.parametrize(
    ("over", "mine", "stands", "whole"),
    [
        ({}, {"why": "x"}, {"next": "y"}, {"why": "x", "next": "y"}),  # each its own question
        ({"why": "x"}, {"why": ""}, {"why": "x"}, {"why": ""}),  # taken out here
        ({"why": "x"}, {"why": "x"}, {}, {"why": "x"}),  # dropped elsewhere, while it is still here
        ({}, {"why": ""}, {"why": "theirs"}, {"why": "theirs"}),  # an empty box is no word
        ({"why": "x"}, {"why": "x"}, {"why": ""}, {"why": "x"}),
        ({"why": "x"}, {"why": ""}, {"why": "x, more"}, {"why": "x, more"}),
        ({"why": "x"}, {"why": "x"}, {"why": "y"}, {"why": "y"}),  # changed there alone
        ({}, {"why": "same"}, {"why": "same"}, {"why": "same"}),
        ({}, {"why": "mine"}, {"why": "theirs"}, None),
        (
            {},
            {"why": "x", "was.why": "before"},
            {"next": "", "was.next": "taken back"},
            {"why": "x", "was.why": "before", "next": "", "was.next": "taken back"},
        ),
    ],
)
def test_answers_that_stand_each_for_themselves_are_one_draft_unless_both_wrote_one(
    over: dict[str, str], mine: dict[str, str], stands: dict[str, str], whole: dict[str, str] | None
) -> None:
    assert together(over, mine, stands) == whole
