"""Drafts of the interface, and other versions, from the command line."""

from __future__ import annotations

from moot_client.home import Home
from moot_client.replica.commands import Edit
from moot_client.replica.replica import Replica
from tests.cli.shell import Shell
from tests.helpers import cohort
from tests.helpers.drafts import save_draft


def test_what_was_typed_and_left_is_listed_shown_and_put_away_with_its_words(ann: Shell) -> None:
    replica = Replica.open(Home(ann.home).place())
    save_draft(replica, "new issue", "", {"title": "Half a\ntitle", "body": ""})
    save_draft(replica, "pasted", "1", {"text": "Pasted \x1b[31m words"})
    replica.close()
    rows = ann("drafts").good().out.splitlines()
    assert {row.split("\t")[2] for row in rows} == {
        "New issue: Half a title",
        "Pasted text, 18 characters",
    }
    number = next(row.split("\t")[0] for row in rows if "New issue" in row)
    assert "Half a\n  title" in ann("draft", "show", number).good().out
    assert "\x1b" not in ann("drafts").out
    assert "Half a" in ann("draft", "forget", number).good().out
    (left,) = ann("drafts", "--json").good().json
    assert left["form"] == "pasted"
    assert "no draft of number 7" in ann("draft", "forget", "7").refused(code=3)
    ann("draft", "forget", "1").good()
    assert ann("drafts").good().out == ""
    assert "Nothing is begun" in ann.seen("drafts").out


def test_another_version_is_listed_and_can_be_taken(shell: Shell) -> None:
    ann = shell
    mine = cohort.founder(ann.home)
    other = cohort.joiner(ann.home.parent / "other", mine, "Ben", seed=5)
    key = cohort.issue(mine, "One")
    cohort.settle(mine, other)
    for replica, level in ((mine, "organisation"), (other, "across teams")):
        replica.do(Edit(key, {"level": level}))
    cohort.settle(mine, other)
    mine.close()
    other.close()
    short = ann("issues", "--json").json[0]["short"]
    (row,) = ann("versions", short, "--json").good().json
    assert {row["value"], row["stands"]} == {"organisation", "across teams"}
    assert row["value"] in ann("versions", short).good().out
    ann("versions", short, "--take", "1").good()
    assert ann("issues", "--json").json[0]["level"] == row["value"]
    assert ann("versions", short, "--json").json == []
    assert "no other version" in ann("versions", short, "--take", "1").refused(code=3)
