"""What was typed is what is kept: words that look like numbers, commands that meet odd histories."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from moot_client.replica import replay
from moot_client.replica.commands import Create, Edit, MakeInvite, Say, Together
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_shared.errors import AdmissionError, FormatError, InputError
from moot_shared.ids import encode_bytes
from moot_shared.kinds import Pledge, Statement, Vote
from tests.helpers.cohort import (
    RELAY,
    Cohort,
    carry,
    issue,
    paragraphs,
    rewrite,
    rows,
    settle,
    values,
    vote,
)


@pytest.fixture
def cohort(tmp_path: Path) -> Iterator[list[Replica]]:
    with Cohort(tmp_path) as replicas:
        yield replicas


def said(replica: Replica, key: str) -> dict[str, object]:
    (value,) = replica.reader().execute("SELECT value FROM statement WHERE key = ?", (key,)).fetchone()
    return Statement.decode(value)


@pytest.mark.parametrize("words", ["007", "1.50", "1e5", "2024"])
def test_words_that_look_like_numbers_stay_as_they_were_typed(cohort: list[Replica], words: str) -> None:
    mara = cohort[0]
    key = issue(mara, words, body=f"{words}\n\nTwo.")
    assert values(mara, key)["title"] == words
    assert values(mara, key)["body"] == f"{words}\n\nTwo."
    before = paragraphs(mara, key, "body")[0]
    rewrite(mara, key, "body", f"{words}\n\nTwo, rewritten.")
    assert paragraphs(mara, key, "body")[0] == before
    mara.set_own("a number", int(float(words)))
    assert mara.own("a number") == int(float(words))


def test_two_edits_of_one_text_in_one_go_are_both_carried_out_in_order(cohort: list[Replica]) -> None:
    mara, joon, _ = cohort
    key = issue(mara, body="One.\n\nTwo.\n\nThree.")
    mara.do(
        Together(
            (Edit(key, {"body": "Zero.\n\nOne.\n\nTwo.\n\nThree."}), Edit(key, {"body": "Zero.\n\nThree."}))
        )
    )
    assert values(mara, key)["body"] == "Zero.\n\nThree."
    settle(*cohort)
    assert rows(joon) == rows(mara)


def test_two_words_on_one_vote_in_one_go_are_both_in_it(cohort: list[Replica]) -> None:
    mara = cohort[0]
    key = issue(mara)
    _, vote_key = mara.do(
        Together((Say("vote", key, {"dots": 3}), Say("vote", key, {"why": "a shift a week"})))
    )
    assert said(mara, vote_key)["dots"] == 3
    assert said(mara, vote_key)["why"] == "a shift a week"


def test_several_in_one_go_fail_as_one_also_where_they_meet_in_one_text(cohort: list[Replica]) -> None:
    mara = cohort[0]
    key = issue(mara, body="One.")
    before = mara.heads()
    with pytest.raises(InputError):
        mara.do(Together((Edit(key, {"body": "Two."}), Edit(key, {"body": "x" * 60_000}))))
    assert mara.heads() == before
    assert values(mara, key)["body"] == "One."
    vote(mara, key, 1)
    assert verify(mara.store, mara.community).good


def test_a_word_of_a_newer_moot_in_my_vote_is_no_reason_to_refuse_my_new_reason(
    cohort: list[Replica],
) -> None:
    mara = cohort[0]
    key = issue(mara)
    vote(mara, key, 2)
    newer = Statement.encode({"dots": 9, "colour": "red"})
    mara.write(lambda making: making.add(
        lambda change: change.put(making.history.said_id, f"{mara.me}/vote/{key}", newer), 100, 1
    ))  # fmt: skip
    mara.do(Say("vote", key, {"why": "because"}))
    assert said(mara, f"{mara.me}/vote/{key}") | {"at": 0} == {
        "dots": 9, "colour": "red", "why": "because", "at": 0,
    }  # fmt: skip


def test_what_everybody_would_refuse_is_refused_with_a_sentence_and_memory_is_as_before(
    cohort: list[Replica],
) -> None:
    mara = cohort[0]
    key = issue(mara)
    before = mara.heads()
    with pytest.raises(AdmissionError, match="join"):
        mara.do(Say("join", mara.me, {"by": mara.me, "proof": "x"}))
    assert mara.heads() == before
    vote(mara, key, 1)
    assert mara.store.own("nonce") is not None
    assert verify(mara.store, mara.community).good


def test_an_edit_goes_to_the_record_that_is_shown_where_two_machines_made_one_of_the_same_name(
    cohort: list[Replica],
) -> None:
    mara = cohort[0]
    name = f"issue/{'0' * 26}/{mara.me}"
    with mara.store.writing() as db:
        for made, title in ((f"9@{'00' * 40}", "hidden"), (f"10@{'00' * 40}", "shown")):
            db.execute(
                "INSERT INTO record VALUES (?,?,'issue','0',?,0,0,'',0,?,'{}',0)",
                (made, name, mara.me, json.dumps({"title": title})),
            )
    from moot_client.replica.acts import standing_record

    assert standing_record(mara.store.db, name)[0].startswith("10@")  # type: ignore[index]


def test_an_invite_for_more_people_than_there_are_numbers_in_a_database_can_be_read(
    cohort: list[Replica],
) -> None:
    mara, joon, _ = cohort
    mara.do(MakeInvite(uses=10**30, expires=10**40))
    settle(*cohort)
    assert rows(mara) == rows(joon)


@pytest.mark.parametrize("value", ["{", "[]", '{"n":"x","url":3}', "[" * 2_000])
def test_a_word_on_the_relay_that_cannot_be_read_is_passed_over(cohort: list[Replica], value: str) -> None:
    mara = cohort[0]
    mara.write(lambda making: making.add(
        lambda change: change.put(making.history.said_id, f"{mara.me}/relay/home", value), 100, 1
    ))  # fmt: skip
    assert mara.relay_url() == RELAY


def test_a_statement_reads_the_same_at_any_depth_of_the_stack() -> None:
    deep = '{"at":5,"x":' + "[" * 40 + "]" * 40 + "}"

    def read(frames: int) -> str:
        if frames:
            return read(frames - 1)
        try:
            return str(Statement.decode(deep))
        except (FormatError, RecursionError) as error:
            return type(error).__name__

    assert read(0) == read(800) == "FormatError"
    assert Statement.decode('{"a":"' + "[{" * 50 + '"}') == {"a": "[{" * 50}
    assert Statement.decode('{"a":"\\ud83d\\ude42 \\ud800"}') == {"a": "🙂 ?"}


def test_numbers_of_any_size_read_as_the_most_there_is() -> None:
    assert Pledge.fields["hours"].read(10**400) == 1000.0
    assert Vote.fields["dots"].read(10**400) == 5


def test_changes_that_were_withdrawn_while_they_were_being_sent_are_passed_over(
    cohort: list[Replica],
) -> None:
    mara, joon, _ = cohort
    key = issue(mara, "Known to all")
    carry(mara, joon)
    known = mara.version()
    for n in range(3):
        vote(mara, key, n + 1)
    sending = mara.lacking(known)
    next(sending)
    with mara.store.writing() as db:
        db.execute("DELETE FROM change WHERE actor = ? AND seq > ?", (mara.actor, known[mara.actor][0] + 1))
        mara._writer.rebuild()
    assert list(sending) == []


def test_prose_is_counted_as_it_is_stored(cohort: list[Replica]) -> None:
    with pytest.raises(InputError, match="50,000"):
        issue(cohort[0], body="\U0001d160" * 30_000)
    assert encode_bytes(b"") == ""
    assert cohort[0].do(Create("issue", {"title": "Fits", "body": "\0" * 50_000}))


def test_memory_is_never_ahead_of_the_disk_also_where_it_was_made_anew_halfway(cohort: list[Replica]) -> None:
    mara = cohort[0]
    key = issue(mara)
    before = mara.heads()
    with suppress(InputError), mara._writer.transaction():
        vote(mara, key, 1)
        with pytest.raises(AdmissionError):
            mara.do(Say("join", mara.me, {"by": mara.me, "proof": "x"}))
        assert mara.heads() != before
        raise InputError("No.")
    assert mara.heads() == before
    vote(mara, key, 2)
    assert verify(mara.store, mara.community).good


def test_what_cannot_be_said_again_beside_another_machines_words_becomes_a_draft(
    cohort: list[Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, joon, _ = cohort
    key = issue(mara, "Known to all")
    carry(mara, joon)
    known = mara.version()[mara.actor][0]
    vote(mara, key, 1)
    carry(mara, joon)
    with mara.store.writing() as db:  # the disk is rolled back, and goes on otherwise
        db.execute("DELETE FROM change WHERE actor = ? AND seq > ?", (mara.actor, known))
        mara._writer.rebuild()
    mara.do(Say("comment", key + "/", {"text": "Typed after the restore."}))
    monkeypatch.setattr(replay, "_grounded", lambda *_: False)
    mara.receive(list(joon.lacking({})), home=True)
    (draft,) = mara.drafts()
    assert "Typed after the restore." in mara.draft(*draft[:2])["text"]
    assert rows(mara) == rows(joon)
