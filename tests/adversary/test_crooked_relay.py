"""Whoever hosts the relay, and tampers: what clients make of it, and that nothing is lost by it."""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from moot_client.sync.conversation import Means, Patience
from moot_client.sync.events import Event, RefusedOther, RefusedOwn
from moot_client.sync.joining import host, join
from moot_client.sync.once import exchange_at, sync_once
from moot_client.sync.session import Credentials
from moot_client.views.standing import standing
from moot_shared.errors import ConnectionTrouble, MootError
from moot_shared.wire.glance import glance
from moot_shared.wire.messages import Done, Have, Message, Page, Peer, Receipt, Refusal, Stored
from moot_shared.wire.pages import Carry, unpack
from tests.adversary.stage import Stage, plays
from tests.helpers.attacker import Attacker
from tests.helpers.cohort import issue
from tests.helpers.community import Community, person
from tests.helpers.crooked import Answer, Crooked, Said
from tests.helpers.relay_process import RelayProcess
from tests.helpers.wire import page_body

MEANS = Means(patience=Patience(welcome=5.0, answer=0.5, quiet=0.0))
Change = Callable[[tuple[Carry, ...]], Iterable[Carry]]


@pytest.fixture(scope="session")
def between(relay: RelayProcess) -> Iterator[Crooked]:
    with Crooked(relay.url) as crooked:
        yield crooked


@pytest.fixture(autouse=True)
def crooked(stage: Stage, between: Crooked) -> Iterator[Crooked]:
    """In front of the relay, with a community on it that was put there through it."""
    between.honest()
    host(stage.mara, between.url, stage.relay.hosting_key)
    stage.mara.set_relay_url(stage.url)
    sync_once(stage.mara)
    yield between
    between.honest()


def meet(crooked: Crooked, replica: Replica) -> list[Event]:
    """Sync through the crooked relay; what was reported."""
    events: list[Event] = []
    asyncio.run(exchange_at(replica, crooked.url, Credentials(), MEANS, events.append))
    return events


def trouble(crooked: Crooked, replica: Replica) -> MootError | None:
    """Sync through the crooked relay, which may well fail: what is said of it, in a sentence."""
    try:
        meet(crooked, replica)
    except MootError as error:
        return error
    return None


def pages(change: Change) -> Callable[[Message], list[Said] | None]:
    """Tamper with what pages hold."""

    def down(message: Message) -> list[Said] | None:
        if not isinstance(message, Page):
            return None
        return [replace(message, body=page_body(change(unpack(message.body))))]

    return down


@plays("O6", "O2")
def test_who_stands_in_between_with_an_address_of_their_own_comes_in_with_nobodys_proof(stage: Stage) -> None:
    """Somebody altered the address in an invite's line, and passes everything on to the true relay."""
    stage.vote(stage.joon, 2)
    with Crooked(stage.url) as middleman:
        error = trouble(middleman, stage.joon)
        assert isinstance(error, ConnectionTrouble)
        assert "Somebody in between" in str(error)
        with pytest.raises(MootError, match="Somebody in between"):
            line = replace(stage.invite(uses=1), url=middleman.url)
            join(Home(stage.folder / "newcomer"), line, "Tariq")


@plays("R2")
def test_a_vote_that_the_relay_alters_on_the_way_is_refused(stage: Stage, crooked: Crooked) -> None:
    def bend(carried: tuple[Carry, ...]) -> Iterable[Carry]:
        for each in carried:
            bent = each.chunk.replace(b'"dots":2', b'"dots":0')
            yield Carry(Attacker.mended(bent) if bent != each.chunk else bent, each.seal)

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
    error = trouble(crooked, stage.joon)
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


def refusing(hashes: Callable[[Message], Iterable[bytes]]) -> Callable[[Message], list[Said] | None]:
    """Refuse changes of a page, and pass nothing on."""

    def up(message: Message) -> list[Said] | None:
        if not isinstance(message, Page):
            return None
        noes = [Answer.of(Refusal("seal", "The relay does not like this.", h)) for h in hashes(message)]
        return [*noes, Answer.of(Stored(message.n, {}, 1))]

    return up


def all_of(message: Message) -> list[bytes]:
    return [glance(c.chunk).hash for c in unpack(message.body)] if isinstance(message, Page) else []


@plays("R6")
def test_words_that_the_relay_refuses_without_reason_are_kept_and_shown(
    stage: Stage, crooked: Crooked
) -> None:
    stage.joon.do(Say("comment", f"{stage.issue}/", {"text": "Uncomfortable words."}))
    crooked.up = refusing(all_of)
    events = meet(crooked, stage.joon)
    assert any(isinstance(event, RefusedOwn) for event in events)
    (refusal,) = standing(stage.joon.reader(), stage.joon.me).refused
    assert "Uncomfortable words." in refusal.words
    assert refusal.reason == "The relay does not like this."


STOPPED = pytest.mark.xfail(
    strict=True, reason="a refused change of old stops all that is built on it, for every relay, in silence"
)


@pytest.mark.parametrize(
    "whose",
    [
        pytest.param("another's", marks=STOPPED),
        pytest.param("one's own", marks=STOPPED),
        "the first of all",
    ],
)
@plays("R6")
def test_a_relay_that_refuses_what_everybody_has_stops_nobody_elsewhere(
    stage: Stage, crooked: Crooked, whose: str
) -> None:
    """It says no to a change on which all else is built. At an honest relay everything goes out as before."""
    said_before = stage.joon.heads()
    if whose == "one's own":
        stage.vote(stage.joon, 4)
        stage.meet()
        said_before = stage.joon.heads()
    elif whose == "the first of all":
        said_before = (stage.community,)
    stage.vote(stage.joon, 2)
    crooked.up = refusing(lambda _: said_before)
    trouble(crooked, stage.joon)
    crooked.honest()
    stage.meet()
    assert stage.votes(stage.mara)[stage.joon.me, stage.issue] == 2


@plays("R6", "R10")
def test_a_flood_of_refusals_for_what_nobody_made_is_nothing(stage: Stage, crooked: Crooked) -> None:
    hashes = [hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(3_000)]
    flood: list[Said] = [Refusal("seal", "No. \x1b]0;owned\x07", h) for h in hashes]
    crooked.down = lambda message: [*flood, message] if isinstance(message, Done) else None
    meet(crooked, stage.joon)
    (kept,) = stage.joon.reader().execute("SELECT count(*) FROM refused").fetchone()
    assert kept == 0


@plays("R7", "H4")
def test_a_newcomer_is_not_handed_another_community(stage: Stage, crooked: Crooked) -> None:
    other = Community(person(f"another founder {stage.seed}"))
    other.say(other.founder, "vote", stage.issue, {"dots": 5})
    carried = [
        Carry(chunk, other.seal(other.history.change(h), other.founder)) for h, chunk in other.chunks.items()
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


BOMB = zlib.compress(bytes(40 << 20))
NESTED = b"\xa1\x64type\x82" * 5_000
BOMBS: dict[str, Callable[[], list[Said]]] = {
    "a page that would inflate to 40 MB": lambda: [Page(BOMB, at=1)],
    "a page of nothing": lambda: [Page(b"", at=1)],
    "a page of noise": lambda: [Page(bytes(range(256)), at=1)],
    "nested without end": lambda: [NESTED],
    "a frame of 3 MB": lambda: [bytes(3 << 20)],
    "text": lambda: ["<html>"],
    "nothing": lambda: [b""],
    "a list that says it is long": lambda: [b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff"],
    "a number of a megabyte": lambda: [b"\xc2\x5a\x00\x0f\xff\x00" + bytes(0xFFF00)],
    "a reference to itself": lambda: [b"\xd8\x1c\x81\xd8\x1d\x00"],
    "another challenge": lambda: [Peer("x", "y", bytes(16), {}, 1)],
    "pages without an end": lambda: [Page(page_body([Carry(bytes(900_000), None)]), more=True, at=1)] * 40,
    "changes that are none": lambda: [Page(page_body([Carry(bytes(40), None)] * 400), at=1)],
    "receipts that nobody signed": lambda: [Receipt(bytes(40), (bytes(32),) * 1_000, 1, bytes(64))] * 100,
    "later words": lambda: [b"\xa1\x64type\x66future"],
}


@plays("R10", "H6", "H10")
@pytest.mark.parametrize("bomb", BOMBS)
def test_what_a_relay_sends_to_break_a_client_breaks_one_connection_at_most(
    stage: Stage, crooked: Crooked, bomb: str
) -> None:
    sent = BOMBS[bomb]()
    crooked.down = lambda message: [*sent, message] if isinstance(message, Done) else None
    stage.vote(stage.joon, 2)
    trouble(crooked, stage.joon)
    crooked.honest()


@plays("R10", "H9")
def test_a_client_answers_nothing_where_there_is_nothing_new(stage: Stage, crooked: Crooked) -> None:
    """The relay asks for nothing, and says the same again and again: each answer would bring another."""
    said: list[Message] = []
    crooked.down = lambda message: [message] * 20 if isinstance(message, Done | Stored) else None
    crooked.up = said.append
    stage.meet()
    meet(crooked, stage.joon)
    assert sum(isinstance(message, Have | Page) for message in said) <= 2
