"""Small attacks, one for each rule, on a scene in one process: each asserts that it is turned away."""

from __future__ import annotations

from collections.abc import Callable

from moot_client.replica.commands import Say
from moot_shared.format.change import Action, ValueKind
from moot_shared.ids import encode_bytes
from moot_shared.limits import DEFAULT
from moot_shared.trust import seal
from moot_shared.trust.seal import Sealed
from tests.adversary.scene import Scene, note
from tests.helpers.community import Machine, here, op, person, put

ULID = "01J8ZQ6T3KDWM0000000000000"
Attack = Callable[[Scene], None]


def a_strangers_seal(scene: Scene) -> None:
    thief = scene.ted.as_if(scene.joon)
    forged = scene.ted.vote(scene.issue, 0, by=thief)
    scene.refused("seal", scene.ted.sealed(forged))


def a_seal_of_another_community(scene: Scene) -> None:
    vote = scene.ted.vote(scene.issue, 1)
    elsewhere = scene.ted.machine.identity.sign(seal.seal_message(bytes(32), vote.actor, vote.seq, vote.hash))
    scene.refused("seal", Sealed(vote.raw, elsewhere))


def a_vote_in_joons_name(scene: Scene) -> None:
    key = f"{scene.joon.me}/vote/{scene.issue}"
    before = scene.inside(key)[-1].id
    scene.refused("not yours", scene.ted.make(put(scene.ted.moot.said, key, '{"dots":0}', before)))


def a_record_in_joons_name(scene: Scene) -> None:
    key = f"issue/{ULID}/{scene.joon.me}"
    scene.refused("not yours", scene.ted.make(op(Action.MAKE_MAP, scene.ted.moot.records, key)))


def a_value_over_a_text(scene: Scene) -> None:
    record = scene.inside(scene.issue)[0].id
    scene.refused("structure", scene.ted.make(put(record, "body", "gone")))


def a_map_for_a_vote(scene: Scene) -> None:
    key = f"{scene.ted.key}/vote/{scene.issue}"
    scene.refused("statement", scene.ted.make(op(Action.MAKE_MAP, scene.ted.moot.said, key)))


def another_root(scene: Scene) -> None:
    scene.refused("root", scene.ted.make(op(Action.MAKE_MAP, None, "said")))


def a_change_beside_ones_own(scene: Scene) -> None:
    base = [scene.ted.moot.history.change(h) for h in scene.ted.moot.history.heads()]
    scene.speak(scene.ted, note(scene))
    aside = scene.ted.make(put(scene.ted.moot.said, f"{scene.ted.key}/note/y", "{}"), on=base, seq=2)
    scene.refused("chain", aside)


def a_count_far_ahead(scene: Scene) -> None:
    scene.refused("counter", scene.ted.make(note(scene), start_op=1 << 30))


def words_after_a_removal(scene: Scene) -> None:
    friend = scene.somebody(Machine(scene.mara.identity, 5))
    scene.remove_ted()
    late = scene.somebody(scene.ted.machine)
    carried = late.sealed(late.vote(scene.issue, 1))
    scene.ted = friend  # who is let in, and carries it
    scene.refused("removed", carried)


def a_viewers_vote(scene: Scene) -> None:
    mara = scene.somebody(Machine(scene.mara.identity, 5))
    invite = person("invite of a viewer")
    scene.speak(mara, mara.moot.saying(mara.machine, "invite", invite.text, {"role": "viewer"}))
    viewer = scene.stranger("viewer")
    viewer.moot = scene.ted.moot
    joined = viewer.join(invite.identity, scene.mara.me)
    scene.taken(joined)
    viewer.moot.take(joined.chunk)
    scene.refused("viewer", viewer.sealed(viewer.vote(scene.issue, 5)))


def a_convenor_by_a_members_invite(scene: Scene) -> None:
    invite = person("invite of Ted")
    said = scene.ted.moot.saying(scene.ted.machine, "invite", invite.text, {"role": "convenor"})
    scene.speak(scene.ted, said)
    friend = scene.stranger("friend")
    friend.moot = scene.ted.moot
    scene.refused("grant", friend.join(invite.identity, scene.ted.key))


def a_join_without_the_secret(scene: Scene) -> None:
    invite = scene.invite(uses=None)
    scene.sync(scene.joon)
    guest = scene.stranger("guest")
    proof = encode_bytes(bytes(64))
    words = {"by": scene.mara.me, "proof": proof}
    joining = guest.make(guest.moot.saying(guest.machine, "join", invite.key_text, words))
    scene.refused("proof", guest.sealed(joining))


def a_key_that_anybody_signs_for(scene: Scene) -> None:
    """The key is the neutral point: a signature of nothing verifies over everything."""
    invite = scene.invite(uses=None)
    scene.sync(scene.joon)
    anybody = scene.stranger("anybody")
    nobody = anybody.claiming(b"\1" + bytes(31))
    proof = encode_bytes(invite.sign(seal.join_message(scene.mara.community, nobody.key)))
    words = {"by": scene.mara.me, "proof": proof}
    joining = anybody.make(anybody.moot.saying(nobody, "join", invite.key_text, words), by=nobody)
    scene.refused("seal", Sealed(joining.raw, b"\1" + bytes(63)))


def joons_vote_replaced_from_elsewhere(scene: Scene) -> None:
    joons = scene.inside(f"{scene.joon.me}/vote/{scene.issue}")[-1].id
    mine = scene.ted.moot.saying(scene.ted.machine, "vote", "another", {"dots": 1}, joons)
    scene.refused("replaced", scene.ted.make(mine))


def words_of_this_machine_that_it_did_not_write(scene: Scene) -> None:
    """A thief has the key, and the very number of Joon's machine, which goes on under another."""
    before = scene.joon.actor
    thief = scene.somebody(Machine(scene.joon.identity, int.from_bytes(scene.joon.actor[32:], "big")))
    assert scene.by_joon(thief.sealed(thief.vote(scene.issue, 4))) == []
    assert scene.joon.actor != before


def orphans_without_end(scene: Scene) -> None:
    _lost, *orphans = scene.ted.chain(DEFAULT.orphans_per_peer + 50)
    carried = [scene.ted.sealed(orphan) for orphan in orphans]
    assert scene.by_relay(*carried) == scene.by_joon(*carried) == ["missing"] * 49


def a_removed_members_knock(scene: Scene) -> None:
    scene.remove_ted()
    assert scene.knock(scene.ted) == "removed"


def a_second_use_of_an_invite_for_one(scene: Scene) -> None:
    invite = scene.invite(uses=1)
    guest = scene.stranger("guest")
    scene.taken(guest.join(invite, scene.mara.me))
    assert scene.knock(scene.stranger("another"), "invite", invite) == "spent invite"


def an_invite_after_its_end(scene: Scene) -> None:
    invite = scene.invite(expires=scene.relay.now - 1)
    assert scene.knock(scene.stranger("guest"), "invite", invite) == "expired invite"


def an_invite_that_was_taken_back(scene: Scene) -> None:
    invite = scene.invite()
    scene.mara.do(Say("revoke", invite.key_text, {}))
    scene.sync(scene.mara)
    assert scene.knock(scene.stranger("guest"), "invite", invite) == "revoked invite"


def a_counter(scene: Scene) -> None:
    record = scene.inside(scene.issue)[0].id
    scene.refused("value", scene.ted.make(put(record, "priority", 1, kind=ValueKind.COUNTER)))


def terms_that_grow(scene: Scene) -> None:
    invite = person("invite of Ted")
    scene.speak(scene.ted, scene.ted.moot.saying(scene.ted.machine, "invite", invite.text, {"uses": 1}))
    again = scene.ted.moot.saying(scene.ted.machine, "invite", invite.text, {"uses": 99})
    scene.refused("again", scene.ted.make(again))


def a_proof_passed_on_by_a_middleman(scene: Scene) -> None:
    assert scene.knock(scene.ted, url="ws://relay.example.evil") == "address"


def an_invite_made_beside_ones_own_removal(scene: Scene) -> None:
    by_convenors = scene.invite(role="convenor")
    scene.sync(scene.joon)
    kay = scene.stranger("kay")
    joined = kay.join(by_convenors, scene.mara.me)
    scene.taken(joined)
    scene.sync(scene.mara)
    kay, invite = scene.stranger("kay"), person("invite of Kay")
    said = kay.make(kay.moot.saying(kay.machine, "invite", invite.text, {"role": "convenor"}))
    scene.mara.do(Say("removal", kay.key, {"why": "left"}))
    scene.sync(scene.mara)
    scene.sync(scene.joon)
    scene.taken(kay.sealed(said))
    assert scene.knock(scene.stranger("twin"), "invite", invite.identity) == "bad invite"


def a_paragraph_named_in_another_text(scene: Scene) -> None:
    """Ted's own record, into which Joon's paragraph is pulled as the place to insert after."""
    body = scene.inside("body")[0].id
    element = next(o.id for c in scene.ted.moot.changes() for o in c.operations if o.obj == body)
    mine = scene.ted.make(
        op(Action.MAKE_MAP, scene.ted.moot.records, f"issue/{ULID}/{scene.ted.key}"),
        op(Action.MAKE_LIST, here(0), "body"),
        op(Action.PUT, here(1), element, "after another's", insert=True),
    )
    scene.refused("element", mine)
