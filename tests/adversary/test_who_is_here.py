"""Whoever hosts the relay, and who is here: it can hide and delay, and puts nobody anywhere."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from moot_client.replica.replica import Replica
from moot_client.sync.company import Company
from moot_client.sync.conversation import Conversation
from moot_client.sync.credentials import Credentials
from moot_client.sync.events import Event, Here, Present
from moot_client.sync.session import Session
from moot_shared.ids import KEY_BYTES
from moot_shared.wire import presence
from moot_shared.wire.messages import Done, Ephemeral, Have, Message
from moot_shared.wire.presence import WRITING, Whereabouts
from tests.adversary.stage import Stage, plays
from tests.helpers.crooked import Crooked, Said, Tamper
from tests.helpers.patience import PATIENT


def meet(crooked: Crooked, replica: Replica, company: Company) -> list[Present]:
    """Sync through the crooked relay, in company; what was told of who is here, while it lasted."""
    events: list[Event] = []

    async def signed(session: Session) -> bool:
        return session.signed

    async def go() -> None:
        with ThreadPoolExecutor(max_workers=1) as thread:
            conversation = Conversation(
                replica, crooked.url, Credentials(), thread=thread, report=events.append, means=PATIENT,
                company=company,
            )  # fmt: skip
            await conversation.run(signed)

    assert replica.become_writer()
    asyncio.run(go())
    return [event for event in events if isinstance(event, Present)]


def before_done(*words: Ephemeral) -> Tamper:
    """The relay says these things of who is here, before anything could end."""

    def down(message: Message) -> list[Said] | None:
        return [*words, message] if isinstance(message, Done) else None

    return down


def made_up(of: Replica, number: int, count: int = 1) -> Ephemeral:
    """A word of a machine that a member has made up: any eight bytes after their key."""
    actor = of.actor[:KEY_BYTES] + number.to_bytes(8, "big")
    return presence.say(Whereabouts(), of.community, actor, of.identity, f"s{number}", count)


def said(of: Replica, count: int, where: Whereabouts, by: Replica | None = None) -> Ephemeral:
    signing = (by or of).identity
    return presence.say(where, of.community, of.actor, signing, "s", count)


@plays("R14")
def test_a_relay_puts_nobody_anywhere_who_has_not_said_so(stage: Stage, crooked: Crooked) -> None:
    writing = Whereabouts(at=stage.issue, doing=WRITING)
    true = said(stage.joon, 3, Whereabouts())
    forged = [
        said(stage.ines, 1, writing, by=stage.joon),
        replace(true, count=9),
        replace(true, session_id="another"),
        replace(true, data=said(stage.joon, 4, writing, by=stage.ines).data, count=4),
        replace(true, data=b""),
    ]
    crooked.down = before_done(*forged, true, said(stage.joon, 2, writing))
    company = Company(stage.mara, random=bytes)
    assert meet(crooked, stage.mara, company) == [Present((Here(stage.joon.actor, ""),))]


@plays("R14")
def test_who_comes_later_can_be_told_what_was_true_before(stage: Stage, crooked: Crooked) -> None:
    """Not promised: whoever has heard the goodbye knows better, and a minute later so does everybody."""
    here, bye = said(stage.joon, 1, Whereabouts()), said(stage.joon, 2, Whereabouts(here=False))
    now = [0.0]
    heard, late = (Company(stage.mara, lambda: now[0], random=bytes) for _ in range(2))
    heard.hear(here)
    heard.hear(bye)
    crooked.down = before_done(here)
    assert meet(crooked, stage.mara, heard) == []
    assert meet(crooked, stage.mara, late) == [Present((Here(stage.joon.actor, ""),))]
    now[0] = 61.0
    assert late.forget() == [Present(())]


@plays("R14")
def test_a_member_says_nothing_with_words_that_somebody_else_has_signed(stage: Stage) -> None:
    """Ted has kept what Joon said once, and says it again by his own connection."""
    ted, witness = stage.attacker(), stage.hand_of(stage.ines)
    kept = said(stage.joon, 1, Whereabouts(at=stage.issue, doing=WRITING))
    own = presence.say(Whereabouts(), stage.community, ted.machine.actor, ted.machine.identity, "s", 1)
    with witness.enter() as hears, ted.enter() as says:
        for wire in (hears, says):
            wire.say(Have({}))
            wire.hear(Done)
        for word in (kept, own):
            says.say(word)
        assert hears.hear(Ephemeral).data == own.data
        assert not [message for message in hears.said if isinstance(message, Ephemeral)]


@plays("R14")
def test_a_member_who_makes_up_machines_pushes_out_nobody_but_themselves(stage: Stage) -> None:
    company = Company(stage.mara, random=bytes)
    here = said(stage.joon, 1, Whereabouts())
    company.hear(here)
    news: list[Present] = []
    for number in range(1_100):
        news = company.hear(made_up(stage.ines, number))
    newest = {presence.read(made_up(stage.ines, number))[0].actor for number in range(1_092, 1_100)}
    assert {other.actor for other in news[0].others} == {stage.joon.actor, *newest}
    company.hear(said(stage.joon, 2, Whereabouts(here=False)))
    for number in range(1_100):
        company.hear(made_up(stage.ines, number, 2))
    assert company.hear(here) == [], "his goodbye is still known"


@plays("R14")
def test_whoever_comes_last_is_heard_however_many_machines_somebody_has_made_up(stage: Stage) -> None:
    company = Company(stage.mara, random=bytes)
    for number in range(1_100):
        company.hear(made_up(stage.ines, number))
    (now,) = company.hear(said(stage.joon, 1, Whereabouts()))
    assert stage.joon.actor in {other.actor for other in now.others}
