"""Removed members, lost laptops, and convenors against each other."""

from __future__ import annotations

import pytest

from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from moot_client.sync.once import sync_once
from moot_shared.errors import ConnectionTrouble
from moot_shared.format.change import Operation
from moot_shared.identity import Identity
from moot_shared.trust.roster import Roster
from moot_shared.wire.messages import Page
from tests.adversary.stage import Stage, plays
from tests.adversary.test_invites import asked, roles
from tests.helpers.attacker import Attacker
from tests.helpers.wire import LetGo


def remove(stage: Stage, key: str) -> None:
    """Mara removes somebody, and everybody hears of it."""
    sync_once(stage.mara)
    stage.mara.do(Say("removal", key, {"why": "left the circle"}))
    stage.meet()


def removing(by: Attacker, key: str) -> Operation:
    """A removal as an operation."""
    return by.moot.saying(by.machine, "removal", key, {"why": "because"})


@plays("X2", "L3")
def test_a_removed_key_comes_in_no_more_on_any_machine(stage: Stage) -> None:
    ted = stage.attacker()
    remove(stage, ted.key)
    assert ted.knock() == "removed"
    assert ted.knock(machine=ted.machine.again(99)) == "removed"
    assert ted.knock("invite", invite=stage.second_key(ted)) == "removed"


@plays("X2")
def test_a_removed_member_who_is_connected_is_let_go_and_gets_nothing_more(stage: Stage) -> None:
    ted = stage.attacker()
    with ted.enter() as wire:
        ted.take_all(wire)
        remove(stage, ted.key)
        later = b"Nobody but us."
        stage.joon.do(Say("comment", f"{stage.issue}/", {"text": later.decode()}))
        sync_once(stage.joon)
        assert wire.end() == "removed"
        assert not any(isinstance(message, Page) and later in message.body for message in wire.said)


@plays("X3")
def test_old_invites_bring_nobody_back(stage: Stage) -> None:
    """Neither the one by which they came, nor one that they made while they were a member."""
    line = stage.invite(uses=5)
    ted = stage.attacker("ted", line)
    own = stage.second_key(ted)
    said = ted.make(ted.moot.saying(ted.machine, "invite", own.key_text, {"role": "member", "uses": None}))
    assert ted.push(ted.sealed(said)) == []
    remove(stage, ted.key)
    assert ted.knock("invite", invite=Identity.from_seed(line.secret)) == "removed"
    assert stage.stranger("twin").knock("invite", invite=own) == "revoked invite"


@plays("X6")
def test_whoever_is_handed_an_open_invite_comes_back_as_somebody_new(stage: Stage) -> None:
    """Not promised: a new key is a new member. They have nothing of what they were, and are named."""
    line = stage.invite(uses=2)
    ted = stage.attacker("ted", line)
    remove(stage, ted.key)
    assert asked(stage, line, "ted again") == ""
    again = stage.attacker("ted again", line)
    stage.meet()
    assert all(found[again.key] == "member" and ted.key not in found for found in roles(stage))


@plays("X4")
def test_what_was_made_after_the_removal_enters_by_nobodys_hand(stage: Stage) -> None:
    """Carried by another member, who has read of the removal and lets it be built on that."""
    friend = stage.attacker("friend")
    ted = stage.attacker()
    remove(stage, ted.key)
    friend.pull()
    late = friend.vote(stage.issue, 5, by=ted.machine)
    stage.refused(friend, ted.sealed(late), code="removed")
    other_machine = friend.vote(stage.issue, 5, by=ted.machine.again(123))
    stage.refused(friend, ted.sealed(other_machine), code="removed")


@plays("X4")
def test_what_was_said_before_or_beside_the_removal_stays_said(stage: Stage) -> None:
    """The door is closed, not the past: no vote vanishes because its voter left, whoever carries it."""
    friend = stage.attacker("friend")
    ted = stage.attacker()
    before = ted.vote(stage.issue, 4)
    remove(stage, ted.key)
    friend.pull()
    assert ted.knock() == "removed"
    assert friend.push(ted.sealed(before)) == []
    stage.cast[ted.key, stage.issue] = 4
    stage.meet()


@plays("X1")
def test_a_removed_member_keeps_what_they_have(stage: Stage) -> None:
    """Not promised: nothing reaches into another machine."""
    joon = stage.joon
    stage.mara.do(Say("removal", joon.me, {"why": "left"}))
    sync_once(stage.mara)
    with pytest.raises(ConnectionTrouble, match="stays yours"):
        sync_once(joon)
    assert stage.votes(joon) == {cast: dots for cast, dots in stage.cast.items() if dots}
    stage.vote(joon, 1)  # on their own machine, for themself
    stage.cast[joon.me, stage.issue] = 5
    stage.honest.remove(joon)


@plays("M11")
def test_a_member_removes_nobody(stage: Stage) -> None:
    ted = stage.attacker()
    ted.pull()
    said = ted.make(*(removing(ted, replica.me) for replica in stage.honest))
    assert ted.push(ted.sealed(said)) == []
    stage.meet()
    assert all({r.me for r in stage.honest} <= set(found) for found in roles(stage))


@plays("M11")
def test_a_member_names_nobody_a_convenor_alone(stage: Stage) -> None:
    ted = stage.attacker()
    ted.pull()
    ulid = "01J8ZQ6T3KDWM0000000000000"
    for subject in (f"{ted.key}/{ted.key}/{ulid}", f"{ted.key}/{stage.mara.me}/{ulid}", f"{ted.key}/{ulid}"):
        said = ted.make(ted.moot.saying(ted.machine, "role", subject, {"role": "convenor"}))
        assert ted.push(ted.sealed(said)) == []
        ted.moot.take(said.raw)
    down = ted.make(ted.moot.saying(ted.machine, "role", f"{stage.mara.me}/x", {"role": "member"}))
    assert ted.push(ted.sealed(down)) == []
    stage.meet()
    assert all(found[ted.key] == "member" and found[stage.mara.me] == "convenor" for found in roles(stage))


@plays("M11", "M12")
def test_second_selves_are_no_majority(stage: Stage) -> None:
    """Ted brings in four, all of them himself, who name him: those whom convenors let in are asked too."""
    ted = stage.attacker()
    invite = stage.second_key(ted)
    said = ted.make(ted.moot.saying(ted.machine, "invite", invite.key_text, {"role": "member", "uses": None}))
    assert ted.push(ted.sealed(said)) == []
    selves = [stage.come(stage.stranger(f"self {n}"), invite, ted.key) for n in range(4)]
    subject = f"{ted.key}/{ted.key}/01J8ZQ6T3KDWM0000000000000"
    for each in (ted, *selves):
        each.pull()
        vote = each.make(each.moot.saying(each.machine, "role", subject, {"role": "convenor"}))
        assert each.push(each.sealed(vote)) == []
    stage.meet()
    assert all(found[ted.key] == "member" for found in roles(stage))


@plays("M5", "M11")
def test_nobody_is_made_somebodys_later_self_against_their_word(stage: Stage) -> None:
    """Ted claims that Joon's key was his own, and two of his inventions vouch for it."""
    ted = stage.attacker()
    invite = stage.second_key(ted)
    said = ted.make(ted.moot.saying(ted.machine, "invite", invite.key_text, {"role": "member", "uses": None}))
    assert ted.push(ted.sealed(said)) == []
    selves = [stage.come(stage.stranger(f"self {n}"), invite, ted.key) for n in range(2)]
    for each in (ted, *selves):
        each.pull()
        claim = each.make(each.moot.saying(each.machine, "self", f"{stage.joon.me}/{ted.key}", {}))
        assert each.push(each.sealed(claim)) == []
    stage.meet()
    assert all(stage.joon.me in found and ted.key in found for found in roles(stage))
    stage.vote(stage.joon, 2)


@plays("K3")
@pytest.mark.parametrize("first", ["elder", "younger"])
def test_of_two_convenors_who_remove_each_other_the_one_who_came_first_stays(
    stage: Stage, first: str
) -> None:
    elder = stage.attacker("elder", role="convenor")
    younger = stage.attacker("younger", role="convenor")
    elder.pull()
    younger.pull()
    acts = {
        "elder": elder.sealed(elder.make(removing(elder, younger.key))),
        "younger": younger.sealed(younger.make(removing(younger, elder.key))),
    }
    second = "younger" if first == "elder" else "elder"
    people = {"elder": elder, "younger": younger}
    assert people[first].push(acts[first]) == []
    mara = stage.hand_of(stage.mara)
    assert mara.push(acts[second]) == []  # whoever was let go already has a friend to carry it
    stage.meet()
    assert all(elder.key in found and younger.key not in found for found in roles(stage))
    assert younger.knock() == "removed"
    assert elder.knock() == ""


@plays("K4", "X5")
def test_authority_that_is_used_beside_ones_own_removal_is_void(stage: Stage) -> None:
    """Removed, and quick: an invite for convenors and a removal, built as if nothing had been heard."""
    kay = stage.attacker("kay", role="convenor")
    kay.pull()
    invite = stage.second_key(kay)
    acts = kay.make(
        kay.moot.saying(kay.machine, "invite", invite.key_text, {"role": "convenor", "uses": None}),
        removing(kay, stage.joon.me),
    )
    remove(stage, kay.key)
    friend = stage.attacker("friend")
    assert friend.push(kay.sealed(acts)) == []
    stage.meet()
    assert all(stage.joon.me in found and kay.key not in found for found in roles(stage))
    assert stage.stranger("twin").knock("invite", invite=invite) in ("bad invite", "revoked invite")


@plays("K1")
def test_a_convenor_removes_a_member_and_it_is_named_who_did(stage: Stage) -> None:
    """By right. Their votes stay as they were cast."""
    kay, ted = stage.attacker("kay", role="convenor"), stage.attacker()
    vote = ted.vote(stage.issue, 3)
    assert ted.push(ted.sealed(vote)) == []
    stage.cast[ted.key, stage.issue] = 3
    kay.pull()
    assert kay.push(kay.sealed(kay.make(removing(kay, ted.key)))) == []
    stage.meet()
    assert ted.knock() == "removed"
    roster = Roster(kay.pull().history)
    assert roster.members[ted.machine.key].removed_by == kay.machine.key


@plays("L1", "L2")
def test_whoever_finds_a_laptop_that_is_open_is_its_owner_until_the_key_is_removed(stage: Stage) -> None:
    """Not promised: the key lies in the data folder. The finder reads and votes until Mara hears of it."""
    ines = stage.ines
    thief = stage.hand_of(ines, nonce=66)
    last = next(
        o.id
        for change in reversed(thief.moot.changes())
        for o in change.operations
        if o.key == f"{ines.me}/vote/{stage.issue}"
    )
    vote = thief.make(thief.moot.saying(thief.machine, "vote", stage.issue, {"dots": 4}, last))
    assert thief.push(thief.sealed(vote)) == []
    stage.meet()
    assert stage.votes(stage.mara)[ines.me, stage.issue] == 4
    remove(stage_without(stage, ines), ines.me)
    assert thief.knock() == "removed"
    stage.cast[ines.me, stage.issue] = 4


@plays("L4", "X2")
def test_who_lost_a_laptop_comes_back_as_somebody_new_and_the_old_key_stays_out(stage: Stage) -> None:
    ines = stage.ines
    thief = stage.hand_of(ines, nonce=66)
    remove(stage_without(stage, ines), ines.me)
    anew = stage.attacker("ines anew")
    thief.moot = anew.pull()
    late = thief.vote(stage.issue, 5)
    stage.refused(anew, thief.sealed(late), code="removed")
    with pytest.raises(LetGo, match="removed"):
        thief.enter()
    vote = anew.vote(stage.issue, 2)
    assert anew.push(anew.sealed(vote)) == []
    stage.cast[anew.key, stage.issue] = 2


def stage_without(stage: Stage, gone: Replica) -> Stage:
    """The same stage, on which one honest member's machine takes part no longer."""
    stage.honest = [replica for replica in stage.honest if replica is not gone]
    return stage
