"""Reviews and lessons, as a script would use them."""

from __future__ import annotations

from contextlib import closing

from moot_client.home import Home
from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from tests.cli.shell import Shell


def test_a_review_is_written_alone_then_shared(ann: Shell) -> None:
    issue = ann.id("issue", "add", "Audits go wrong")
    short = ann.id(
        "review", "add", "The March audit", "--form", "full", "--issue", issue, "--about", "meeting"
    )
    assert "nothing to share yet" in ann("review", "share", short).refused()
    ann("review", "note", short, "--happened", "The list was late").good()
    ann("review", "note", short, "--next", "Close it earlier\n\nand print it").good()
    page = ann("review", "show", short, "--json").json
    assert page["shared"] == 0
    assert {q["name"]: (q["mine"], q["drafted"], q["answers"]) for q in page["questions"]} == {
        "planned": ("", False, []),
        "happened": ("The list was late", True, []),
        "why": ("", False, []),
        "next": ("Close it earlier\n\nand print it", True, []),
    }
    shown = ann("review", "show", short).out
    assert "your draft, on this machine alone:" in shown
    assert "Looks back at ‘Audits go wrong’" in shown
    done = ann("review", "share", short).good()
    assert done.out == "Shared: 1 of 1 have written on ‘The March audit’.\n"
    assert done.err.startswith(
        f"Empty: What was planned? Why? You may add to it: moot review share {short} --planned … --why …\n"
    )
    page = ann("review", "show", short, "--json").json
    assert page["mine_shared"]
    assert not page["draft"]
    assert page["questions"][1]["answers"][0]["text"] == "The list was late"
    assert page["questions"][1]["answers"][0]["member"]["name"] == "Ann"
    assert "nothing to share yet" in ann("review", "share", short).refused()
    ann("review", "edit", short, "--ending", "next", "--next-steps", "Print on Friday").good()
    assert "next steps" in ann("reviews").out


def test_whoever_has_answered_every_question_is_told_of_none(ann: Shell) -> None:
    short = ann.id("review", "add", "The March audit", "--form", "quick")
    questions = ann("review", "show", short, "--json").json["questions"]
    words = [word for asked in questions for word in (f"--{asked['name']}", "Said")]
    assert ann("review", "share", short, *words[:-2]).good().err.startswith("Empty: ")
    done = ann("review", "share", short, *words[-2:]).good()
    assert done.out.startswith("Shared")
    assert "Empty" not in done.err


def test_sharing_may_write_at_once_and_a_review_may_end_with_an_honest_skip(ann: Shell) -> None:
    short = ann.id("review", "add", "Quick one", "--form", "quick")
    ann("review", "share", short, "--happened", "It went well").good()
    assert ann("review", "skip", short, "nothing to learn").good().out == f"‘Quick one’ ({short}): skipped.\n"
    (row,) = ann("reviews", "--json").json
    assert (row["shared"], row["ending"]) == (1, "skipped")
    ann("review", "archive", short).good()
    assert ann("reviews", "--json").json == []


def test_a_draft_never_leaves_in_an_export_or_a_change(ann: Shell) -> None:
    short = ann.id("review", "add", "Private")
    before = ann("status", "--json").json["changes"]
    ann("review", "note", short, "--happened", "unripe-words").good()
    assert ann("status", "--json").json["changes"] == before
    ann("export", str(ann.home / "out"), "--format", "json").good()
    assert "unripe-words" not in (ann.home / "out" / "community.json").read_text()


def test_a_lesson_is_noted_tried_applied(ann: Shell) -> None:
    review = ann.id("review", "add", "The March audit")
    short = ann.id("lesson", "add", "Read it back out loud", "--source", review, "--story", "We tried.")
    assert ann("lessons", "--json").json[0]["state"] == "noted"
    ann("lesson", "tried", short, "Line 3").good()
    ann("lesson", "applied", short, "--where", "Line 4", "--how", "Went well\nindeed").good()
    page = ann("lesson", "show", short, "--json").json
    assert (page["state"], [use["where"] for use in page["uses"]]) == ("applied", ["Line 3", "Line 4"])
    shown = ann("lesson", "show", short).out
    assert "Comes from The March audit" in shown
    assert "applied: Line 4 (Ann" in shown
    assert "Where is empty" in ann("lesson", "applied", short).refused()
    ann("lesson", "edit", short, "--statement", "Read it back").good()
    assert "Read it back" in ann("lessons").out
    assert ann("review", "show", review, "--json").json["lessons"][0]["state"] == "applied"


def test_a_reference_has_to_point_at_the_right_kind(ann: Shell) -> None:
    lesson = ann.id("lesson", "add", "One")
    assert "needs an issue" in ann("review", "add", "X", "--issue", lesson).refused()
    assert "points at one of: review, issue" in ann("lesson", "add", "Y", "--source", lesson).refused()


def test_sharing_takes_back_no_answer_that_was_shared_elsewhere_and_names_what_it_replaced(
    ann: Shell,
) -> None:
    short = ann.id("review", "add", "The audit", "--form", "full")
    ann("review", "note", short, "--planned", "Here", "--why", "").good()
    key = ann("review", "show", short, "--json").json["key"]
    with closing(Replica.open(Home(ann.home).place())) as elsewhere:
        elsewhere.do(Say("note", f"{key}/why", {"text": "A careful answer"}))
        elsewhere.do(Say("note", f"{key}/planned", {"text": "Elsewhere"}))
        elsewhere.change_draft("review", key, lambda stands: {**stands, "happened": "", "next": ""})
    done = ann("review", "share", short).good()
    answers = {q["name"]: q["mine"] for q in ann("review", "show", short, "--json").json["questions"]}
    assert answers == {"planned": "Here", "happened": "", "why": "A careful answer", "next": ""}
    assert "‘What was planned?’ had other words of yours by then" in done.err
    assert ann("drafts").good().out == ""
