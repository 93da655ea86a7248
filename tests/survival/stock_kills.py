"""An open relay is killed while stock clients write; what it declared or passed on, a newcomer finds there.

    clients write ─▶ at a moment of the dice's choice: kill -9 ─▶ they leave ─▶ it starts again
    ─▶ a client that has nothing comes, alone, and is held against what the others were told ─▶ they come back

Nobody who could bring back what was lost is there before the newcomer has seen what is left.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from typing_extensions import override

from tests.bench.relay.peer import Gone
from tests.bench.relay.stock import Whole, new_document
from tests.bench.relay.wire import read_change, read_message
from tests.helpers.binding import Replica
from tests.survival.relay import Relay, ground, quiet_port
from tests.survival.watch import Failed, Watch

CLIENTS = 4
DOCUMENT = 25
"""So many kills while one document is written; then another one, so that each stays cheap to look at."""
WHOLE_DOCUMENT = 0x43
SAID_ENOUGH_S = 0.15

Say = Callable[[str], None]


@dataclass
class Figures:
    """What was done."""

    kills: int = 0
    while_starting: int = 0
    edits: int = 0
    promised: int = 0
    """Changes that were declared or passed on, looked for by a newcomer, counted at each kill."""

    def __str__(self) -> str:
        return (
            f"stock: {self.kills} kills ({self.while_starting} while it started), {self.edits} edits, "
            f"{self.promised} promised changes looked for"
        )


class Client(Whole):
    """A stock client that remembers what it was told."""

    def __init__(self, url: str, document: str, watch: Watch, replica: Replica | None = None) -> None:
        super().__init__(url, document, replica)
        self._watch = watch
        self.promised: set[bytes] = set()
        self.frames = 0
        self.edits = 0

    @override
    def edit(self, key: str, value: int) -> None:
        self.edits += 1
        self.replica.put(key, value)
        self.flush()

    @override
    def take(self, data: bytes) -> None:
        self.frames += 1
        super().take(data)
        self.promised |= self.replica.theirs
        if data[0] != WHOLE_DOCUMENT:
            self.promised |= {read_change(chunk).hash for chunk in read_message(data).changes}

    @override
    def hear(self, frame: bytes) -> None:
        super().hear(frame)
        self._watch.news()

    @override
    def ended(self) -> None:
        super().ended()
        self._watch.news()


async def kill_open_relays(
    seed: int, number: int, say: Say = lambda _: None, program: tuple[str, ...] = ("-m", "moot_shared")
) -> Figures:
    """Kill an open relay so many times; Failed, with what was promised and is not there."""
    figures, dice = Figures(), random.Random(f"stock {seed}")
    folder = ground()
    relay = Relay(
        folder / "relay", quiet_port(dice.randrange(10_000)), program=program,
        options=("--open",),
    )  # fmt: skip
    try:
        await relay.up()
        while figures.kills < number:
            await _a_document(relay, dice, figures, min(number, figures.kills + DOCUMENT))
            say(str(figures))
    finally:
        relay.kill()
        shutil.rmtree(folder, ignore_errors=True)
    return figures


async def _a_document(relay: Relay, dice: random.Random, figures: Figures, until: int) -> None:
    document, wrote, watch = new_document(), 0, Watch()
    first = Replica()
    first.put("begun", 1)
    replicas = [Replica(first.save()) for _ in range(CLIENTS)]
    promised: set[bytes] = set()
    while figures.kills < until:
        clients = [Client(relay.url, document, watch, replica) for replica in replicas]
        await asyncio.gather(*(each.connect() for each in clients))
        writing = [asyncio.create_task(_write(each, dice, f"{n} {wrote}")) for n, each in enumerate(clients)]
        await _moment(clients, dice, watch)
        relay.shoot()
        await watch.until(partial(_all_gone, clients), "everybody notices that it is dead")
        await asyncio.gather(*writing)
        wrote += 1
        figures.kills += 1
        figures.edits += sum(each.edits for each in clients)
        promised |= set().union(*(each.promised for each in clients))
        await _again(relay, dice, figures)
        await _held(relay, document, promised, watch)
        figures.promised += len(promised)
        replicas = [Replica(each.replica.save()) for each in clients]
    await _all_have_all(relay, document, replicas, watch)


def _all_gone(clients: list[Client]) -> bool:
    return all(each.closed for each in clients)


async def _write(client: Client, dice: random.Random, name: str) -> None:
    with suppress(Gone):
        for number in range(200):
            for _ in range(dice.choice((1, 1, 1, 5))):
                client.edit(f"{name} {number % 7}", number)
            if dice.random() < 0.5:
                frames = client.frames
                await client.until(lambda frames=frames: client.frames > frames)  # type: ignore[misc]
            await asyncio.sleep(0)


async def _moment(clients: list[Client], dice: random.Random, watch: Watch) -> None:
    """Until so many frames have come to somebody, or a little later."""
    one = dice.choice(clients)
    target = one.frames + dice.randint(1, 12)
    await watch.within(lambda: one.frames >= target, SAID_ENOUGH_S)
    await watch.within(lambda: False, dice.choice((0.0, dice.uniform(0.0, 0.015))))


async def _again(relay: Relay, dice: random.Random, figures: Figures) -> None:
    starting = asyncio.create_task(relay.up())
    if dice.random() < 0.1:
        await asyncio.wait([starting], timeout=dice.uniform(0.0, 0.4))
        relay.shoot()
        await starting
        relay.shoot()
        figures.while_starting += 1
        starting = asyncio.create_task(relay.up())
    await starting


async def _held(relay: Relay, document: str, promised: set[bytes], watch: Watch) -> None:
    """A newcomer finds everything that anybody was promised."""
    newcomer = Client(relay.url, document, watch)
    await newcomer.connect()
    answered = lambda: newcomer.unavailable or (newcomer.settled() and newcomer.frames > 0)  # noqa: E731
    await watch.until(answered, "a newcomer has what there is")
    newcomer.close()
    lost = promised - {read_change(chunk).hash for chunk in newcomer.replica.since(set())}
    if lost:
        raise Failed(f"{len(lost)} of {len(promised)} changes that were declared or passed on are not there")


async def _all_have_all(relay: Relay, document: str, replicas: list[Replica], watch: Watch) -> None:
    clients = [Client(relay.url, document, watch, replica) for replica in replicas]
    await asyncio.gather(*(each.connect() for each in clients))
    settled = lambda: all(c.settled() and c.state() == clients[0].state() for c in clients)  # noqa: E731
    await watch.until(settled, "everybody has everything")
    for each in clients:
        each.close()
