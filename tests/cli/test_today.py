"""`moot today` says what the interface's Today says: the recovery words, a beginning, drafts that wait."""

from __future__ import annotations

from moot_client.home import Home
from moot_client.replica.replica import Replica
from tests.cli.shell import Shell
from tests.helpers.drafts import save_draft

WORDS = "your recovery words: make sure that you have written them down"


def test_recovery_words_wait_until_one_of_them_was_typed_back(ann: Shell) -> None:
    assert f"  {WORDS}  (moot words)" in ann("today").good().out.splitlines()
    assert {"text": WORDS, "key": "", "how": "moot words"} in ann("today", "--json").good().json["waiting"]
    seventh = ann("words", "--json").json["words"][6]
    ann("words", "--check", "7", seventh).good()
    assert WORDS not in ann("today").good().out
    assert WORDS not in str(ann("today", "--json").json)


def test_where_nothing_is_yet_today_says_how_to_begin(ann: Shell) -> None:
    said = ann("today").good().out
    assert "  list the first issue that matters to you  (moot issue add TITLE)" in said
    assert "  put the community on a relay: then you can invite the others  (moot host URL KEY)" in said
    ann("issue", "add", "One").good()
    assert "first issue" not in ann("today").good().out


def test_that_a_community_is_on_no_relay_is_said_until_it_is(ann: Shell) -> None:
    ann("issue", "add", "One").good()
    assert "put the community on a relay" in ann("today").good().out
    replica = Replica.open(Home(ann.home).place())
    replica.set_relay_url("wss://relay.example:8787")
    replica.close()
    assert "put the community on a relay" not in ann("today").good().out


def test_what_was_begun_is_named_with_the_way_to_read_it(ann: Shell) -> None:
    short = ann.id("issue", "add", "Handover")
    key = ann("issue", "show", short, "--json").json["key"]
    replica = Replica.open(Home(ann.home).place())
    for number in range(5):
        save_draft(replica, "new issue", f"{number}", {"title": f"Half a thought {number}"})
    save_draft(replica, "comment", key, {"text": "I think \x1b[31m"})
    replica.close()
    said = ann("today").good().out
    assert "Begun, and only on this machine" in said
    assert "  and 1 more  (moot drafts)" in said
    assert "\x1b" not in said
    begun = ann("today", "--json").good().json["begun"]
    assert {one["text"] for one in begun} == {
        "A comment on Handover",
        *(f"New issue: Half a thought {number}" for number in range(5)),
    }
    assert all(one["saved"] > 0 for one in begun)
    for one in begun:
        shown = ann(*one["how"].split()[1:]).good().out
        assert ("I think" if one["form"] == "comment" else one["text"][11:]) in shown


def test_nothing_begun_is_not_mentioned(ann: Shell) -> None:
    assert "Begun" not in ann("today").good().out
    assert ann("today", "--json").good().json["begun"] == []


def test_nothing_waits_for_somebody_who_has_left_but_their_own_drafts(ann: Shell) -> None:
    ann("leave", "--yes").good()
    said = ann("today", "--json").good().json["waiting"]
    assert [one["text"] for one in said] == ["You have left this community: what is here stays yours to read"]
