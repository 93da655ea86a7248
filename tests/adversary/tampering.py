"""A member's sync with a relay whose operator tampers with what passes through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace

from moot_client.replica.replica import Replica
from moot_client.sync.conversation import Means
from moot_client.sync.credentials import Credentials
from moot_client.sync.events import Event
from moot_client.sync.once import exchange_at
from moot_shared.errors import MootError
from moot_shared.trust.seal import Sealed
from moot_shared.wire.messages import Message, Page
from moot_shared.wire.pages import unpack
from tests.helpers.crooked import Crooked, Said
from tests.helpers.patience import PATIENT
from tests.helpers.wire import page_body

SOON_TIRED = replace(PATIENT, patience=replace(PATIENT.patience, answer=0.5))
"""Of a relay that answers nothing any more."""
Change = Callable[[tuple[Sealed, ...]], Iterable[Sealed]]


def meet(crooked: Crooked, replica: Replica, means: Means = PATIENT) -> list[Event]:
    """Sync through the crooked relay; what was reported."""
    events: list[Event] = []
    asyncio.run(exchange_at(replica, crooked.url, Credentials(), means, events.append))
    return events


def trouble(crooked: Crooked, replica: Replica, means: Means = PATIENT) -> MootError | None:
    """Sync through the crooked relay, which may well fail: what is said of it, in a sentence."""
    try:
        meet(crooked, replica, means)
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
