"""Who belongs, as people see it: from real replicas, by the rules that decide it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.replica.commands import Edit, MakeInvite, Say
from moot_client.replica.replica import Replica
from moot_client.store import changes
from moot_client.store import standing as claims_of_others
from moot_client.views.agenda import agenda
from moot_client.views.at_home import SHUT_OUT
from moot_client.views.community import community
from moot_client.views.forks import aside_sentence, fork_sentence, forks, set_aside
from moot_client.views.invites import good_for, invites, what_became
from moot_client.views.people import People, people
from moot_client.views.questions import claims, how_many_more, proposals, what_is_missing
from moot_client.views.standing import standing
from moot_client.views.today import PUT_AWAY, last_position, today
from moot_shared.errors import InputError, NotFound
from moot_shared.format.change import decode_change
from moot_shared.ids import encode_bytes
from tests.helpers import cohort

NOW = 1_760_000_000_000
ROOT = Path(__file__).parents[2]


@pytest.fixture
def four(tmp_path: Path) -> Iterator[list[Replica]]:
    """Mara, who founded it, Joon, Ines and Tariq."""
    with cohort.Cohort(tmp_path, size=4) as replicas:
        yield replicas


def known(replica: Replica) -> People:
    return people(replica.reader(), replica.me)


def remove(by: Replica, whom: Replica, why: str = "") -> None:
    by.do(Say("removal", whom.me, {"why": why}))


def propose(by: Replica, whom: Replica) -> str:
    key: str = by.do(Say("role", f"{whom.me}/{by.me}/", {"role": "convenor"}))
    return key.split("/", 2)[2]


def waiting(replica: Replica) -> list[str]:
    return [line.text for line in today(replica.reader(), replica.me, since_position=0, since=0).waiting]


def news(replica: Replica, since: int) -> list[str]:
    return [line.text for line in today(replica.reader(), replica.me, since_position=since, since=0).changed]


# -- leaving and removal ---------------------------------------------------------------------------


def test_who_left_and_who_was_removed_by_whom_are_told_apart(four: list[Replica]) -> None:
    mara, joon, ines, tariq = four
    since = last_position(tariq.reader())
    joon.do(Say("removal", joon.me, {"why": "A new job"}))
    remove(mara, ines, "Moved away")
    cohort.carry(joon, tariq)
    cohort.carry(mara, tariq)
    seen = known(tariq)
    assert [seen.what(seen[r.me]) for r in four] == ["convenor", "left", "removed by Mara", "member"]
    gone = seen[ines.me].gone
    assert gone
    assert (gone.by, gone.why) == (mara.me, "Moved away")
    assert len(seen) == agenda(tariq.reader(), tariq.me).members == 2
    assert news(tariq, since) == ["Joon left", "Ines was removed by Mara"]


def test_of_several_removals_the_one_that_stands_is_named(four: list[Replica]) -> None:
    """Two convenors remove one another: the earlier one's word stands, and a member's own does always."""
    mara, joon, ines, tariq = four
    mara.do(Say("role", f"{joon.me}/{mara.me}/", {"role": "convenor"}))
    cohort.settle(*four)
    remove(joon, ines)
    remove(joon, mara)
    remove(mara, joon)
    remove(mara, ines)
    for convenor in (mara, joon):
        tariq.receive(list(convenor.lacking(tariq.version())), home=True)
    seen = known(tariq)
    assert [seen.what(seen[r.me]) for r in four] == [
        "convenor",
        "removed by Mara",
        "removed by Mara",
        "member",
    ]


def test_whoever_no_longer_belongs_is_told_so_and_asked_nothing(four: list[Replica]) -> None:
    mara, joon, ines, _ = four
    cohort.issue(mara)
    remove(mara, joon)
    cohort.carry(mara, joon)
    assert standing(joon.reader(), joon.me).gone == "Mara has ended your membership"
    assert waiting(joon) == ["Mara has ended your membership: what is here stays yours to read"]
    ines.do(Say("removal", ines.me, {}))
    assert standing(ines.reader(), ines.me).gone == "You have left this community"
    with pytest.raises(InputError, match="no longer belong"):
        cohort.issue(ines)


def test_what_the_relay_said_is_remembered_when_nobody_has_said_how_it_ended(four: list[Replica]) -> None:
    joon = four[1]
    joon.set_own(SHUT_OUT, True)
    assert standing(joon.reader(), joon.me).gone == "The relay says that your membership has ended"
    joon.set_own(SHUT_OUT, False)
    assert standing(joon.reader(), joon.me).gone == ""


# -- proposals -------------------------------------------------------------------------------------


def test_a_proposal_says_who_agreed_and_how_many_more_are_needed(four: list[Replica]) -> None:
    mara, joon, ines, tariq = four
    mara.do(Say("removal", mara.me, {}))
    cohort.settle(*four)
    subject = propose(joon, ines)
    cohort.settle(joon, ines, tariq)
    (asked,) = proposals(tariq.reader(), known(tariq), tariq.me)
    assert (asked.by.label, asked.whom.label, asked.asked, asked.more) == ("Joon", "Ines", 3, 1)
    assert how_many_more(asked) == "1 of 3 agrees; one more is needed"
    assert asked.open_to_me
    assert waiting(tariq)[0] == "Joon proposes Ines as a convenor: do you agree?"
    assert waiting(ines)[0] == "Joon proposes you as a convenor: do you agree?"
    assert not any("proposes" in line for line in waiting(joon))
    since = last_position(joon.reader())
    tariq.do(Say("role", subject, {"role": "convenor"}))
    cohort.settle(joon, ines, tariq)
    assert not proposals(tariq.reader(), known(tariq), tariq.me)
    assert known(joon)[ines.me].convenes
    assert news(joon, since) == ["Ines is a convenor now"]
    assert "you are a convenor now" in news(ines, since)


@pytest.mark.slow
def test_where_nobody_is_left_whom_a_convenor_let_in_the_others_are_counted(
    four: list[Replica], tmp_path: Path
) -> None:
    mara, joon, ines, tariq = four
    guests = [cohort.joiner(tmp_path / name, joon, name, seed=70 + n) for n, name in enumerate(("Kai", "Lu"))]
    cohort.settle(*four, *guests)
    for member in (mara, ines, tariq, joon):
        member.do(Say("removal", member.me, {}))
    cohort.settle(*four, *guests)
    kai, lu = guests
    propose(kai, kai)
    cohort.carry(kai, lu)
    (asked,) = proposals(lu.reader(), known(lu), lu.me)
    assert how_many_more(asked) == "1 of 2 agrees; one more is needed"
    for guest in guests:
        guest.close()


def test_what_a_convenor_named_is_no_proposal_after_the_role_was_laid_down(four: list[Replica]) -> None:
    mara, joon, ines, _ = four
    mara.do(Say("role", f"{joon.me}/{mara.me}/", {"role": "convenor"}))
    cohort.carry(mara, joon)
    joon.do(Say("role", f"{joon.me}/{joon.me}/", {"role": "member"}))
    cohort.carry(joon, ines)
    assert known(ines)[joon.me].role == "member"
    assert not proposals(ines.reader(), known(ines), ines.me)


def test_a_question_that_was_put_away_is_not_asked_again(four: list[Replica]) -> None:
    _, joon, ines, tariq = four
    propose(joon, ines)
    cohort.carry(joon, tariq)
    (asked,) = proposals(tariq.reader(), known(tariq), tariq.me)
    tariq.set_own(PUT_AWAY, [asked.target])
    assert not any("proposes" in line for line in waiting(tariq))


# -- one person, several keys ----------------------------------------------------------------------


@pytest.fixture
def back(tmp_path: Path, four: list[Replica]) -> Iterator[Replica]:
    """Joon, who has lost the laptop with its words, and joined anew."""
    found = cohort.joiner(tmp_path / "again", four[0], "Joon", seed=40)
    cohort.settle(*four, found)
    yield found
    found.close()


def claim(back: Replica, earlier: Replica) -> str:
    subject = f"{earlier.me}/{back.me}"
    back.do(Say("self", subject, {}))
    return subject


def test_a_lost_key_and_the_new_one_are_one_person_once_two_have_vouched(
    four: list[Replica], back: Replica
) -> None:
    mara, joon, ines, tariq = four
    first, second = cohort.issue(mara, "One"), cohort.issue(mara, "Two")
    cohort.settle(*four)
    mara.do(Edit(community(mara.reader()).key, {"vote_budget": 6}))
    cohort.carry(mara, joon)
    cohort.vote(joon, first, 5)
    cohort.settle(*four, back)
    subject = claim(back, joon)
    cohort.vote(back, first, 2)
    cohort.vote(back, second, 5)
    cohort.settle(mara, ines, tariq, back)
    (asked,) = claims(ines.reader(), known(ines), ines.me)
    assert what_is_missing(asked) == "two members must vouch"
    assert asked.open_to_me
    assert any("do you know it?" in line for line in waiting(ines))
    assert not any("do you know it?" in line for line in waiting(back))
    assert known(ines)[joon.me].label != known(ines)[back.me].label
    assert len(known(ines)) == 5
    ines.do(Say("self", subject, {}))
    (asked,) = claims(ines.reader(), known(ines), ines.me)
    assert what_is_missing(asked) == "one more member must vouch"
    assert not asked.open_to_me
    tariq.do(Say("self", subject, {}))
    cohort.settle(mara, ines, tariq, back)
    for replica in (mara, ines, back):
        seen = known(replica)
        assert not claims(replica.reader(), seen, replica.me)
        assert seen[joon.me].label == seen[back.me].label == "Joon"
        assert seen.what(seen[joon.me]) == "earlier self of Joon"
        assert len(seen) == 4
        dots = {row.title: row.dots for row in agenda(replica.reader(), replica.me).rows}
        assert dots == {"One": 2, "Two": 4}
    assert known(back)[joon.me].me
    mine = agenda(back.reader(), back.me)
    assert (mine.dots_left, mine.not_counted) == (0, 1)


def test_a_claim_cannot_count_while_somebody_uses_the_earlier_key(four: list[Replica], back: Replica) -> None:
    mara, joon, ines, _ = four
    claim(back, joon)
    cohort.issue(joon, "I am still here")
    cohort.settle(*four, back)
    (asked,) = claims(ines.reader(), known(ines), ines.me)
    assert asked.used
    assert not asked.open_to_me
    assert "used since" in what_is_missing(asked)
    remove(mara, joon)
    cohort.carry(mara, ines)
    (asked,) = claims(ines.reader(), known(ines), ines.me)
    assert not asked.used


# -- names -----------------------------------------------------------------------------------------


def test_a_member_is_found_by_name_or_by_what_tells_them_apart(four: list[Replica], back: Replica) -> None:
    mara, joon, ines, _ = four
    seen = known(mara)
    assert seen.find("  ines ").key == ines.me
    assert seen.find(ines.me[:6]).key == ines.me
    assert seen.find(seen[joon.me].label).key == joon.me
    with pytest.raises(InputError, match="Several are called so"):
        seen.find("Joon")
    assert seen.find("Joon", [seen[joon.me]]).key == joon.me
    with pytest.raises(NotFound, match="nobody here called ‘Nobody’"):
        seen.find("Nobody")
    with pytest.raises(NotFound):
        seen.find("")


# -- invites ---------------------------------------------------------------------------------------


def became(replica: Replica) -> dict[str, str]:
    return {row.key: what_became(row) for row in invites(replica.reader(), known(replica), NOW)}


def test_an_invite_says_what_became_of_it_and_who_came_by_it(four: list[Replica]) -> None:
    mara, joon, _, _ = four
    for uses, expires in ((None, None), (2, NOW + 5_000)):
        joon.do(MakeInvite("member", uses, expires))
    cohort.carry(joon, mara)
    first, second = invites(mara.reader(), known(mara), NOW)[:2]
    assert {first.state, second.state} == {"open"}
    assert good_for(second) == "for any number"
    rows = invites(mara.reader(), known(mara), NOW + 6_000)
    assert [row.state for row in rows[:2]] == ["open", "expired"]
    used = [row for row in rows if row.state == "used up"]
    assert sorted(member.label for row in used for member in row.came) == ["Ines", "Joon", "Tariq"]
    mara.do(Say("revoke", second.key, {}))
    assert became(mara)[second.key] == "taken back by Mara"
    remove(mara, joon)
    assert became(mara)[first.key] == "closed, since Joon no longer belongs"
    assert became(mara)[second.key] == "taken back by Mara"


# -- what was said twice ---------------------------------------------------------------------------


def test_a_fork_is_told_by_name_and_never_taken_for_my_own_words(four: list[Replica]) -> None:
    mara, joon, ines, _ = four
    cohort.issue(joon, "Said once")
    cohort.issue(ines, "Built on it")
    cohort.settle(*four)
    theirs = {
        replica.me: next(
            chunk
            for chunk in changes.chunks(replica.store.db)
            if encode_bytes(decode_change(chunk).author) == replica.me
        )
        for replica in (joon, ines)
    }
    claims_of_others.note_refused(mara.store, b"1" * 32, "fork", "x", 7_000, theirs[joon.me])
    claims_of_others.note_refused(mara.store, b"2" * 32, "built on a fork", "x", 8_000, theirs[ines.me])
    (fork,) = forks(mara.reader(), known(mara), mara.me)
    assert (fork.member.label, fork.at) == ("Joon", 7_000)
    said = fork_sentence(fork, lambda at: "21 November")
    assert said.startswith(
        "Two different things were said at one place under Joon’s name (noticed 21 November)."
    )
    assert "The relay keeps the first" in said
    (aside,) = set_aside(mara.reader(), known(mara), mara.me)
    assert aside_sentence(aside).startswith("One change of Ines built on the other.")
    assert standing(mara.reader(), mara.me).refused == ()


# -- lightness -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_reading_who_belongs_loads_no_rules_and_no_keys(four: list[Replica]) -> None:
    """Where nothing is open: a prompt or a cron job asks often."""
    mara, joon, _, _ = four
    remove(mara, joon)
    code = (
        "import sys; from pathlib import Path\n"
        "from moot_client.cli.session import open_reader\n"
        "from moot_client.views.today import today\n"
        "from moot_client.views.standing import standing\n"
        f"db = open_reader(Path({str(mara.store.path)!r}))\n"
        f"today(db, {mara.me!r}, since_position=0, since=0); standing(db, {mara.me!r})\n"
        "names = {name.partition('.')[0] for name in sys.modules}\n"
        "assert not names & {'cryptography', 'automerge', 'textual'}, names\n"
        "assert 'moot_shared.trust.roster' not in sys.modules\n"
    )
    path = ":".join(str(ROOT / part) for part in ("client", "shared"))
    subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": path}, check=True, timeout=60)
