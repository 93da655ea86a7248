"""What the tests in this folder share: conversations that have to end, and what is looked at after them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_client.sync.credentials import Credentials
from tests.helpers.cohort import rows
from tests.helpers.network import MEMBER, Client, Relay, run

ENOUGH = 400
"""Frames in all: no conversation in these tests has as much to say as that."""


def converse(*clients: Client, sign: bool = False) -> int:
    """Carry frames until nobody has more to say; how many there were. A conversation without an end fails."""
    frames, moved = 0, True
    while moved:
        steps = [client.send_one() or client.receive_one() for client in clients]
        frames, moved = frames + sum(steps), any(steps)
        assert frames < ENOUGH, "they go on and on"
    if sign:
        for client in clients:
            client.session.sign()
        frames += converse(*clients)
    run(*clients)  # so that each says what it has come to
    return frames


def meet(relay: Relay, *replicas: Replica, credentials: Credentials = MEMBER, sign: bool = False) -> int:
    """Everybody connects, says and hears everything and hangs up, without trouble; how many frames it was."""
    clients = [Client(replica, relay, credentials) for replica in replicas]
    frames = converse(*clients, sign=sign)
    for client in clients:
        assert client.trouble is None, client.trouble
        assert client.settled()
        client.socket.close()
    return frames


def all_the_same(*replicas: Replica) -> None:
    """Equal heads, equal rows, and each store sound from the ground up."""
    for replica in replicas:
        assert replica.heads() == replicas[0].heads()
        assert rows(replica) == rows(replicas[0])
        findings = verify(replica.store, replica.community)
        assert findings.good, findings.troubles


def titles(replica: Replica) -> list[str]:
    """Every record's title, sorted."""
    found = replica.reader().execute("SELECT json_extract(value, '$.title') FROM record WHERE kind = 'issue'")
    return sorted(str(title) for (title,) in found)


def changes(path: Path) -> dict[bytes, bytes]:
    """hash -> bytes of every change in a client's or a relay's file, as somebody else reads it."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        return dict(db.execute("SELECT hash, bytes FROM change"))


def wipe(relay: Relay) -> None:
    """The relay's folder is lost, and it begins again with an empty one."""
    relay.crash()
    shutil.rmtree(relay.folder)
    relay.start()
