"""Coming and going by command line, several members and a real relay between them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moot_client.cli.exits import NOT_ALLOWED
from moot_client.home import Home
from moot_client.replica.commands import MakeInvite
from moot_client.replica.replica import Replica
from moot_client.store import changes
from moot_client.store import standing as kept
from moot_shared.format.change import decode_change
from moot_shared.ids import decode_bytes
from tests.cli.shell import Shell
from tests.helpers.relay_process import RelayProcess

pytestmark = pytest.mark.slow

Member = Callable[[str], Shell]


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[RelayProcess]:
    with RelayProcess(tmp_path / "relay") as running:
        yield running


@pytest.fixture
def shells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Member:
    return lambda name: Shell(tmp_path / name, capsys)


@pytest.fixture
def ann(shells: Member, relay: RelayProcess) -> Shell:
    """A founder, on the relay."""
    ann = shells("ann")
    ann(
        *("found", "Northern cohort", "--as", "Ann", "--relay", relay.url),
        *("--hosting-key", relay.hosting_key),
    ).good()
    return ann


def let_in(host: Shell, guest: Shell, name: str) -> Shell:
    """Come in by an invite."""
    guest("join", host("invite").good().out, "--as", name).good()
    return guest


def synced(*members: Shell) -> None:
    """Everything everywhere."""
    for member in (*members, *members):
        member("sync").good()


def standing(member: Shell) -> dict[str, str]:
    """Who is what, by name."""
    return {row["label"]: row["standing"] for row in member("members", "--json").good().json}


def test_a_removal_closes_the_door_at_once_and_says_so_to_everybody(ann: Shell, shells: Member) -> None:
    ben, cat = let_in(ann, shells("ben"), "Ben"), let_in(ann, shells("cat"), "Cat")
    synced(ann, ben, cat)
    assert "Only a convenor" in ben("member", "remove", "Cat").refused()
    assert "nobody here called ‘Dan’" in ann("member", "remove", "Dan").refused()
    assert "moot leave" in ann("member", "remove", "Ann").refused()
    done = ann("member", "remove", "cat", "--why", "Moved away").good()
    assert done.out == "Cat no longer belongs here. The relay lets them in no more.\n"
    assert "Nobody can take a removal back" in done.err
    assert "nobody here called" in ann("member", "remove", "Cat").refused()
    assert "no longer lets you in" in cat("sync").refused()
    assert "The relay says that your membership has ended" in cat("status").good().out
    assert cat("status", "--json").json["gone"]
    issue = cat("issue", "add", "Still mine to write").good()
    assert "On this machine alone" in issue.err
    told = cat("status").good().out
    assert "to go out" not in told
    assert "of yours stay on this machine" in told or "of yours stays on this machine" in told
    ben("sync").good()
    assert standing(ben) == {"Ann": "convenor", "Ben": "member", "Cat": "removed by Ann"}
    shown = ben("member", "show", "Cat").good().out
    assert "Removed by Ann" in shown
    assert "Moved away" in shown
    assert "Cat was removed by Ann" in ben("today").good().out


def test_a_removal_that_the_relay_has_not_heard_of_says_that(
    ann: Shell, shells: Member, relay: RelayProcess
) -> None:
    let_in(ann, shells("ben"), "Ben")
    ann("sync").good()
    relay.stop()
    done = ann("member", "remove", "Ben").good()
    assert done.out == "Ben no longer belongs here.\n"
    assert "has not heard of it yet" in done.err
    assert not ann("leave", "--yes", "--json").good().json["relay_knows"]


def test_the_last_convenor_leaves_and_more_than_half_name_another(ann: Shell, shells: Member) -> None:
    ben, cat, dan = (let_in(ann, shells(name.lower()), name) for name in ("Ben", "Cat", "Dan"))
    synced(ann, ben, cat, dan)
    assert "You are the last convenor" in ann("leave").err
    assert standing(ann)["Ann"] == "convenor"
    left = ann("leave", "--yes").good()
    assert left.out.startswith("You have left ‘Northern cohort’")
    assert "not heard" not in left.err
    assert "no longer belong" in ann("issue", "add", "x").refused()
    assert "You have left this community, so the relay no longer lets you in" in ann("sync").refused()
    assert "You have left this community" in ann("status").good().out
    ben("sync").good()
    assert "1 of 3 agrees; one more is needed" in ben("convenor", "name", "Cat").good().out
    assert "You agree already" in ben("convenor", "agree", "Cat").refused()
    synced(ben, cat, dan)
    assert "Ben proposes Cat as a convenor" in dan.seen("members").good().out
    assert "Ben proposes you as a convenor: do you agree?" in cat("today").good().out
    assert dan("convenor", "agree", "cat").good().out == "Cat is a convenor now.\n"
    synced(dan, cat)
    assert standing(cat) == {"Ben": "member", "Cat": "convenor", "Dan": "member", "Ann": "left"}
    assert "nobody here called" in cat("convenor", "name", "Ann").refused()
    assert "a member like the others" in cat("convenor", "step-down", "--yes").good().out
    assert "Nobody is proposed" in cat("convenor", "agree", "Ben").refused()
    assert "no convenor" in cat("convenor", "step-down").refused()


def test_laying_the_role_down_is_asked_and_says_what_it_means_for_the_others(
    ann: Shell, shells: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(ann, shells("ben"), "Ben")
    ann("sync").good()
    asked = ann("convenor", "step-down")
    assert "You are the last convenor" in asked.err
    assert "moot convenor step-down --yes" in asked.refused()
    assert standing(ann)["Ann"] == "convenor"
    assert "Nobody convenes here now" in ann("convenor", "step-down", "--yes").good().err
    assert standing(ann)["Ann"] == "member"


def test_a_convenor_names_another_one(ann: Shell, shells: Member) -> None:
    ben = let_in(ann, shells("ben"), "Ben")
    ann("sync").good()
    assert ann("convenor", "name", "Ben", "--json").good().json["convenor"]
    assert "already" in ann("convenor", "name", "Ben").refused()
    synced(ann, ben)
    assert standing(ben) == {"Ann": "convenor", "Ben": "convenor"}


def test_a_name_that_a_shell_would_carry_out_is_quoted_where_a_command_is_offered(
    ann: Shell, shells: Member
) -> None:
    odd = let_in(ann, shells("odd"), "Ben;touch${IFS}x")
    ben, name = let_in(ann, shells("ben"), "Ben"), "'Ben;touch${IFS}x'"
    synced(odd, ben)
    odd("convenor", "name", "Ben;touch${IFS}x").good()
    synced(odd, ben)
    assert f"To agree: moot convenor agree {name}\n" in ben.seen("members").good().out


@pytest.mark.parametrize("first", ["ann", "ben"])
def test_of_two_convenors_who_remove_one_another_the_earlier_one_stays(
    ann: Shell, shells: Member, relay: RelayProcess, first: str
) -> None:
    ben, cat = let_in(ann, shells("ben"), "Ben"), let_in(ann, shells("cat"), "Cat")
    ann("convenor", "name", "Ben").good()
    synced(ann, ben, cat)
    relay.stop()
    ann("member", "remove", "Ben").good()
    ben("member", "remove", "Ann").good()
    relay.start()
    for member in (ann, ben) if first == "ann" else (ben, ann):
        member("sync")
    if first == "ben":  # whose word has shut Ann out: whoever runs the relay lets hers be heard
        ann("host", relay.url, relay.hosting_key)
        ann("sync").good()
    cat("sync").good()
    assert standing(cat) == {"Ann": "convenor", "Cat": "member", "Ben": "removed by Ann"}


def test_without_the_words_one_joins_anew_and_two_vouch(ann: Shell, shells: Member) -> None:
    ben, cat = let_in(ann, shells("ben"), "Ben"), let_in(ann, shells("cat"), "Cat")
    issue = ben.id("issue", "add", "Handover")
    ben("vote", issue, "3").good()
    synced(ben, ann, cat)
    again = let_in(ann, shells("again"), "Ben")
    ben_was = next(r["label"] for r in again("members", "--json").json if not r["me"] and r["name"] == "Ben")
    assert "Two members who know it must vouch" in again("member", "claim", "Ben").good().out
    again("vote", issue, "2").good()
    synced(again, ann, cat)
    ben_is = next(r["label"] for r in again("members", "--json").json if r["me"])
    assert ann("issues", "--json").json[0]["dots"] == 5
    assert f"moot member vouch '{ben_is}'" in ann.seen("members").good().out
    assert "Several are called so" in ann("member", "remove", "Ben").refused()
    assert f"was {ben_was}: one more member must vouch" in ann("member", "vouch", ben_is).good().out
    assert "vouched for them already" in ann("member", "vouch", ben_is).refused()
    assert "Nobody vouches for themself" in again("member", "vouch", ben_is).refused()
    synced(ann, cat)
    assert "are one person from now on" in cat("member", "vouch", "Ben").good().out
    synced(cat, ann, again)
    for member in (ann, cat, again):
        row = member("issues", "--json").json[0]
        assert (row["dots"], row["voters"]) == (2, 1)
        rows = member("members", "--json").json
        assert [r["standing"] for r in rows] == ["convenor", "member", "member", "earlier self of Ben"]
        assert {r["label"] for r in rows} == {"Ann", "Ben", "Cat"}
    assert "Was here before as Ben" in ann("member", "show", "Ben").good().out
    assert "earlier self of Ben" in ann("members").good().out


def test_invites_are_listed_limited_and_taken_back(ann: Shell, shells: Member, relay: RelayProcess) -> None:
    ben = let_in(ann, shells("ben"), "Ben")
    for_one = ann("invite").good().out
    for_two = ann("invite", "--uses", "2", "--expires", "7d").good().out
    let_in_by = [shells(name)("join", for_two, "--as", name).code for name in ("cat", "dan", "eve")]
    assert let_in_by == [0, 0, NOT_ALLOWED]
    ann("sync").good()
    rows = {row["used"]: row for row in ann("invites", "--json").good().json}
    assert rows[2]["state"] == "used up"
    assert [member["name"] for member in rows[2]["came"]] == ["cat", "dan"]
    assert "open" in ann("invites").good().out
    synced(ben)
    assert "Only who made an invite" in ben("uninvite", rows[0]["key"][:8].lstrip("-_")).refused()
    back = ann("uninvite", rows[0]["key"][:8].lstrip("-_")).good()
    assert back.out == "Taken back. The relay lets nobody in by it any more.\n"
    assert "taken back" in shells("fay")("join", for_one, "--as", "Fay").refused()
    assert "taken back by Ann" in ann("invites").good().out
    replica = Replica.open(Home(ann.home).place())
    over = str(replica.do(MakeInvite("member", 1, 1_000)))
    replica.close()
    ann("sync").good()
    assert "expired" in shells("gil")("join", over, "--as", "Gil").refused()
    assert "expired" in ann("invites").good().out


def test_what_was_said_twice_is_told_in_plain_words(ann: Shell, shells: Member) -> None:
    """Ann's machine has noticed two branches under Ben's name: the other one's bytes are kept."""
    ben = let_in(ann, shells("ben"), "Ben")
    ann("sync").good()
    replica = Replica.open(Home(ann.home).place())
    author = decode_bytes(ben("status", "--json").json["member"]["key"], 32)
    chunk = next(c for c in changes.chunks(replica.store.db) if decode_change(c).author == author)
    kept.note_refused(replica.store, b"1" * 32, "fork", "x", replica.outside.now(), chunk)
    replica.close()
    said = ann("status").good().out
    assert "Two different things were said at one place under Ben’s name" in said
    assert "Not accepted" not in said
    assert ann("status", "--json").json["said_twice"][0]["member"]["name"] == "Ben"


def test_leaving_is_asked_on_a_terminal_and_a_word_typed_back(
    ann: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal:
        """Somebody who types one line."""

        def __init__(self, typed: str) -> None:
            self.typed = typed

        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return self.typed

    monkeypatch.setattr("sys.stdin", Terminal("no\n"))
    assert "you are still a convenor" in ann("convenor", "step-down").refused()
    assert standing(ann) == {"Ann": "convenor"}
    assert "you are still here" in ann("leave").refused()
    monkeypatch.setattr("sys.stdin", Terminal("Leave\n"))
    gone = ann("leave").good()
    assert "You are the only one here" in gone.err
    assert json.loads(ann("status", "--json").out)["gone"] == "You have left this community"
