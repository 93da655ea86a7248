"""Each writes alone first: no way of looking shows others' answers to who has not shared their own."""

from __future__ import annotations

from pathlib import Path

from moot_client.export import json_, markdown
from moot_client.export.content import read
from moot_client.export.said import KEPT_BACK
from moot_client.history.history import history
from moot_client.replica.commands import Create, Edit, Say
from moot_client.replica.replica import Replica
from moot_client.views.alike import similar
from moot_client.views.reviews import review_page
from moot_client.views.search import search
from tests.helpers.cohort import Cohort, settle

ANSWER = "The list was printed the night before"


def found(replica: Replica) -> bool:
    """Whether a word of the answer leads to it."""
    return bool(search(replica.reader(), replica.me, "printed").hits)


def told(replica: Replica, review: str) -> list[str]:
    """Whatever history shows of what was written."""
    events = history(replica.reader(), replica.me, review).events
    return [str(event.values) + str(event.written) for event in events if ANSWER in str(event)]


def test_search_and_history_keep_others_answers_until_one_has_shared(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        review = str(mara.do(Create("review", {"title": "The March audit"})))
        mara.do(Say("note", f"{review}/happened", {"text": ANSWER}))
        settle(mara, joon)
        assert found(mara)
        assert told(mara, review)
        assert not found(joon)
        assert not told(joon, review)
        assert "Mara answered" in " ".join(
            f"{event.who.label} {event.what}" for event in history(joon.reader(), joon.me, review).events
        )
        joon.do(Say("note", f"{review}/happened", {"text": "Two changes came late"}))
        assert found(joon)
        assert told(joon, review)


def test_what_has_ended_is_open_to_all(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        review = str(mara.do(Create("review", {"title": "The March audit"})))
        mara.do(Say("note", f"{review}/happened", {"text": ANSWER}))
        mara.do(Edit(review, {"ending": "lessons"}))
        settle(mara, joon)
        assert found(joon)
        assert told(joon, review)


def test_no_help_with_spelling_and_no_likeness_gives_a_word_of_them_away(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        review = str(mara.do(Create("review", {"title": "The March audit"})))
        mara.do(Say("note", f"{review}/happened", {"text": "Embezzlement by the treasurer"}))
        settle(mara, joon)
        slip = search(joon.reader(), joon.me, "embezlement")
        assert not slip.hits
        assert "embezzlement" not in slip.told
        assert not similar(joon.reader(), "Embezzlement treasurer", ("review",))


def test_a_page_keeps_them_too_and_says_who_has_shared(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        review = str(mara.do(Create("review", {"title": "The March audit"})))
        mara.do(Say("note", f"{review}/happened", {"text": ANSWER}))
        settle(mara, joon)
        page = review_page(joon.reader(), joon.me, review)
        assert page.alone
        assert [member.label for member in page.shared_by] == ["Mara"]
        assert ANSWER not in str(page.questions)
        joon.do(Say("note", f"{review}/happened", {"text": "Two changes came late"}))
        assert ANSWER in str(review_page(joon.reader(), joon.me, review).questions)


def test_an_export_to_read_keeps_them_and_the_complete_one_has_them(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        review = str(mara.do(Create("review", {"title": "The March audit"})))
        mara.do(Say("note", f"{review}/happened", {"text": ANSWER}))
        settle(mara, joon)
        content = read(joon.reader(), joon.place)
        pages = dict(markdown.files(content))
        assert not any(ANSWER in text for text in pages.values())
        assert any(KEPT_BACK in text for text in pages.values())
        assert ANSWER in dict(json_.files(content))[json_.NAME]
        assert any(ANSWER in text for _, text in markdown.files(read(mara.reader(), mara.place)))


def test_a_word_of_an_unread_answer_is_as_little_here_as_one_that_is_nowhere(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        review = str(mara.do(Create("review", {"title": "The March audit"})))
        mara.do(Say("note", f"{review}/happened", {"text": "Embezzlement"}))
        mara.do(Create("issue", {"title": "Broken coffee machine"}))
        settle(mara, joon)
        for hidden, nowhere in (("embez", "xyzxy"), ("embezzlement coffee", "zzzzzzzzzzzz coffee")):
            told, silent = (search(joon.reader(), joon.me, words) for words in (hidden, nowhere))
            assert [hit.key for hit in told.hits] == [hit.key for hit in silent.hits]
            assert [near.words for near in told.instead] == [near.words for near in silent.instead]
        assert not search(mara.reader(), mara.me, "embez").instead
