"""A relay that says no to what honest members wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from moot_client.replica.commands import Say
from moot_client.sync.events import RefusedOwn
from moot_client.views.standing import standing
from moot_shared.wire.glance import glance
from moot_shared.wire.messages import Message, Page, Refusal, Stored
from moot_shared.wire.pages import unpack
from tests.adversary.stage import Stage, plays
from tests.adversary.tampering import meet, trouble
from tests.helpers.crooked import Answer, Crooked, Said


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


@pytest.mark.parametrize("whose", ["another's", "one's own", "the first of all"])
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
