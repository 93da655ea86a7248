"""Whoever hosts the relay, and tampers: what clients make of it, and that nothing is lost by it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from moot_client.sync.events import RefusedOther
from moot_client.sync.joining import join
from moot_client.sync.once import sync_once
from moot_client.views.standing import standing
from moot_shared.errors import ConnectionTrouble, MootError
from moot_shared.trust.seal import Sealed
from moot_shared.wire.glance import glance
from moot_shared.wire.messages import Done, Message, Page, Peer, Stored
from tests.adversary.stage import Stage, plays
from tests.adversary.tampering import SOON_TIRED, Change, meet, pages, trouble
from tests.helpers.attacker import Attacker
from tests.helpers.cohort import issue
from tests.helpers.community import Community, person
from tests.helpers.crooked import Answer, Crooked, Said
from tests.helpers.wire import page_body


@plays("O6", "O2")
def test_who_stands_in_between_with_an_address_of_their_own_comes_in_with_nobodys_proof(stage: Stage) -> None:
    """Somebody altered the address in an invite's line, and passes everything on to the true relay."""
    stage.vote(stage.joon, 2)
    with Crooked(stage.url) as middleman:
        error = trouble(middleman, stage.joon)
        assert isinstance(error, ConnectionTrouble)
        assert "Somebody in between" in str(error)
        line = replace(stage.invite(uses=1), url=middleman.url)
        with pytest.raises(MootError, match="Somebody in between"):
            join(Home(stage.folder / "newcomer"), line, "Tariq")


@plays("R2")
def test_a_vote_that_the_relay_alters_on_the_way_is_refused(stage: Stage, crooked: Crooked) -> None:
    def bend(carried: tuple[Sealed, ...]) -> Iterable[Sealed]:
        for each in carried:
            bent = each.chunk.replace(b'"dots":2', b'"dots":0')
            yield Sealed(Attacker.mended(bent) if bent != each.chunk else bent, each.seal)

    stage.vote(stage.mara, 2)
    sync_once(stage.mara)
    crooked.down = pages(bend)
    events = meet(crooked, stage.joon)
    assert [e.code for e in events if isinstance(e, RefusedOther)] == ["seal"]
    assert stage.votes(stage.joon)[stage.mara.me, stage.issue] == 3


@plays("R2")
def test_what_the_relay_invents_in_somebodys_name_is_refused(stage: Stage, crooked: Crooked) -> None:
    operator = stage.stranger("operator")
    operator.moot = stage.hand_of(stage.mara).moot
    forged = operator.vote(stage.issue, 0, by=operator.as_if(stage.mara))
    own = operator.vote(stage.issue, 5)

    def add(message: Message) -> list[Said] | None:
        invented = [operator.sealed(forged), operator.sealed(own)]
        return [Page(page_body(invented), at=1), message] if isinstance(message, Done) else None

    crooked.down = add
    events = meet(crooked, stage.joon)
    assert {e.code for e in events if isinstance(e, RefusedOther)} == {"seal", "stranger"}


@plays("R3")
def test_what_the_relay_withholds_is_missing_and_comes_once_it_does_not(
    stage: Stage, crooked: Crooked
) -> None:
    """Not promised: nobody can tell what they are not shown. What builds on it waits, and is not refused."""
    stage.vote(stage.mara, 2)
    sync_once(stage.mara)
    sync_once(stage.ines)
    stage.vote(stage.ines, 4)
    sync_once(stage.ines)
    mara = stage.mara.actor
    crooked.down = pages(lambda all_of_them: [c for c in all_of_them if glance(c.chunk).actor != mara])
    trouble(crooked, stage.joon)
    assert stage.votes(stage.joon)[stage.mara.me, stage.issue] == 3
    assert not standing(stage.joon.reader(), stage.joon.me).refused


@plays("R3", "H9")
def test_a_relay_that_says_nothing_more_keeps_nobody_waiting_for_ever(stage: Stage, crooked: Crooked) -> None:
    crooked.down = lambda message: [] if isinstance(message, Done | Page | Stored) else None
    stage.vote(stage.joon, 2)
    error = trouble(crooked, stage.joon, SOON_TIRED)
    assert isinstance(error, ConnectionTrouble)
    assert "safe on this machine" in str(error)


@plays("R4", "H3")
@pytest.mark.parametrize("order", ["backwards", "twice", "with holes"])
def test_pages_in_disorder_twice_or_with_holes_do_no_harm(stage: Stage, crooked: Crooked, order: str) -> None:
    for number in range(12):
        issue(stage.mara, f"Issue {number}")
    sync_once(stage.mara)
    change: Change = {
        "backwards": lambda carried: carried[::-1],
        "twice": lambda carried: (*carried, *carried),
        "with holes": lambda carried: carried[::2],
    }[order]
    crooked.down = pages(change)
    trouble(crooked, stage.joon)
    assert not standing(stage.joon.reader(), stage.joon.me).refused


@plays("R4", "H9")
def test_old_messages_that_the_relay_sends_again_are_nothing_new(stage: Stage, crooked: Crooked) -> None:
    """A welcome of last week makes a client send what the relay has already; a page, nothing at all."""
    seen: list[Message] = []
    crooked.down = seen.append
    stage.vote(stage.mara, 2)
    sync_once(stage.mara)
    meet(crooked, stage.joon)
    old = {type(message): message for message in seen}

    def replay(message: Message) -> list[Said] | None:
        if isinstance(message, Peer):
            return [replace(message, clock={})]
        return [old[Page], message] if isinstance(message, Done) else None

    crooked.down = replay
    for _ in range(3):
        stage.vote(stage.joon, 5)
        meet(crooked, stage.joon)


@plays("R5")
@pytest.mark.parametrize("claim", ["stored", "welcome"])
def test_a_relay_that_says_stored_of_what_it_never_stored_loses_nothing(
    stage: Stage, crooked: Crooked, claim: str
) -> None:
    """Not promised: that it is stored is the relay's word. The work stays here and goes out again."""
    stage.vote(stage.joon, 2)
    mine = stage.joon.version()[stage.joon.actor]

    def swallow(message: Message) -> list[Said] | None:
        if not isinstance(message, Page):
            return None
        return [Answer.of(Stored(message.n, {stage.joon.actor: mine[0]}, 1))]

    if claim == "stored":
        crooked.up = swallow
    else:
        crooked.down = lambda message: (
            [replace(message, clock={**message.clock, stage.joon.actor: mine}, last=mine)]
            if isinstance(message, Peer)
            else None
        )
    meet(crooked, stage.joon)
    assert standing(stage.joon.reader(), stage.joon.me).waiting == 0  # it says so, and is believed
    crooked.honest()
    sync_once(stage.joon)
    sync_once(stage.mara)
    assert stage.votes(stage.mara)[stage.joon.me, stage.issue] == 2


@plays("R7", "H4")
def test_a_newcomer_is_not_handed_another_community(stage: Stage, crooked: Crooked) -> None:
    other = Community(person(f"another founder {stage.seed}"))
    other.say(other.founder, "vote", stage.issue, {"dots": 5})
    carried = [
        Sealed(chunk, other.seal(other.history.change(h), other.founder)) for h, chunk in other.chunks.items()
    ]
    crooked.down = lambda message: (
        [replace(message, body=page_body(carried))] if isinstance(message, Page) else None
    )
    line = replace(stage.invite(uses=2), url=crooked.url)
    with pytest.raises(MootError):
        join(Home(stage.folder / "newcomer"), line, "Tariq")
    assert not list((stage.folder / "newcomer").glob("*/store*"))
    crooked.honest()
    place = join(Home(stage.folder / "newcomer"), line, "Tariq")
    with_us = Replica.open(place)
    assert with_us.community == stage.community
    with_us.close()


@plays("R7")
def test_a_newcomer_may_be_shown_an_old_state_and_catches_up_at_the_first_honest_word(
    stage: Stage, crooked: Crooked
) -> None:
    """Not promised: who has never been here cannot know what there is."""
    stage.vote(stage.mara, 2)
    sync_once(stage.mara)
    line = replace(stage.invite(uses=1), url=crooked.url)
    crooked.down = pages(lambda carried: [c for c in carried if b'"dots":2' not in c.chunk])
    with pytest.raises(MootError):  # what came later was built on it, the invite among it
        join(Home(stage.folder / "newcomer"), line, "Tariq")
    crooked.honest()
    tariq = Replica.open(join(Home(stage.folder / "newcomer"), line, "Tariq"))
    assert stage.votes(tariq)[stage.mara.me, stage.issue] == 2
    tariq.close()


@plays("R8")
def test_a_relay_may_hand_a_removed_member_what_is_new_and_takes_nothing_of_theirs_to_others(
    stage: Stage, crooked: Crooked
) -> None:
    """Not promised: who hosts may show what they like to whom they like."""
    joon = stage.joon
    stage.mara.do(Say("removal", joon.me, {"why": "left"}))
    stage.vote(stage.mara, 2)
    sync_once(stage.mara)
    sync_once(stage.ines)
    shown = stage.hand_of(stage.mara)
    assert stage.handed(joon, *(shown.stolen(change) for change in shown.moot.changes())) == []
    assert stage.votes(joon)[stage.mara.me, stage.issue] == 2
    thief = Attacker(stage.url, person("nobody"), stage.community)
    thief.machine = type(thief.machine)(joon.identity, 31)
    thief.moot = shown.moot
    late = thief.sealed(thief.vote(stage.issue, 1))
    assert stage.handed(stage.ines, late) == ["removed"]
    stage.honest.remove(joon)


@plays("R9", "H5")
def test_a_relay_that_shows_the_other_branch_of_a_fork_splits_nobody_for_long(
    stage: Stage, crooked: Crooked
) -> None:
    ted = stage.attacker()
    base = [ted.moot.history.change(h) for h in ted.pull().history.heads()]
    stage.meet()
    here, there = ted.vote(stage.issue, 5, on=base), ted.vote(stage.issue, 1, on=base)
    crooked.down = lambda message: (
        [Page(page_body([ted.sealed(there)]), at=1), message] if isinstance(message, Done) else None
    )
    meet(crooked, stage.ines)
    crooked.honest()
    assert ted.push(ted.sealed(here)) == []
    stage.cast[ted.key, stage.issue] = 5
    stage.joon.do(Say("comment", f"{stage.issue}/", {"text": "Seen."}))
    sync_once(stage.joon)
    trouble(crooked, stage.ines)
