"""A member's session by hand over one socket, which then does nothing more."""

from __future__ import annotations

import random

from websockets.asyncio.client import ClientConnection

from moot_client.replica.replica import Replica
from moot_client.sync.credentials import Credentials
from moot_client.sync.session import Session
from moot_shared.wire.messages import Have, encode
from tests.helpers.network import NOW


async def settle_by_hand(
    replica: Replica, socket: ClientConnection, url: str, *, asks_for_everything: bool = False
) -> None:
    """Do everything that a client does until it is settled; then ask for all once more, and read no more."""
    replica.become_writer()
    dice = random.Random(1)
    session = Session(replica, url, Credentials(), now=lambda: NOW, random=dice.randbytes)
    session.start()
    while not session.settled:
        while frame := session.next_frame():
            await socket.send(frame)
        if not session.settled:
            data = await socket.recv()
            assert isinstance(data, bytes)
            session.receive(data)
    if asks_for_everything:
        await socket.send(encode(Have({})))
        await socket.recv()  # the first of it
