"""Coming in by a line that was pasted: used again, altered, expired, taken back, stretched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moot_client.replica.commands import Say
from moot_client.sync.once import sync_once
from moot_shared.errors import InputError
from moot_shared.format.change import Operation
from moot_shared.identity import Identity
from moot_shared.ids import encode_bytes
from moot_shared.trust.lines import InviteLine, parse_line
from moot_shared.trust.roster import Roster
from moot_shared.trust.seal import join_message
from tests.adversary.stage import Stage, plays
from tests.helpers.attacker import Attacker
from tests.helpers.community import Community, person
from tests.helpers.wire import LetGo


def roles(stage: Stage) -> list[dict[str, str]]:
    """Key text -> role, on every honest machine."""
    return [
        dict(replica.reader().execute("SELECT key, role FROM member WHERE NOT removed").fetchall())
        for replica in stage.honest
    ]


def secret(line: InviteLine) -> Identity:
    return Identity.from_seed(line.secret)


def asked(stage: Stage, line: InviteLine, name: str = "stranger") -> str:
    """Why the relay does not let a stranger in by a line; '' where it does."""
    return stage.stranger(name).knock("invite", invite=secret(line))


@plays("O3")
def test_an_invite_for_one_lets_in_one(stage: Stage) -> None:
    line = stage.invite(uses=1)
    stage.attacker("first", line)
    assert asked(stage, line) == "spent invite"


@plays("O3")
def test_of_many_who_hold_an_invite_for_one_at_the_same_moment_one_comes_in(stage: Stage) -> None:
    line = stage.invite(uses=1)
    crowd = [stage.stranger(f"guest {number}") for number in range(4)]
    wires = [guest.enter("invite", invite=secret(line)) for guest in crowd]
    ends = []
    for guest, wire in zip(crowd, wires, strict=True):
        try:
            with wire:
                guest.take_all(wire)
                wire.page([guest.join(secret(line), stage.mara.me)])
                ends.append("")
        except LetGo as end:
            ends.append(end.code)
    assert ends == ["", "spent invite", "spent invite", "spent invite"]
    stage.meet()
    assert all(len(members) == 4 for members in roles(stage))


@plays("O3")
def test_an_invite_that_was_taken_back_lets_nobody_in(stage: Stage) -> None:
    line = stage.invite(uses=None)
    stage.mara.do(Say("revoke", secret(line).key_text, {}))
    sync_once(stage.mara)
    assert asked(stage, line) == "revoked invite"


@plays("O3")
def test_an_invite_that_has_expired_lets_nobody_in_whatever_the_line_says(stage: Stage) -> None:
    line = stage.invite(expires=1_700_000_000_000)
    assert asked(stage, line) == "expired invite"
    assert asked(stage, replace(line, expires=None, uses=None)) == "expired invite"


@plays("O3")
def test_a_line_that_was_altered_is_read_by_nobody_or_gives_nothing_more(stage: Stage) -> None:
    """A slip is told by the checksum; an alteration with a new checksum changes nothing that counts."""
    line = stage.invite(uses=1)
    text = str(line)
    for at in range(len("moot-invite:"), len(text), 7):
        with pytest.raises(InputError):
            parse_line(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :])
    assert asked(stage, replace(line, secret=bytes(range(32)))) == "bad invite"
    elsewhere = Attacker(stage.url, person(f"elsewhere {stage.seed}"), bytes(range(32)))
    assert elsewhere.knock("invite", invite=secret(line)) == "bad invite"
    ted = stage.attacker("ted", replace(line, role="convenor", expires=None, uses=1_000))
    stage.meet()
    assert all(found[ted.key] == "member" for found in roles(stage))
    assert asked(stage, line, "another") == "spent invite"


@plays("O4")
def test_whoever_holds_a_good_line_first_is_who_comes_and_is_named_and_can_be_removed(stage: Stage) -> None:
    """A promise that is not made: a line works for whoever has it. Who came by it is on everybody's list."""
    line = stage.invite(uses=1)
    thief = stage.attacker("thief", line)
    stage.meet()
    assert all(thief.key in found for found in roles(stage))
    stage.mara.do(Say("removal", thief.key, {"why": "nobody knows them"}))
    stage.meet()
    assert thief.knock() == "removed"
    assert not any(thief.key in found for found in roles(stage))


@plays("M11")
def test_a_member_makes_nobody_a_convenor_by_an_invite(stage: Stage) -> None:
    ted = stage.attacker()
    invite = stage.second_key(ted)
    said = ted.make(ted.moot.saying(ted.machine, "invite", invite.key_text, {"role": "convenor"}))
    assert ted.push(ted.sealed(said)) == []
    friend = stage.stranger("friend")
    assert friend.knock("invite", invite=invite) == "bad invite"
    stage.meet()
    friend.moot = ted.pull()
    stage.refused(ted, friend.join(invite, ted.key), code="grant")


@plays("M11")
def test_a_member_takes_back_nobody_elses_invite(stage: Stage) -> None:
    ted, line = stage.attacker(), stage.invite(uses=1)
    ted.pull()
    back = ted.make(ted.moot.saying(ted.machine, "revoke", secret(line).key_text, {}))
    assert ted.push(ted.sealed(back)) == []
    stage.meet()
    stage.attacker("guest", line)


@plays("M11")
def test_a_member_makes_no_better_invite_with_the_key_of_anothers(stage: Stage) -> None:
    """Ted knows the public key of an open invite, and says that it is for convenors."""
    ted, line = stage.attacker(), stage.invite(uses=1)
    ted.pull()
    better = ted.make(ted.moot.saying(ted.machine, "invite", secret(line).key_text, {"role": "convenor"}))
    assert ted.push(ted.sealed(better)) == []
    guest = stage.attacker("guest", line)
    stage.meet()
    assert all(found[guest.key] == "member" for found in roles(stage))


@plays("M11")
def test_an_invites_terms_stay_as_they_were_said(stage: Stage) -> None:
    ted = stage.attacker()
    invite = stage.second_key(ted)
    first = ted.make(ted.moot.saying(ted.machine, "invite", invite.key_text, {"role": "member", "uses": 1}))
    assert ted.push(ted.sealed(first)) == []
    ted.moot.take(first.raw)
    for pred in ((), (first.operations[0].id,)):
        again = ted.moot.saying(ted.machine, "invite", invite.key_text, {"role": "member", "uses": 99}, *pred)
        stage.refused(ted, ted.sealed(ted.make(again)), code="again")
    twice = (
        ted.moot.saying(ted.machine, "invite", encode_bytes(bytes(31) + b"\5"), {"role": "member"}),
        ted.moot.saying(
            ted.machine, "invite", encode_bytes(bytes(31) + b"\5"), {"role": "member", "uses": 2}
        ),
    )
    stage.refused(ted, ted.sealed(ted.make(*twice)), code="again")


@plays("O3", "M11")
def test_a_join_writes_nothing_else_and_is_made_with_the_invites_secret(stage: Stage) -> None:
    ted, line = stage.attacker(), stage.invite(uses=None)
    stage.meet()
    guest = stage.stranger("guest")
    guest.moot = ted.pull()
    invite, text = secret(line), secret(line).key_text
    vote = guest.moot.saying(guest.machine, "vote", stage.issue, {"dots": 5})

    def proof(by: Identity, community: bytes = stage.community, of: bytes = guest.machine.key) -> str:
        return encode_bytes(by.sign(join_message(community, of)))

    def join(subject: str = text, **other: object) -> Operation:
        said = {"by": stage.mara.me, "proof": proof(invite), **other}
        return guest.moot.saying(guest.machine, "join", subject, said)

    for operations, code in (
        ([join(), vote], "stranger"),
        ([vote, join()], "stranger"),
        ([vote], "stranger"),
        ([join(by=stage.joon.me)], "invite"),
        ([join(by=[stage.mara.me])], "invite"),
        ([join(text + "=")], "invite"),
        ([join(encode_bytes(bytes(32)))], "invite"),
        ([join(proof=None)], "proof"),
        ([join(proof=encode_bytes(bytes(64)))], "proof"),
        ([join(proof=proof(invite, community=bytes(32)))], "proof"),
        ([join(proof=proof(invite, of=ted.machine.key))], "proof"),
        ([join(proof=proof(guest.machine.identity))], "proof"),
    ):
        stage.refused(ted, guest.sealed(guest.make(*operations)), code=code)
    late = guest.make(join(), seq=2)
    assert ted.push(guest.sealed(late)) == ["chain"]


@plays("O3")
def test_an_invite_of_another_community_is_none_here(stage: Stage) -> None:
    """Ted's other community has an invite by the same key and a founder of the same name."""
    there = Community(person(f"founder elsewhere {stage.seed}"))
    invite = there.invite(there.founder, "shared", role="convenor")
    assert stage.stranger().knock("invite", invite=invite.identity) == "bad invite"
    ted = stage.attacker()
    stage.meet()
    guest = stage.stranger("guest")
    guest.moot = ted.pull()
    stage.refused(ted, guest.join(invite.identity, there.founder.text), code="invite")


@plays("M15")
def test_who_came_to_read_writes_nothing(stage: Stage) -> None:
    mara = stage.hand_of(stage.mara)
    invite = stage.second_key(mara)
    said = mara.make(mara.moot.saying(mara.machine, "invite", invite.key_text, {"role": "viewer", "uses": 2}))
    assert mara.push(mara.sealed(said)) == []
    viewer = stage.come(stage.stranger("viewer"), invite, stage.mara.me)
    stage.refused(viewer, viewer.sealed(viewer.vote(stage.issue, 5)), code="viewer")
    mine = viewer.make(viewer.moot.saying(viewer.machine, "invite", encode_bytes(bytes(31) + b"\7"), {}))
    stage.refused(viewer, viewer.sealed(mine), code="viewer")


@plays("M5")
def test_nobody_joins_twice_for_a_second_vote_or_a_higher_role(stage: Stage) -> None:
    ted = stage.attacker()
    line = stage.invite(role="convenor")
    stage.meet()
    ted.pull()
    again = ted.join(secret(line), stage.mara.me)
    stage.refused(ted, again, code="joined")
    ted.machine = ted.machine.again(77)
    stage.refused(ted, ted.join(secret(line), stage.mara.me), code="joined")


@plays("M1", "O3")
def test_keys_that_anybody_can_sign_for_are_nobodys(stage: Stage) -> None:
    """For a few keys (of small order) a signature of zeros verifies whatever it is said to be over."""
    ted, line = stage.attacker(), stage.invite(uses=None)
    stage.meet()
    ted.pull()
    for weak in (bytes(32), b"\1" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f", b"\xee" + b"\xff" * 31):
        nobody = ted.claiming(weak)
        proof = encode_bytes(secret(line).sign(join_message(stage.community, weak)))
        said = {"by": stage.mara.me, "proof": proof}
        join = ted.make(ted.moot.saying(nobody, "join", secret(line).key_text, said), by=nobody)
        stage.refused(ted, ted.sealed(join, nobody), code="seal")
        said_invite = ted.make(ted.moot.saying(ted.machine, "invite", encode_bytes(weak), {"role": "member"}))
        assert ted.push(ted.sealed(said_invite)) == []
        ted.moot.take(said_invite.raw)
        anybody = stage.stranger("anybody")
        assert anybody.knock("invite", invite=WeakKey(weak)) == "bad invite"
    roster = Roster(ted.pull().history)
    assert len(roster.members) == 4


class WeakKey(Identity):
    """A key of small order: it signs with zeros."""

    def __init__(self, key: bytes) -> None:
        super().__init__(bytes(32))
        self.public_key = key

    def sign(self, message: bytes) -> bytes:
        return b"\1" + bytes(63)
