"""Somebody says two different things at one place: the home relay's branch stands, and honest work is kept.

Joon has what the home relay keeps, and plays its part.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from moot_client.replica.commands import Edit, Say
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from tests.helpers.cohort import Cohort, carry, issue, rewrite, rows, values, vote


@pytest.fixture
def cohort(tmp_path: Path) -> Iterator[list[Replica]]:
    with Cohort(tmp_path, 4) as replicas:
        yield replicas


@pytest.fixture
def twin(cohort: list[Replica], tmp_path: Path) -> Iterator[Replica]:
    """Tariq's folder, copied, by a client that goes on as the same writer: a fork in the making."""
    honest = cohort[3]
    honest.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = tmp_path / "twin"
    shutil.copytree(honest.place.folder, folder)
    twin = Replica.open(replace(honest.place, folder=folder), honest.outside)
    twin.become_writer()
    twin.store.set_own("nonce", honest.actor[32:])
    yield twin
    twin.close()


def bring(relay: Replica, target: Replica) -> None:
    """What the home relay, played by a replica, has and `target` lacks; forked actors from the beginning."""
    version = target.version()
    for fork in relay._writer.history.forks(version):
        del version[fork.actor]
    received = target.receive(list(relay.lacking(version)), home=True)
    assert not received.refused
    assert not received.waiting


def noted(replica: Replica) -> list[tuple[bytes, str]]:
    """Whose changes were set aside here, and why."""
    found = replica.store.read("SELECT bytes, code FROM refused WHERE bytes IS NOT NULL ORDER BY at")
    from moot_shared.format.change import decode_change

    return [(decode_change(chunk).author, code) for chunk, code in found]


@pytest.mark.slow
def test_honest_work_on_the_branch_that_falls_is_said_again_on_the_one_that_stands(
    cohort: list[Replica], twin: Replica
) -> None:
    mara, joon, ines, tariq = cohort
    key = issue(tariq, "Handover loses facts", body="As Mara knows it.")
    carry(tariq, mara)
    other = issue(twin, "Something else", body="As the relay knows it.")
    carry(twin, joon)
    # Mara builds on the one branch, Joon (and the relay) on the other.
    kept = issue(mara, "Mara's own", body="One.\n\nTwo.")
    vote(mara, kept, 3, "it matters")
    mara.do(Say("comment", key + "/", {"text": "About what falls."}))
    vote(joon, other, 2)
    bring(joon, mara)
    assert values(mara, kept)["body"] == "One.\n\nTwo."
    assert values(mara, other)["title"] == "Something else"
    assert not mara.reader().execute("SELECT 1 FROM record WHERE key = ?", (key,)).fetchone()
    said = mara.reader().execute("SELECT value FROM statement WHERE kind = 'comment'").fetchall()
    assert "About what falls." in said[0][0], "words about what is gone are words still"
    carry(mara, joon)
    bring(joon, ines)
    assert rows(mara) == rows(joon) == rows(ines)
    assert (tariq.identity.public_key, "fork") in noted(mara)
    for replica in (mara, joon, ines):
        assert verify(replica.store, replica.community).good
    assert joon.reader().execute(
        "SELECT count(*) FROM statement WHERE kind = 'vote' AND author = ?", (mara.me,)
    ).fetchone() == (1,)


def test_words_in_a_record_that_falls_are_not_written_into_another_that_bears_its_number(
    cohort: list[Replica], twin: Replica
) -> None:
    mara, joon, _, tariq = cohort
    key = issue(tariq, "Falls", body="One.\n\nTwo.")
    carry(tariq, mara)
    other = issue(twin, "Stands", body="Three.\n\nFour.")
    carry(twin, joon)
    mara.do(Edit(key, {"title": "A better title"}))
    rewrite(mara, key, "body", "One.\n\nA paragraph of her own.")
    bring(joon, mara)
    assert values(mara, other)["title"] == "Stands"
    assert values(mara, other)["body"] == "Three.\n\nFour."
    drafts = str(mara.store.read("SELECT fields FROM draft"))
    assert "A better title" in drafts
    assert "A paragraph of her own." in drafts


def test_a_record_that_falls_and_a_value_that_bears_its_number_break_nothing(
    cohort: list[Replica], twin: Replica
) -> None:
    mara, joon, _, tariq = cohort
    key = issue(tariq, "Falls", body="One.")
    carry(tariq, mara)
    for number in range(12):  # many values, where the other branch has a record
        twin.do(Say("profile", "me", {"name": f"Tariq {number}"}))
    carry(twin, joon)
    mara.do(Edit(key, {"title": "A better title"}))
    rewrite(mara, key, "body", "A paragraph of her own.")
    kept = issue(mara, "Mara's own issue")
    bring(joon, mara)
    assert values(mara, kept)["title"] == "Mara's own issue"
    assert "A better title" in str(mara.store.read("SELECT fields FROM draft"))


def test_what_others_built_on_the_branch_that_falls_is_set_aside_until_they_say_it_again(
    cohort: list[Replica], twin: Replica
) -> None:
    mara, joon, ines, tariq = cohort
    issue(tariq, "One branch")
    carry(tariq, mara)
    carry(tariq, ines)
    from_ines = issue(ines, "By Ines, on that branch")
    carry(ines, mara)
    issue(twin, "The other branch")
    carry(twin, joon)
    bring(joon, mara)
    assert not mara.reader().execute("SELECT 1 FROM record WHERE key = ?", (from_ines,)).fetchone()
    assert (ines.identity.public_key, "built on a fork") in noted(mara)
    bring(joon, ines)
    carry(ines, joon)
    bring(joon, mara)
    assert rows(mara) == rows(joon) == rows(ines)
    titles = {row[0] for row in mara.reader().execute("SELECT json_extract(value, '$.title') FROM record")}
    assert {"By Ines, on that branch", "The other branch"} <= titles
    assert "One branch" not in titles


def test_a_branch_that_was_set_aside_and_stands_after_all_holds_nothing_back(
    cohort: list[Replica], twin: Replica
) -> None:
    """Mara first refuses what a stranger brings, then hears that the home relay keeps it."""
    mara, joon, _, tariq = cohort
    issue(tariq, "Falls")
    carry(tariq, mara)
    stands = issue(twin, "Stands")
    without = {actor: link for actor, link in mara.version().items() if actor != twin.actor}
    assert mara.receive(list(twin.lacking(without))).refused
    carry(twin, joon)
    bring(joon, mara)
    mara.do(Say("comment", stands + "/", {"text": "On what stands."}))
    assert list(mara.lacking(joon.version())), "it is sent"
    carry(mara, joon)
    assert rows(mara) == rows(joon)


def test_only_what_the_home_relay_keeps_moves_anything(cohort: list[Replica], twin: Replica) -> None:
    mara, _, _, tariq = cohort
    issue(tariq, "Here")
    carry(tariq, mara)
    issue(twin, "From a stranger's hand")
    before = rows(mara)
    received = mara.receive(list(twin.lacking(mara.version() | {tariq.actor: (0, b"")})))
    assert [no.code for no in received.refused] == ["fork"]
    assert rows(mara) == before


def test_prose_that_was_edited_on_both_branches_is_kept_whole(cohort: list[Replica], twin: Replica) -> None:
    mara, joon, _, tariq = cohort
    key = issue(mara, "Shared", body="One.")
    for replica in (joon, tariq, twin):
        carry(mara, replica)
    issue(tariq, "Falls")
    carry(tariq, mara)
    rewrite(mara, key, "body", "One, as Mara has it.")
    issue(twin, "Stands")
    carry(twin, joon)
    rewrite(joon, key, "body", "One, as Joon has it.")
    bring(joon, mara)
    assert "as Mara has it" in values(mara, key)["body"]
    assert "as Joon has it" in values(mara, key)["body"]
    carry(mara, joon)
    assert rows(mara) == rows(joon)


def test_where_the_seal_that_vouched_falls_with_a_branch_what_it_vouched_for_comes_again(
    cohort: list[Replica], twin: Replica
) -> None:
    """Ines's newest seal is on work beside the branch that falls; the earlier one had been thinned."""
    mara, joon, ines, tariq = cohort
    key = issue(ines, "Before the fork")
    for replica in (mara, joon):
        carry(ines, replica)
    issue(tariq, "Falls")
    carry(tariq, mara)
    carry(tariq, ines)
    vote(ines, key, 2)
    carry(ines, mara)
    before = ines.version()[ines.actor][0]
    actor = (ines.actor, before - 1)
    mara.store.db.execute("UPDATE change SET seal = NULL WHERE actor = ? AND seq = ?", actor)
    issue(twin, "Stands")
    carry(twin, joon)
    bring(joon, mara)
    assert verify(mara.store, mara.community).good
    bring(joon, mara)  # as a session does where it has less than before
    assert values(mara, key)["title"] == "Before the fork"
    assert verify(mara.store, mara.community).good


def test_mine_is_sealed_again_where_its_seal_falls_with_a_branch(
    cohort: list[Replica], twin: Replica
) -> None:
    mara, joon, _, tariq = cohort
    key = issue(mara, "Before the fork")
    carry(mara, joon)
    through = mara.version()[mara.actor]
    issue(tariq, "Falls")
    carry(tariq, mara)
    vote(mara, key, 2)
    mara.store.db.execute("UPDATE change SET seal = NULL WHERE hash = ?", (through[1],))
    issue(twin, "Stands")
    carry(twin, joon)
    bring(joon, mara)
    assert verify(mara.store, mara.community).good
    carry(mara, joon)
    assert values(joon, key)["title"] == "Before the fork"
    assert joon.reader().execute("SELECT count(*) FROM statement WHERE kind = 'vote'").fetchone() == (1,)
