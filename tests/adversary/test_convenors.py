"""Power in the wrong hands: a convenor who turns, the only convenor's laptop, and somebody's earlier self."""

from __future__ import annotations

import pytest

from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_client.sync.once import sync_once
from moot_shared.errors import ConnectionTrouble
from tests.adversary.stage import Stage, plays
from tests.adversary.test_invites import roles
from tests.helpers.attacker import Attacker
from tests.helpers.cohort import votes_on


def name(by: Replica, key: str) -> str:
    """Name somebody a convenor, or propose it; the proposal's subject."""
    said: str = by.do(Say("role", f"{key}/{by.me}/", {"role": "convenor"}))
    return said.split("/", 2)[2]


def remove_by_hand(thief: Attacker, *keys: str) -> None:
    """Use a convenor's power on everybody named."""
    thief.pull()
    acts = [thief.moot.saying(thief.machine, "removal", key, {"why": ""}) for key in keys]
    assert thief.push(thief.sealed(thief.make(*acts))) == []


@plays("K5")
def test_a_convenor_who_turns_empties_the_community_and_takes_nothing_from_anybody(stage: Stage) -> None:
    """Not promised: convenors can remove everybody. What the others have is theirs, and they begin anew."""
    kay = stage.attacker("kay", role="convenor")
    stage.meet()
    remove_by_hand(kay, *(replica.me for replica in stage.honest))
    for replica in stage.honest:
        with pytest.raises(ConnectionTrouble, match="stays yours"):
            sync_once(replica)
        assert stage.votes(replica) == stage.cast
        assert verify(replica.store, replica.community).good
    stage.close()
    stage.begin_anew()


@plays("L5", "K3")
def test_when_the_only_convenors_laptop_is_gone_the_others_name_one_who_closes_the_door(stage: Stage) -> None:
    thief = stage.hand_of(stage.mara, nonce=66)
    joon, ines = stage.joon, stage.ines
    stage.honest = [joon, ines]
    subject = name(joon, joon.me)
    stage.meet()
    ines.do(Say("role", subject, {"role": "convenor"}))
    stage.meet()
    assert all(found[joon.me] == "convenor" for found in roles(stage))
    joon.do(Say("removal", stage.mara.me, {"why": "the laptop is gone"}))
    stage.meet()
    assert thief.knock() == "removed"
    assert all(stage.mara.me not in found for found in roles(stage))


@plays("L4", "M5")
def test_who_comes_back_under_a_new_key_has_one_vote_with_the_earlier_one(stage: Stage) -> None:
    thief = stage.hand_of(stage.ines, nonce=66)
    lost, stage.honest = stage.ines.me, [stage.mara, stage.joon]
    stage.mara.do(Say("removal", lost, {"why": "the laptop is gone"}))
    anew = stage.attacker("ines anew")
    claim = anew.make(
        anew.moot.saying(anew.machine, "self", f"{lost}/{anew.key}", {}),
        anew.moot.saying(anew.machine, "vote", stage.issue, {"dots": 4}),
    )
    assert anew.push(anew.sealed(claim)) == []
    stage.cast[anew.key, stage.issue] = 4
    stage.meet()
    for replica in stage.honest:
        replica.do(Say("self", f"{lost}/{anew.key}", {}))
    stage.meet()
    late = thief.sealed(thief.vote(stage.issue, 5))  # made before the removal, and carried in by a friend
    assert anew.push(late) == []
    stage.cast[lost, stage.issue] = 5
    stage.meet()
    for replica in stage.honest:
        votes = votes_on(replica.reader(), stage.issue)
        assert votes == {stage.mara.me: 3, stage.joon.me: 5, anew.key: 4}


@plays("L4")
def test_whoever_still_has_a_key_ends_a_claim_to_it_with_any_word(stage: Stage) -> None:
    """Two members were talked into vouching for a liar. Ines says anything at all, and is herself again."""
    liar = stage.attacker("liar")
    claim = liar.make(liar.moot.saying(liar.machine, "self", f"{stage.ines.me}/{liar.key}", {}))
    assert liar.push(liar.sealed(claim)) == []
    stage.honest = [stage.mara, stage.joon]
    stage.meet()
    for replica in stage.honest:
        replica.do(Say("self", f"{stage.ines.me}/{liar.key}", {}))
    stage.meet()
    stage.honest.append(stage.ines)
    stage.vote(stage.ines, 2)
    stage.meet()
    for replica in stage.honest:
        assert votes_on(replica.reader(), stage.issue)[stage.ines.me] == 2
