"""A change of mine that the relay does not take: shown, its words kept, and the rest goes on without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from moot_client.replica import writer
from moot_client.replica.commands import Edit, Say
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_client.views.standing import standing
from moot_shared.errors import AdmissionError
from moot_shared.trust import admission
from tests.helpers.cohort import Cohort, carry, issue, rows, values, vote


@pytest.fixture
def cohort(tmp_path: Path) -> Iterator[list[Replica]]:
    with Cohort(tmp_path, 2) as replicas:
        yield replicas


def refuse(replica: Replica, change_hash: bytes) -> None:
    replica.note_refused(change_hash, "document full", "The community is full.", 1_760_000_000_000)


def test_its_words_are_kept_as_a_draft_and_later_work_goes_out_without_it(cohort: list[Replica]) -> None:
    mara, joon = cohort
    actor = mara.actor
    gone = issue(mara, "Too much for the relay", body="A long story.")
    (refused,) = mara.heads()
    vote(mara, gone, 3, "it matters")
    kept = issue(mara, "Small enough", body="One.\n\nTwo.")
    mara.do(Edit(kept, {"title": "Small and better"}))
    refuse(mara, refused)
    assert mara.actor != actor
    assert values(mara, kept)["title"] == "Small and better"
    assert mara.reader().execute("SELECT count(*) FROM record WHERE key = ?", (gone,)).fetchone() == (0,)
    said = [mara.draft("refused", subject)["text"] for form, subject, _ in mara.drafts() if form == "refused"]
    assert "Too much for the relay\nA long story." in said
    assert {(r.reason, r.words) for r in standing(mara.reader(), mara.me).refused} >= {
        ("The community is full.", "Too much for the relay\nA long story.")
    }
    carry(mara, joon)
    assert rows(mara) == rows(joon)
    assert values(joon, kept) == {"title": "Small and better", "body": "One.\n\nTwo.", "now": ""}
    assert verify(mara.store, mara.community).good


def test_what_can_no_longer_be_said_without_it_is_kept_as_a_draft_too(cohort: list[Replica]) -> None:
    mara, joon = cohort
    gone = issue(mara, "Refused", body="One.")
    (refused,) = mara.heads()
    mara.do(Edit(gone, {"body": "One.\n\nAnd a second thought."}))
    refuse(mara, refused)
    drafts = [mara.draft(form, subject)["text"] for form, subject, _ in mara.drafts()]
    assert any("And a second thought." in words for words in drafts)
    carry(mara, joon)
    assert rows(mara) == rows(joon)


def test_a_second_refusal_of_it_or_of_what_was_built_on_it_changes_nothing(
    cohort: list[Replica],
) -> None:
    mara, _ = cohort
    key = issue(mara, "Refused")
    (first,) = mara.heads()
    mara.do(Say("comment", key + "/", {"text": "A remark."}))
    (second,) = mara.heads()
    refuse(mara, first)
    before = rows(mara), mara.drafts(), mara.heads()
    refuse(mara, first)
    refuse(mara, second)
    assert (rows(mara), mara.drafts(), mara.heads()) == before


def test_what_somebody_else_wrote_is_not_withdrawn_for_a_refusal(cohort: list[Replica]) -> None:
    mara, joon = cohort
    key = issue(joon, "Joon's")
    carry(joon, mara)
    (theirs,) = mara.heads()
    refuse(mara, theirs)
    assert values(mara, key)["title"] == "Joon's"
    assert not standing(mara.reader(), mara.me).refused
    assert all(sealed.chunk for sealed in mara.lacking({}))


def test_what_cannot_be_said_again_leaves_its_name_to_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next record bears the number that this one would have had: it does not get its words."""
    with Cohort(tmp_path, 2) as (mara, _):
        mara.do(Say("profile", "me", {"name": "Mara"}))
        bad = mara.version()[mara.actor][1]
        falls = issue(mara, "Is not let in")
        stands = issue(mara, "Stands")
        mara.do(Edit(falls, {"title": "Words for the first"}))
        admit = admission.admit
        asked = iter([AdmissionError("removed", "Not any more.")])

        def not_the_first(*arguments: Any, **how: Any) -> None:
            for error in asked:
                raise error
            admit(*arguments, **how)

        monkeypatch.setattr(writer, "admit", not_the_first)
        mara.note_refused(bad, "x", "because", 1)
        assert values(mara, stands)["title"] == "Stands"
        words = "\n".join(mara.draft(form, subject)["text"] for form, subject, _ in mara.drafts())
        assert "Words for the first" in words
        assert "Is not let in" in words
