"""`moot find`, `moot history`, `moot restore`."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def issue(ann: Shell) -> str:
    return ann.id("issue", "add", "Handover loses facts", "--body", "One.\n\nTwo.")


def test_a_slip_is_forgiven_and_told_beside_what_a_program_reads(ann: Shell, issue: str) -> None:
    ran = ann("find", "hadnover").good()
    assert "Handover loses facts" in ran.out
    assert issue in ran.out
    assert "No “hadnover”; shown for “handover”." in ran.err
    (hit,) = ann("find", "--json", "hadnover").good().json
    assert hit["title"] == "Handover loses facts"
    assert hit["instead"] == {"hadnover": ["handover"]}
    assert hit["matched"] == ["Handover"]
    assert "“" not in ann("find", "handover").good().err


def test_persons_and_kinds_are_found_and_the_rest_is_told(ann: Shell, issue: str) -> None:
    ann.id("lesson", "add", "Read it back")
    assert [hit["kind"] for hit in ann("find", "--json", "ann").good().json] == ["person"]
    assert ann("find", "--json", "lesson:", "handover").good().json == []
    many = ann("find", "--first", "1", "re", "ha").good()
    assert "There is more" in many.err or "some of them" in many.err
    assert "1 or more" in ann("find", "--first", "0", "x").refused()


@pytest.mark.parametrize("words", ["[bold]", "\x1b[31m", '"', "x" * 3000, "🙂", "—", "' OR 1"])
def test_any_words_can_be_looked_for(ann: Shell, issue: str, words: str) -> None:
    ran = ann("find", "--", words)
    assert "\x1b" not in ran.out + ran.err
    assert "Traceback" not in ran.err


def test_history_tells_versions_and_restore_brings_one_back(ann: Shell, issue: str) -> None:
    ann("issue", "edit", issue, "--title", "Handover", "--body", "One.").good()
    ann("vote", issue, "3").good()
    versions = ann("history", issue, "--json").good().json
    assert [v["version"] for v in versions] == [3, 2, 1]
    assert [v["what"] for v in versions[::2]] == ["gave 3 dots", "listed it"]
    table = ann("history", issue).good().out
    assert "listed it" in table
    assert "you" in table
    words = ann("history", issue, "--version", "2").good().out
    assert "- Handover loses facts" in words
    assert "+ Handover" in words
    assert "- Two." in words
    ran = ann("restore", issue, "--version", "1", "--field", "body").good()
    assert "“What it is about” of ‘Handover’ is again as it was in version 1." in ran.out
    page = ann("issue", "show", issue, "--json").good().json
    assert (page["title"], page["body"]) == ("Handover", "One.\n\nTwo.")
    assert ann("restore", issue, "--version", "1", "--json").good().json["restored"] == ["title"]
    assert "nothing to bring back" in ann("restore", issue, "--version", "1").refused()
    ran = ann("restore", issue, "--version", "2").good()
    assert "“Title” and “What it is about” of ‘Handover loses facts’ are again as they were" in ran.out


def test_what_a_member_says_of_themself_has_a_history(ann: Shell) -> None:
    ann("profile", "--about", "I run the nights.").good()
    versions = ann("history", "--member", "Ann", "--json").good().json
    assert [v["what"] for v in versions] == ["changed “About”", "took the name “Ann”"]
    ann("profile", "--about", "Days now.").good()
    ann("restore", "--member", "Ann", "--version", "2").good()
    assert ann("history", "--member", "Ann", "--version", "4", "--json").good().json["changed"][0][
        "words"
    ] == [
        {"was": "taken out", "text": "Days now."},
        {"was": "added", "text": "I run the nights."},
    ]


def test_a_version_or_field_that_is_not_there_is_said_so(ann: Shell, issue: str) -> None:
    for words, sentence in (
        (("history", issue, "--version", "9"), "There is no version 9"),
        (("restore", issue, "--version", "9"), "There is no version 9"),
        (("restore", issue, "--version", "1", "--field", "colour"), "There is no field called colour"),
        (("history", "zzzz"), "no entry whose id begins"),
    ):
        ran = ann(*words)
        assert ran.code != 0
        assert sentence in ran.err
