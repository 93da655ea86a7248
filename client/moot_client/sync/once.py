"""One exchange with the relay: back when it has stored everything, and everything that it has is here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from moot_client.replica.commands import SyncOnce
from moot_client.replica.replica import Replica
from moot_client.sync.connection import dialling
from moot_client.sync.conversation import Conversation, Means, Patience
from moot_client.sync.credentials import Credentials
from moot_client.sync.events import AlmostFull, Event
from moot_client.sync.session import Session
from moot_client.sync.trouble import RelayRefused
from moot_client.sync.ways import arrived, credentials, missed, ways
from moot_shared.errors import ConnectionTrouble, InputError

AT_ONCE = Patience(quiet=0.0)
MOVES = 3  # a relay that has moved is followed so many times


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What one exchange brought: whether the relay has stored everything, and how many changes came.

    `note` is a sentence that its members should know, or ''.
    """

    stored: bool
    received: int
    note: str = ""


def sync_once(replica: Replica, ca_file: str | None = None) -> Exchanged:
    """Exchange everything once, here or by the Moot process that writes; blocks until it is done.

    Raises ConnectionTrouble where the relay could not be reached or does not take what is sent,
    InputError where the community is on no relay. Not to be called in an event loop's thread.
    """
    if not replica.become_writer():
        answer = replica.do(SyncOnce())
        return Exchanged(bool(answer["stored"]), int(answer["received"]), str(answer.get("note", "")))
    return asyncio.run(exchange(replica, at_once(ca_file)))


async def exchange(
    replica: Replica, means: Means, report: Callable[[Event], None] = lambda _: None
) -> Exchanged:
    """As `sync_once`, within an event loop; follows a relay that turns out to have moved."""
    received, note = 0, ""

    def hear(event: Event) -> None:
        nonlocal note
        if isinstance(event, AlmostFull):
            note = event.sentence
        report(event)

    for _ in range(MOVES):
        home = replica.relay_url()
        received += await _everywhere(replica, means, hear)
        if replica.relay_url() == home:
            break
    return Exchanged(True, received, note)


async def _everywhere(replica: Replica, means: Means, report: Callable[[Event], None]) -> int:
    """Exchange at home, after a farewell where the relay was; elsewhere where home does not answer."""
    way = ways(replica)
    if not way.all:
        raise no_relay()

    async def visit(url: str, *, farewell: bool = False) -> int | ConnectionTrouble:
        try:
            came = await exchange_at(replica, url, credentials(replica), means, report, farewell=farewell)
        except ConnectionTrouble as error:
            return error
        arrived(replica, url)
        return came

    results: list[int | ConnectionTrouble] = []
    for url in way.farewells:
        results.append(await visit(url, farewell=True))
        if isinstance(results[-1], ConnectionTrouble):
            missed(replica, url)
    at_home = await visit(way.all[0])
    results.append(at_home)
    for url in way.all[1:]:
        if any(isinstance(result, int) for result in results):
            break
        results.append(await visit(url))
    came = [result for result in results if isinstance(result, int)]
    if not came and isinstance(at_home, ConnectionTrouble):
        raise at_home
    return sum(came)


async def exchange_at(
    replica: Replica,
    url: str,
    as_what: Credentials,
    means: Means,
    report: Callable[[Event], None] = lambda _: None,
    *,
    farewell: bool = False,
) -> int:
    """One exchange with the relay at an address, by the process that writes; how many changes came in."""
    if not replica.become_writer():
        raise InputError("Another Moot has this community open. Close it, then do this again.")
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="moot-sync") as thread:
        conversation = Conversation(
            replica, url, as_what, thread=thread, report=report, means=means, farewell=farewell
        )
        await conversation.run(_signed)
    if conversation.session.held is not None:
        raise RelayRefused(conversation.session.held)
    return conversation.session.received


def know_us(replica: Replica, url: str, ca_file: str | None = None) -> bool | None:
    """Whether the relay at an address has this community; None where another process would have to ask.

    Raises ConnectionTrouble where nobody answers. Where it has it, everything is exchanged on the way.
    """
    if not replica.become_writer():
        return None
    try:
        asyncio.run(exchange_at(replica, url, credentials(replica), at_once(ca_file)))
    except RelayRefused as error:
        if error.code == "stranger":
            return False
        raise
    return True


async def _signed(session: Session) -> bool:
    return session.signed


def at_once(ca_file: str | None) -> Means:
    """The means of a command that nobody watches: sign for what came as soon as it is here."""
    return Means(dialling(ca_file), patience=AT_ONCE)


def no_relay() -> InputError:
    """Nothing to sync with."""
    return InputError("This community is on no relay yet. Put it on one with: moot host URL KEY.")
