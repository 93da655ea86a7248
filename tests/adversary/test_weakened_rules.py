"""Each rule is needed, and each is held to: with one line of it taken out, an attack is seen to succeed.

Every attack passes with the rules as they are; with its rule weakened it must not. If a rule is written
differently one day, `weaken` says so, and its line here is written anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from moot_server.members.door import Door
from moot_shared.identity import is_sound
from moot_shared.trust import admission, intake, join, seal, structure, waiting
from moot_shared.trust.invite import Invite
from moot_shared.trust.roster import Roster
from tests.adversary import attacks
from tests.adversary.attacks import Attack
from tests.adversary.scene import Scene, weaken


class Weakening(NamedTuple):
    """One line of one rule, what stands there instead, and the attack that must be seen to succeed."""

    name: str
    rule: Callable[..., object]
    old: str
    new: str
    attack: Attack


class_ = structure.Structure
WEAKENINGS = [
    Weakening("seals are not verified", seal.check_seal,
              "if not verify(", "if False and not verify(", attacks.a_strangers_seal),
    Weakening("a seal is good for every community", seal.seal_message,
              "_SEAL + community", "_SEAL", attacks.a_seal_of_another_community),
    Weakening("statements begin with any name", class_._statement,
              "said.author != self._author", "False", attacks.a_vote_in_joons_name),
    Weakening("records end with any name", class_._record,
              "key.creator != self._author", "False", attacks.a_record_in_joons_name),
    Weakening("texts may be put over", class_._field,
              "if key in lists:", "if False:", attacks.a_value_over_a_text),
    Weakening("a statement may be anything", class_._statement,
              "(op.action is not Action.PUT or op.kind is not ValueKind.STR)", "False",
              attacks.a_map_for_a_vote),
    Weakening("the root may be written", class_.check,
              'raise AdmissionError("root", "This change touches the root of the document.")', "continue",
              attacks.another_root),
    Weakening("chains are not looked at", admission._check_place,
              "if (own and not clock.covers(change.actor, own)) or", "if False and",
              attacks.a_change_beside_ones_own),
    Weakening("operations are counted from anywhere", admission._check_deps,
              "if change.start_op != 1", "if False and change.start_op != 1", attacks.a_count_far_ahead),
    Weakening("the removed go on writing", join.standing,
              'return "removed"', "pass", attacks.words_after_a_removal),
    Weakening("viewers write", admission._check_place,
              'if role == "viewer":', "if False:", attacks.a_viewers_vote),
    Weakening("members make convenors", join._check_grant,
              'if terms.role != "convenor":', "if True:", attacks.a_convenor_by_a_members_invite),
    Weakening("the proof of a join is not verified", join.check_join,
              "if not verify(", "if False and not verify(", attacks.a_join_without_the_secret),
    Weakening("keys of small order are keys", is_sound,
              " and y not in _WEAK", "", attacks.a_key_that_anybody_signs_for),
    Weakening("what is replaced may be anywhere", class_._check_replaced,
              "place != op.key", "False", attacks.joons_vote_replaced_from_elsewhere),
    Weakening("anybody writes as this machine", intake._Judging._judge,
              "change.actor == self._own_actor", "False",
              attacks.words_of_this_machine_that_it_did_not_write),
    Weakening("any number of orphans waits", waiting.Waiting.keep,
              "len(self._items) < self._limits.orphans_per_peer and room >= 0", "True",
              attacks.orphans_without_end),
    Weakening("the door does not ask who was removed", Door._role,
              "may_connect(key, now) else", "may_connect(key, now) or True else",
              attacks.a_removed_members_knock),
    Weakening("uses are not counted", Invite.state,
              "self.uses is None or", "True or", attacks.a_second_use_of_an_invite_for_one),
    Weakening("invites do not end", Invite.state,
              "now >= self.expires", "False", attacks.an_invite_after_its_end),
    Weakening("invites are not taken back", Invite.state,
              "if self.revoked:", "if False:", attacks.an_invite_that_was_taken_back),
    Weakening("any value may be stored", structure._check_value,
              "if not fine:", "if False:", attacks.a_counter),
    Weakening("statements of trust are said again", class_._check_once,
              "any(fact.author == self._change.author for fact in before)", "False", attacks.terms_that_grow),
    Weakening("a proof is good at every address", Door.judge,
              "if not self._names.known(", "if False and not self._names.known(",
              attacks.a_proof_passed_on_by_a_middleman),
    Weakening("authority outlives removal", Roster._acted,
              " and not self._authority.undone(fact)", "", attacks.an_invite_made_beside_ones_own_removal),
    Weakening("a paragraph may be of another text", class_._element,
              "element.obj != op.obj", "False", attacks.a_paragraph_named_in_another_text),
]  # fmt: skip


@pytest.fixture
def weakened(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Weakening | None:
    """The weakening that a test is about, in force; before anything else is made."""
    weakening: Weakening = request.param
    weaken(monkeypatch, weakening.rule, weakening.old, weakening.new)
    return weakening


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def play(attack: Attack, scene: Scene) -> None:
    """An attack, and the check that ends each."""
    attack(scene)
    scene.check()


@pytest.mark.parametrize("attack", dict.fromkeys(w.attack for w in WEAKENINGS), ids=lambda a: a.__name__)
def test_with_the_rules_as_they_are_the_attack_fails(attack: Attack, scene: Scene) -> None:
    play(attack, scene)


@pytest.mark.slow
@pytest.mark.parametrize("weakened", WEAKENINGS, indirect=True, ids=lambda w: w.name)
def test_a_weakened_rule_is_caught(weakened: Weakening, scene: Scene) -> None:
    with pytest.raises(AssertionError):
        play(weakened.attack, scene)
