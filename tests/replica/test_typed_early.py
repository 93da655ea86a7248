"""What is typed before the document is built is on disk at once, and is carried out once it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moot_client.replica.commands import Create, Edit, Say, Together, to_json
from moot_client.replica.replica import Replica
from moot_client.replica.writer import Writer
from moot_client.store import inbox, rescue
from moot_client.store.drafts import REFUSED
from moot_shared.errors import InputError, NotFound, StorageError
from tests.helpers.cohort import Cohort, founder, issue, outside, settle, values, vote

WORDS = Create("issue", {"title": "Handover loses facts"})


class Killed(BaseException):
    """The process is gone: nothing that it meant to do on its way out is done."""


@pytest.fixture
def mara(tmp_path: Path) -> Iterator[Replica]:
    """A replica that was closed and opened again: its document is not built."""
    first = founder(tmp_path / "mara")
    issue(first, "What there was before")
    replica = again(first)
    yield replica
    replica.close()


def again(replica: Replica) -> Replica:
    replica.close()
    return Replica.open(replica.place, outside(7))


def while_it_is_built(monkeypatch: pytest.MonkeyPatch, then: Callable[[], object]) -> None:
    build = Writer.build

    def slow(self: Writer, db: object) -> object:
        then()
        return build(self, db)  # type: ignore[arg-type]

    monkeypatch.setattr(Writer, "build", slow)


def waiting(replica: Replica) -> list[str]:
    """What a process of its own sees in the inbox."""
    return [text for _, text in inbox.waiting(replica.store)]


def titles(replica: Replica) -> set[str]:
    keys = [key for (key,) in replica.reader().execute("SELECT key FROM record WHERE kind = 'issue'")]
    return {values(replica, key)["title"] for key in keys}


def test_it_is_on_disk_while_the_document_is_built(mara: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    while_it_is_built(monkeypatch, lambda: seen.append(waiting(mara)))
    key = mara.do(WORDS)
    assert seen == [[to_json(WORDS)]]
    assert values(mara, key)["title"] == "Handover loses facts"
    assert waiting(mara) == []
    mara.do(Edit(key, {"title": "Handover loses more"}))
    assert len(seen) == 1


def test_what_others_send_comes_in_while_the_document_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Cohort(tmp_path, size=2) as (first, joon):
        key = issue(first, "What there was before")
        mara = again(first)
        while_it_is_built(monkeypatch, lambda: settle(mara, joon))
        vote(joon, key, 2)
        mara.do(Say("vote", key, {"dots": 1}))
        assert mara.reader().execute("SELECT count(*) FROM statement WHERE kind = 'vote'").fetchone() == (2,)
        settle(mara, joon)
        assert mara.heads() == joon.heads()
        mara.close()


def test_a_process_that_is_killed_meanwhile_leaves_it_for_the_next(
    mara: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed() -> None:
        raise Killed

    while_it_is_built(monkeypatch, killed)
    monkeypatch.setattr(inbox, "withdraw", lambda *_: killed())
    with pytest.raises(Killed):
        mara.do(WORDS)
    monkeypatch.undo()
    mara = again(mara)
    assert "Handover loses facts" not in titles(mara)
    assert mara.serve_inbox() == 1
    assert "Handover loses facts" in titles(mara)
    assert mara.serve_inbox() == 0


def test_whoever_gives_up_meanwhile_does_not_find_it_carried_out_later(
    mara: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    while_it_is_built(monkeypatch, interrupted)
    with pytest.raises(KeyboardInterrupt):
        mara.do(WORDS)
    assert waiting(mara) == []


def test_the_reason_why_not_is_told_as_ever(mara: Replica) -> None:
    with pytest.raises(NotFound, match="not here"):
        mara.do(Edit("issue/01ARZ3NDEKTSV4RRFFQ69G5FAV/" + mara.me, {"title": "x"}))
    assert waiting(mara) == []


def test_where_it_can_neither_be_done_nor_taken_back_it_is_said_that_it_waits(
    mara: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bool:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(inbox, "withdraw", full)
    with pytest.raises(StorageError, match="need not type it again"):
        mara.do(WORDS)
    monkeypatch.undo()
    assert mara.serve_inbox() == 1
    assert "Handover loses facts" in titles(mara)


def test_words_that_cannot_be_said_when_nobody_waits_any_more_become_a_draft(mara: Replica) -> None:
    lost = "issue/01ARZ3NDEKTSV4RRFFQ69G5FAV/" + mara.me
    command = Together((Edit(lost, {"title": "A better title"}), Say("comment", lost + "/", {"text": "Why"})))
    inbox.ask(mara.store, to_json(command), 0)
    mara = again(mara)
    mara.serve_inbox()
    ((form, subject, _),) = mara.drafts()
    assert form == REFUSED
    assert mara.draft(form, subject) == {"text": "A better title\n\nWhy"}


def test_who_asks_now_is_told_and_no_draft_is_made(mara: Replica) -> None:
    mara.become_writer()
    number = inbox.ask(mara.store, to_json(Create("issue", {"title": ""})), mara.outside.now())
    mara.serve_inbox()
    with pytest.raises(InputError):
        inbox.take(mara.store, number)
    assert mara.drafts() == ()


def test_answers_that_nobody_takes_go_after_an_hour(mara: Replica) -> None:
    mara.become_writer()
    old = inbox.ask(mara.store, to_json(WORDS), 0)
    new = inbox.ask(mara.store, to_json(WORDS), mara.outside.now())
    mara.serve_inbox()
    mara = again(mara)
    mara.become_writer()
    assert not inbox.take(mara.store, old)[0]
    assert inbox.take(mara.store, new)[0]


def test_what_waits_in_a_damaged_file_is_rescued_as_well(mara: Replica) -> None:
    inbox.ask(mara.store, to_json(WORDS), 0)
    rescue.suspect(mara.place.store)
    mara = again(mara)
    assert mara.notice
    mara.serve_inbox()
    assert "Handover loses facts" in titles(mara)


def test_a_command_that_comes_later_carries_out_first_what_was_left(mara: Replica) -> None:
    inbox.ask(mara.store, to_json(WORDS), 0)
    mara.do(Create("issue", {"title": "Said later"}))
    assert titles(mara) >= {"Handover loses facts", "Said later"}
    assert waiting(mara) == []


def test_what_fails_while_nobody_waits_any_more_is_a_draft_and_stays_one(
    mara: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.ask(mara.store, to_json(WORDS), 0)

    def odd(*_: object) -> None:
        raise TypeError("written by another version")

    with monkeypatch.context() as other:
        other.setattr(Replica, "_carry_out", odd)
        mara.serve_inbox()
    mara = again(mara)
    mara.become_writer()  # answers that nobody takes are forgotten then
    assert [mara.draft(form, subject) for form, subject, _ in mara.drafts()] == [
        {"text": WORDS.values["title"]}
    ]
