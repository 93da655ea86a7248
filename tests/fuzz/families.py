"""Which case is of which sort: told by its seed and number alone."""

from __future__ import annotations

import os
import random
import time

from tests.fuzz.attempt import Attempt, Family
from tests.fuzz.batches import batch
from tests.fuzz.doors import client_at_the_door, handshake
from tests.fuzz.frames import to_client, to_relay
from tests.fuzz.lines import line
from tests.fuzz.peers import Peers
from tests.fuzz.seals import seal
from tests.fuzz.single import single
from tests.fuzz.syncs import document, sync_message

FAMILIES: dict[str, tuple[int, Family]] = {
    "change": (64, single),
    "batch": (4, batch),
    "frame to a relay": (6, to_relay),
    "frame to a client": (5, to_client),
    "handshake": (4, handshake),
    "welcome": (2, client_at_the_door),
    "line": (5, line),
    "seal": (4, seal),
    "sync message": (4, sync_message),
    "document": (2, document),
}
"""By name: how often, and what makes it."""

SELF_TEST = "self-test"
"""A family whose case 1 kills its process and whose case 2 never ends, to see whether that is noticed."""

_NAMES = [name for name, (weight, _) in FAMILIES.items() for _ in range(weight)]


def attempt(peers: Peers, seed: int, number: int, only: str = "") -> tuple[str, Attempt]:
    """A case's family and what it does; `only` makes every case one of that family."""
    if only == SELF_TEST:
        return only, _deadly(number)
    dice = random.Random(f"{seed}/{number}")
    drawn = dice.choice(_NAMES)
    name = only or drawn
    return name, FAMILIES[name][1](peers, dice)


def _deadly(number: int) -> Attempt:
    def run() -> str:
        if number == 1:
            os.abort()
        while number == 2:
            time.sleep(1)  # hangs until it is killed, and takes no processor from whoever notices
        return "fine"

    return Attempt(["a test of the fuzzer itself"], b"", run)
