"""Two and three replicas in one process: everybody's work comes together, nobody's is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.replica.commands import Create, Edit, MakeInvite, Say, Together
from moot_client.replica.outside import Outside
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_client.views.agenda import issue_page
from moot_shared.errors import InputError, NotFound
from tests.helpers.cohort import Cohort, carry, issue, paragraphs, rewrite, rows, settle, values, vote


@pytest.fixture
def cohort(tmp_path: Path) -> Iterator[list[Replica]]:
    with Cohort(tmp_path) as replicas:
        yield replicas


def same(replicas: list[Replica]) -> bool:
    return all(rows(r) == rows(replicas[0]) and r.heads() == replicas[0].heads() for r in replicas)


def test_a_community_is_whole_on_the_machine_of_whoever_joins(cohort: list[Replica]) -> None:
    assert same(cohort)
    assert all(replica.joined() for replica in cohort)
    assert cohort[2].community_name() == "Northern cohort"


def test_work_done_apart_is_everybodys_when_it_meets(cohort: list[Replica]) -> None:
    mara, joon, ines = cohort
    key = issue(mara, "Handover loses facts", body="One.\n\nTwo.", now="In the corridor.")
    settle(*cohort)
    vote(mara, key, 3, "a shift a week")
    vote(joon, key, 5)
    ines.do(Say("pledge", key, {"hours": "2.5"}))
    joon.do(Say("comment", key + "/", {"text": "Two near misses."}))
    settle(*cohort)
    assert same(cohort)
    said = dict(mara.reader().execute("SELECT author || kind, value FROM statement WHERE about = ?", (key,)))
    assert json.loads(said[joon.me + "vote"])["dots"] == 5
    assert json.loads(said[ines.me + "pledge"])["hours"] == 2.5


def test_two_rewritings_of_one_paragraph_both_stand_marked_until_someone_joins_them(
    cohort: list[Replica],
) -> None:
    mara, joon, _ = cohort
    key = issue(mara, now="In the corridor.")
    settle(*cohort)
    rewrite(mara, key, "now", "In the corridor, in haste.")
    rewrite(joon, key, "now", "By word of mouth.")
    settle(*cohort)
    assert same(cohort)
    found = paragraphs(mara, key, "now")
    assert {(text, doubled) for _, text, _, doubled in found} == {
        ("In the corridor, in haste.", True),
        ("By word of mouth.", True),
    }
    rewrite(mara, key, "now", "By word of mouth, in the corridor, in haste.")
    settle(*cohort)
    assert [p[1:4:2] for p in paragraphs(joon, key, "now")] == [
        ["By word of mouth, in the corridor, in haste.", False]
    ]


def test_equal_rewritings_show_once_and_go_together(cohort: list[Replica]) -> None:
    mara, joon, _ = cohort
    key = issue(mara, now="old")
    settle(*cohort)
    rewrite(mara, key, "now", "new")
    rewrite(joon, key, "now", "new")
    settle(*cohort)
    assert [p[1:4:2] for p in paragraphs(mara, key, "now")] == [["new", False]]
    rewrite(joon, key, "now", "newer")
    settle(*cohort)
    assert [p[1] for p in paragraphs(mara, key, "now")] == ["newer"]


def test_a_neighbours_paragraph_is_left_alone_by_an_edit_that_began_before_it(cohort: list[Replica]) -> None:
    mara, joon, _ = cohort
    key = issue(mara, body="One.\n\nTwo.\n\nThree.")
    settle(*cohort)
    base = [p[0] for p in paragraphs(joon, key, "body")]
    rewrite(mara, key, "body", "One.\n\nTwo, rewritten.\n\nThree.")
    settle(*cohort)
    joon.do(Edit(key, {"body": "One, too.\n\nTwo.\n\nThree.\n\nFour."}, {"body": base}))
    settle(*cohort)
    assert values(mara, key)["body"] == "One, too.\n\nTwo, rewritten.\n\nThree.\n\nFour."


def test_a_title_that_two_people_change_at_once_keeps_the_other_as_a_version(cohort: list[Replica]) -> None:
    mara, joon, _ = cohort
    key = issue(mara, "Old")
    settle(*cohort)
    mara.do(Edit(key, {"title": "Mara's"}))
    joon.do(Edit(key, {"title": "Joon's"}))
    settle(*cohort)
    assert same(cohort)
    (others,) = mara.reader().execute("SELECT others FROM record WHERE key = ?", (key,)).fetchone()
    kept = {values(mara, key)["title"], *(value for value, _ in json.loads(others)["title"])}
    assert kept == {"Mara's", "Joon's"}
    mara.do(Edit(key, {"title": values(mara, key)["title"]}))
    assert mara.reader().execute("SELECT others FROM record WHERE key = ?", (key,)).fetchone() == ("{}",)


def test_saying_again_keeps_fields_that_a_newer_moot_wrote(cohort: list[Replica]) -> None:
    mara = cohort[0]
    key = issue(mara)
    vote(mara, key, 2, "why not")
    mara.do(Say("vote", key, {"dots": 3}))
    (value,) = mara.reader().execute("SELECT value FROM statement WHERE kind = 'vote'").fetchone()
    assert json.loads(value) | {"at": 0} == {"dots": 3, "why": "why not", "at": 0}


@pytest.mark.parametrize("clock", [0, -1, 4_000_000_000_000_000])
def test_a_clock_that_is_off_by_years_decides_nothing(cohort: list[Replica], clock: int) -> None:
    mara, joon, _ = cohort
    joon.outside = Outside(now=lambda: clock, random=joon.outside.random)
    key = issue(joon, "From another age", now="Then.")
    settle(*cohort)
    vote(joon, key, 1)
    rewrite(mara, key, "now", "Mara's.")
    rewrite(joon, key, "now", "Joon's.")
    settle(*cohort)
    assert same(cohort)
    assert {p[1] for p in paragraphs(mara, key, "now")} == {"Mara's.", "Joon's."}
    assert issue_page(mara.reader(), mara.me, key).row.dots == 1
    assert verify(joon.store, joon.community).good


def test_a_comment_is_taken_back_by_saying_it_again_empty(cohort: list[Replica]) -> None:
    mara, joon, _ = cohort
    key = mara.do(Say("comment", issue(mara) + "/", {"text": "Never mind."}))
    subject = key.split("/", 2)[2]
    mara.do(Say("comment", subject, {"text": ""}))
    settle(*cohort)
    (value,) = joon.reader().execute("SELECT value FROM statement WHERE key = ?", (key,)).fetchone()
    assert json.loads(value)["text"] == ""
    with pytest.raises(InputError, match="Comment is empty"):
        mara.do(Say("comment", subject.rsplit("/", 1)[0] + "/", {"text": " "}))


def test_several_things_said_together_are_all_there_or_none(cohort: list[Replica]) -> None:
    mara = cohort[0]
    key = issue(mara)
    before = mara.heads()
    with pytest.raises(InputError):
        mara.do(Together((Say("vote", key, {"dots": 1}), Say("vote", key, {"dots": 9}))))
    assert mara.heads() == before
    mara.do(Together((Say("vote", key, {"dots": 1}), Say("pledge", key, {"hours": 1}))))
    assert mara.reader().execute("SELECT count(*) FROM statement WHERE about = ?", (key,)).fetchone() == (2,)


def test_a_text_larger_than_a_change_is_split_and_arrives_whole(cohort: list[Replica]) -> None:
    mara, joon, _ = cohort
    long = "\n\n".join(f"{n} " + "ä" * 24_000 for n in range(2))
    key = issue(mara, body=long, now=long)
    settle(*cohort)
    assert values(joon, key)["body"] == long
    assert values(joon, key)["now"] == long
    assert same(cohort)


def test_an_edit_that_changes_nothing_writes_nothing(cohort: list[Replica]) -> None:
    mara = cohort[0]
    key = issue(mara, "Same", body="One.\n\nTwo.")
    before = mara.heads()
    mara.do(Edit(key, {"title": "Same", "body": "One.\n\nTwo."}))
    assert mara.heads() == before


def test_a_store_proves_itself_and_a_tampered_one_does_not(cohort: list[Replica]) -> None:
    mara = cohort[0]
    key = issue(mara)
    findings = verify(mara.store, mara.community)
    assert findings.good
    assert findings.members == 3
    with mara.store.writing() as db:
        db.execute('UPDATE record SET value = \'{"title": "forged"}\' WHERE key = ?', (key,))
    assert "table record" in verify(mara.store, mara.community).troubles[0]


def test_unknown_things_and_bad_input_get_a_sentence(cohort: list[Replica]) -> None:
    mara = cohort[0]
    with pytest.raises(NotFound, match="not here"):
        mara.do(Edit(f"issue/{'0' * 26}/{mara.me}", {"title": "x"}))
    with pytest.raises(InputError, match="whole number from 0 to 5"):
        vote(mara, issue(mara), 7)
    with pytest.raises(InputError, match="Title is empty"):
        mara.do(Create("issue", {"title": "   "}))
    with pytest.raises(InputError, match="role"):
        mara.do(MakeInvite(role="queen"))


def test_a_copied_folder_goes_on_under_another_name_and_nothing_is_lost(
    cohort: list[Replica], tmp_path: Path
) -> None:
    import shutil
    from dataclasses import replace

    mara, joon, _ = cohort
    issue(mara, "Before the copy")
    settle(*cohort)
    mara.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(mara.place.folder, tmp_path / "copy")
    copy = Replica.open(replace(mara.place, folder=tmp_path / "copy"), mara.outside)
    key = issue(copy, "Written in the copy")
    other = issue(mara, "Written in the first")
    assert copy.actor != mara.actor
    settle(joon, copy, mara)
    assert values(joon, key)["title"] == "Written in the copy"
    assert values(joon, other)["title"] == "Written in the first"
    assert same([joon, copy, mara])
    copy.close()


def test_a_store_rolled_back_in_place_says_its_tail_again_on_top_of_what_is_known(
    cohort: list[Replica],
) -> None:
    mara, joon, _ = cohort
    key = issue(mara, "Known to all", body="One.")
    carry(mara, joon)
    first = mara.version()[mara.actor]
    # Its tail goes on in two ways: as Joon has it, and as the restored store writes it.
    rewrite(mara, key, "body", "One, as Joon has it.")
    carry(mara, joon)
    actor = mara.actor
    _roll_back(mara, first[0])
    rewrite(mara, key, "body", "One, as the restored store has it.\n\nAnd more.")
    new = issue(mara, "After the restore", body="A.\n\nB.")
    vote(mara, new, 2)
    rewrite(mara, new, "body", "A.\n\nB, better.")
    mara.receive(list(joon.lacking({})), home=True)
    assert mara.actor != actor
    carry(mara, joon)
    assert same([mara, joon])
    assert values(joon, new) == {"title": "After the restore", "body": "A.\n\nB, better.", "now": ""}
    assert "as the restored store has it" in values(joon, key)["body"]
    assert "as Joon has it" in values(joon, key)["body"]
    assert verify(mara.store, mara.community).good


def _roll_back(replica: Replica, seq: int) -> None:
    """What rolling a whole disk back does: the store forgets its newest changes."""
    with replica.store.writing() as db:
        db.execute("DELETE FROM change WHERE actor = ? AND seq > ?", (replica.actor, seq))
        replica._writer.rebuild()
