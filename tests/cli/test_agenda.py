"""Issues, votes, pledges and comments, as a script would use them."""

from __future__ import annotations

import io

import pytest

from tests.cli.shell import Shell


def test_an_issue_goes_from_the_first_word_to_closed(ann: Shell) -> None:
    added = ann("issue", "add", "Handover loses facts", "--level", "across", "--body", "One.\n\nTwo.")
    short = added.good().out.strip()
    assert len(short) >= 4
    assert "On this machine" in added.err
    (row,) = ann("issues", "--json").good().json
    assert {"id", "title", "status", "dots", "hours"} <= set(row)
    assert (row["title"], row["status"], row["level"]) == ("Handover loses facts", "open", "across teams")
    assert row["id"].startswith(short)
    edited = ann("issue", "edit", short, "--now", "Told in the corridor", "--body", "One.\n\nTwo, rather.")
    assert edited.good().out == f"‘Handover loses facts’ ({short}): changed.\n"
    page = ann("issue", "show", row["id"], "--json").good().json
    assert page["body"] == "One.\n\nTwo, rather."
    assert page["now"] == "Told in the corridor"
    assert ann("issue", "close", short).good().out == f"‘Handover loses facts’ ({short}): closed.\n"
    assert ann("issues", "--json").json == []
    assert len(ann("issues", "--closed", "--json").json) == 1
    ann("issue", "reopen", short).good()
    ann("issue", "archive", short).good()
    assert ann("issues", "--json").json == []
    ann("issue", "unarchive", short).good()
    assert len(ann("issues", "--json").json) == 1


def test_dots_and_hours_are_shown_and_can_be_taken_back(ann: Shell) -> None:
    short = ann.id("issue", "add", "--title", "Handover loses facts")
    assert ann("vote", short, "3", "--why", "it costs us").good().out.endswith("7 left.\n")
    ann("pledge", short, "1.5h").good()
    ann("comment", short, "I see this too").good()
    shown = ann("issue", "show", short).good().out
    for words in ("Dots    3  (you 3)", "Hours   you 1.5 h", "Ann: it costs us", "I see this too"):
        assert words in shown
    assert ann("vote", short, "0", "--json").json["dots_left"] == 10
    ann("pledge", short, "0").good()
    (row,) = ann("issues", "--json").json
    assert (row["dots"], row["hours"], row["comments"]) == (0, 0, 1)


def test_more_dots_than_are_left_are_refused_before_they_are_said(ann: Shell) -> None:
    first, second, third = (ann.id("issue", "add", title) for title in ("One", "Two", "Three"))
    ann("vote", first, "5").good()
    ann("vote", second, "4").good()
    assert "one dot left for this issue, so 2 is too many" in ann("vote", third, "2").refused()
    assert "whole number from 0 to 5" in ann("vote", third, "6").refused()
    assert "whole number from 0 to 5" in ann("vote", third, "many").refused()
    ann("issue", "close", first).good()
    ann("vote", third, "5").good()
    assert "is closed" in ann("vote", first, "1").refused()
    ann("vote", first, "0").good()


def test_issues_are_linked_and_the_link_is_taken_back(ann: Shell) -> None:
    one, two = ann.id("issue", "add", "Cause"), ann.id("issue", "add", "Effect")
    assert ann("issue", "link", one, two, "--how", "causes").good().out == "‘Cause’: causes ‘Effect’.\n"
    assert f"caused by ‘Cause’ ({one})" in ann("issue", "show", two).out
    ann("issue", "link", one, two, "--how", "none").good()
    assert ann("issue", "show", two, "--json").json["links"] == []
    assert "one and the same" in ann("issue", "link", one, one).refused()


def test_a_dash_reads_stdin(ann: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def stdin(data: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))

    stdin("Grüße\n\nzwei".encode())
    short = ann.id("issue", "add", "From a pipe", "--body", "-")
    assert ann("issue", "show", short, "--json").json["body"] == "Grüße\n\nzwei"
    stdin(b"\xff\xfe")
    assert "not text in UTF-8" in ann("comment", short, "-").refused()
    stdin(b"x" * 1_000_000)
    assert (
        "takes up to 50,000 characters; this has 1,000,000"
        in ann("issue", "edit", short, "--body", "-").refused()
    )
    stdin(b"x" * 9_000_000)
    assert "more than 8 MB" in ann("issue", "edit", short, "--body", "-").refused()
    assert ann("issue", "show", short, "--json").json["body"] == "Grüße\n\nzwei"


def test_a_title_given_twice_and_an_edit_of_nothing_say_so(ann: Shell) -> None:
    assert "given twice" in ann("issue", "add", "A", "--title", "B").refused()
    short = ann.id("issue", "add", "A")
    assert "--title, --body, --now" in ann("issue", "edit", short).refused()
    assert "Level is one of: team" in ann("issue", "edit", short, "--level", "galaxy").refused()
    assert "Title is empty" in ann("issue", "add").refused()
    assert "Title is empty" in ann("issue", "add", "   ").refused()


def test_an_empty_agenda_says_how_to_begin(ann: Shell) -> None:
    assert "moot issue add" in ann.seen("issues").good().out
    assert ann("issues").good().out == ""
    assert ann("issues", "--json").json == []
