"""A member's machine that is here, to be killed: `python -m tests.helpers.present HOME RELAY [RECORD]`.

It reaches the relay at RELAY, by whatever name it has for it, and says that its member is here, or writes in
that record. It ends when its stdin does, so that it outlives nobody.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from websockets.asyncio.client import ClientConnection

from moot_client.home import Home
from moot_client.replica.replica import Replica
from moot_client.sync.connection import dial
from moot_client.sync.conversation import Means
from moot_client.sync.engine import Engine
from moot_shared.wire.presence import WRITING, Whereabouts


def led_to(relay: str) -> Means:
    """What leads a machine to this relay, as a proxy does, whatever address it dials."""

    async def there(url: str) -> ClientConnection:
        return await dial(relay)

    return Means(dial=there)


async def be_here(replica: Replica, relay: str, record: str) -> None:
    """Until stdin ends."""
    engine = Engine(replica, lambda event: None, led_to(relay))
    engine.i_am(Whereabouts(at=record, doing=WRITING) if record else Whereabouts())
    running = asyncio.create_task(engine.run())
    await asyncio.to_thread(sys.stdin.read)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


if __name__ == "__main__":
    home, relay, *record = sys.argv[1:]
    asyncio.run(be_here(Replica.open(Home(Path(home)).place()), relay, "".join(record)))
