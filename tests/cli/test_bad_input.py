"""What people type, paste and have on their disks that cannot be used: a sentence each, nothing lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.cli.shell import Shell

HOSTILE = "[bold]x[/] \x1b[31mred\x07 \u202egnp.exe 👩‍👩‍👧 שלום \x00 e\u0301"

WITH_AN_ID = [
    ["issue", "show", "{}"],
    ["issue", "edit", "{}", "--title", "x"],
    ["issue", "close", "{}"],
    ["issue", "archive", "{}"],
    ["issue", "link", "{}", "{}"],
    ["vote", "{}", "1"],
    ["pledge", "{}", "1"],
    ["comment", "{}", "words"],
    ["review", "show", "{}"],
    ["review", "note", "{}", "--happened", "x"],
    ["review", "share", "{}", "--happened", "x"],
    ["review", "edit", "{}", "--title", "x"],
    ["review", "skip", "{}"],
    ["lesson", "show", "{}"],
    ["lesson", "applied", "{}", "here"],
    ["lesson", "edit", "{}", "--statement", "x"],
    ["review", "add", "x", "--issue", "{}"],
    ["lesson", "add", "x", "--source", "{}"],
    ["uninvite", "{}"],
]


@pytest.mark.slow
@pytest.mark.parametrize("command", WITH_AN_ID, ids=lambda words: " ".join(words[:2]))
def test_an_id_that_leads_nowhere_is_a_sentence(ann: Shell, command: list[str]) -> None:
    ann("issue", "add", "Something").good()
    before = ann("status", "--json").json["changes"]
    for wrong in ("zzzzzzzz", "\x1b[2J", "issue/x/y", "\udcff", "%", "ü"):
        said = ann(*(word.format(wrong) for word in command)).refused()
        assert said.endswith((".", "?"))
        assert said.count("\n") == 0
    assert ann("status", "--json").json["changes"] == before


@pytest.mark.slow
def test_an_ambiguous_prefix_names_what_it_could_be(ann: Shell) -> None:
    titles = [f"Issue {number}" for number in range(40)]
    ids = [ann.id("issue", "add", title) for title in titles]
    first = next(i[0] for i in ids if sum(j[0] == i[0] for j in ids) > 1)
    said = ann("issue", "show", first).refused()
    assert "Type a few more characters" in said
    assert "‘Issue " in said
    assert "Say which one" in ann("issue", "show", "").refused()


@pytest.mark.parametrize(
    "command",
    [
        ["issue", "add", HOSTILE, "--body", HOSTILE],
        ["review", "add", HOSTILE],
        ["lesson", "add", HOSTILE, "--story", HOSTILE, "--origin", HOSTILE],
    ],
    ids=lambda words: words[0],
)
def test_signs_that_steer_a_terminal_are_kept_and_never_sent_to_one(ann: Shell, command: list[str]) -> None:
    kind = command[0]
    short = ann.id(*command)
    ann("comment", short, HOSTILE).good()
    ann("profile", "--name", HOSTILE, "--about", HOSTILE).good()
    if kind == "review":
        ann("review", "share", short, "--happened", HOSTILE).good()
    if kind == "lesson":
        ann("lesson", "applied", short, HOSTILE, "--how", HOSTILE).good()
    if kind == "issue":
        ann("vote", short, "1", "--why", HOSTILE).good()
    reads = [
        [kind + "s"],
        [kind, "show", short],
        ["members"],
        ["profile"],
        ["today"],
        ["find", "red"],
        ["status"],
    ]
    for words in reads:
        out = ann(*words).good().out
        assert not any(c in out for c in "\x1b\x07\x00\u202e"), words
        assert ann(*words, "--json").good().out.isascii()
    assert "[bold]x[/]" in ann(kind, "show", short).out
    assert "\x1b[31m" in ann(kind, "show", short, "--json").json["title" if kind != "lesson" else "statement"]


def test_too_many_words_say_how_many_there_may_be(ann: Shell) -> None:
    long = "x" * 100_000
    assert "up to 200 characters; this has 100,000" in ann("issue", "add", long).refused()
    short = ann.id("issue", "add", "One")
    assert "up to 20,000" in ann("comment", short, long).refused()
    assert "up to 2,000" in ann("vote", short, "1", "--why", long).refused()
    assert "up to 60" in ann("profile", "--name", long).refused()
    assert "Hours is a number" in ann("pledge", short, "a lot").refused()
    assert "Hours is a number" in ann("pledge", short, "inf").refused()
    assert "Hours is a number" in ann("pledge", short, "-3").refused()


def test_too_many_words_send_one_to_a_comment_only_where_there_are_comments(ann: Shell) -> None:
    long = "x" * 60_000
    short = ann.id("issue", "add", "One")
    assert "or put part of it in a comment" in ann("issue", "edit", short, "--body", long).refused()
    for words in (
        ["comment", short, long],
        ["vote", short, "1", "--why", long],
        ["profile", "--name", long],
        ["profile", "--about", long],
        ["community", "edit", "--name", long],
        ["community", "edit", "--purpose", long],
        ["issue", "add", long],
        ["found", long, "--as", "Ann"],
    ):
        assert ann(*words).refused().endswith("characters; this has 60,000. Shorten it."), words


def test_founding_says_which_of_the_two_names_will_not_do(shell: Shell) -> None:
    long = "x" * 90
    assert shell("found", "", "--as", "Ann").refused().startswith("The community's name is empty.")
    assert shell("found", long, "--as", "Ann").refused().startswith("The community's name takes up to 80")
    assert shell("found", "North", "--as", " ").refused().startswith("Your name (--as) is empty.")
    assert shell("found", "North", "--as", long).refused().startswith("Your name (--as) takes up to 60")
    assert not shell.home.exists()


def test_wrong_usage_is_2_and_says_what_would_do(ann: Shell) -> None:
    for words in (["issue"], ["vote"], ["nonsense"], ["issue", "add", "--\x1b[31m"], ["--place", "moon"]):
        said = ann(*words).refused(code=2)
        assert "usage:" not in said
        assert said.count("\n") <= 1


def test_without_a_community_everything_says_how_to_begin(shell: Shell) -> None:
    for words in (
        ["issues"],
        ["issue", "add", "x"],
        ["status"],
        ["sync"],
        ["verify"],
        ["export", "x"],
        ["words"],
    ):
        said = shell(*words).refused()
        assert "moot found" in said
        assert "moot join" in said
    assert "moot found" in shell.seen("communities").good().out
    assert not shell.home.exists()


def test_without_a_terminal_the_interface_says_what_to_do_instead(ann: Shell) -> None:
    assert "moot issues" in ann().refused(code=2)
    assert "moot issues" in ann("--place", "agenda").refused(code=2)


def test_options_for_all_go_before_or_after(ann: Shell, tmp_path: Path) -> None:
    ann("issue", "add", "One").good()
    assert ann("--json", "issues").json == ann("issues", "--json").json
    assert ann("--community", "North", "issues", "--json").json == ann("--json", "issues").json
    other = tmp_path / "other"
    assert "no community here yet" in ann("issues", "--home", str(other)).refused()
    assert "There are: Northern cohort" in ann("issues", "--community", "South").refused()


def test_several_communities_live_side_by_side(ann: Shell) -> None:
    ann("found", "Southern cohort", "--as", "Ann S").good()
    ann("issue", "add", "In the south").good()
    assert ann("--community", "north", "issues", "--json").json == []
    assert [row["title"] for row in ann("issues", "--community", "south", "--json").json] == ["In the south"]
    assert {row["name"] for row in ann("communities", "--json").json} == {
        "Northern cohort",
        "Southern cohort",
    }


def test_a_second_community_of_the_same_name_is_told_apart(ann: Shell) -> None:
    first = ann("communities", "--json").json[0]["id"][:6]
    ran = ann("found", "Northern cohort", "--as", "Ann").good()
    assert f"Another ‘Northern cohort’ was here already: --community {first} means that one" in ran.err
    assert f"({first})" in ann("issues", "--community", "Northern cohort").refused()
    assert "or the characters in brackets" in ann("issues", "--community", "Northern cohort").refused()
    ann("issue", "add", "In the new one").good()
    assert ann("issues", "--community", first, "--json").good().json == []


def store_of(shell: Shell) -> Path:
    return next(shell.home.glob("communities/*/store.db"))


def test_a_damaged_file_is_said_kept_and_rebuilt(ann: Shell) -> None:
    short = ann.id("issue", "add", "Kept")
    store = store_of(ann)
    data = bytearray(store.read_bytes())
    ann("issue", "add", "Later")
    reads = {"issue_line": ["issues", "--json"], "record": ["issue", "show", short, "--json"]}
    for table, words in reads.items():
        with sqlite3.connect(store) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        data = bytearray(store.read_bytes())
        root = (
            sqlite3.connect(store)
            .execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,))
            .fetchone()[0]
        )
        data[4096 * (root - 1) : 4096 * root] = b"\xff" * 4096
        store.write_bytes(data)
        ran = ann(*words).good()
        assert "damaged" in ran.err
        assert "Kept" in ran.out
    assert list(store.parent.glob("store.db.damaged-*"))
    assert ann("verify").good().out.startswith("Everything holds")


def test_a_file_that_is_no_database_and_one_that_is_gone(ann: Shell) -> None:
    store = store_of(ann)
    for part in store.parent.glob("store.db*"):
        part.unlink()
    assert "is not there. moot sync brings it back" in ann("issues").refused()
    store.write_bytes(b"this is not a database at all" * 100)
    ran = ann("issues")
    assert "damaged" in ran.err
    assert "Traceback" not in ran.err


def test_a_bug_is_one_sentence_and_a_file(ann: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("moot_client.views.ranking.agenda", broken)
    ran = ann("issues")
    assert ran.code == 1
    assert "Something went wrong inside Moot" in ran.err
    assert "ZeroDivisionError" not in ran.err
    assert "ZeroDivisionError" in (ann.home / "moot-trouble.log").read_text()
