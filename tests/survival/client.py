"""A member's Moot without a screen, to be killed: `python -m tests.survival.client HOME PREFIX SEED`.

Opens the only community in a home, keeps in touch with its relay, and does things. What it is told it
says on stdout, one line at a time and only afterwards; whoever kills it reads what came until then:

    ready                   it writes, and syncs
    said WORD...            a command was carried out: its words are on this machine
    draft SUBJECT WORD      a draft is saved
    stored ACTOR SEQ        the relay has stored so much of an actor
    broken ...              what should not be: another process holds the lock, or a file was damaged

It ends when its stdin does, so that it outlives nobody.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from moot_client.home import Home
from moot_client.replica.replica import Replica
from moot_client.sync.conversation import Means
from moot_client.sync.engine import Engine
from moot_shared.errors import InputError
from tests.helpers.drafts import save_draft
from tests.simulation.acts import something
from tests.survival.member import PATIENCE, QUICK, Words

FORM = "issue"
PAUSE_S = 0.02
"""Between two acts, at the most."""


def tell(*words: str) -> None:
    """One line, whole and at once, from any thread."""
    os.write(1, (" ".join(words) + "\n").encode())


def main(home: str, prefix: str, seed: str) -> int:
    """Until it is killed, or nobody is there any more."""
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    replica = Replica.open(Home(Path(home)).place())
    if replica.notice:
        tell("broken", replica.notice)
    if not replica.become_writer():
        tell("broken", "another process has the community open")
    note = replica.note_stored

    def noted(through: Mapping[bytes, int], at: int) -> None:
        note(through, at)
        for actor, seq in through.items():
            tell("stored", actor.hex(), str(seq))

    replica.note_stored = noted  # type: ignore[method-assign]
    asyncio.run(_live(replica, Words(random.Random(seed), prefix)))
    return 0


async def _live(replica: Replica, words: Words) -> None:
    engine = Engine(replica, lambda event: None, Means(patience=PATIENCE), QUICK)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(engine.run())
        tasks.create_task(asyncio.to_thread(_act, replica, words))


def _act(replica: Replica, words: Words) -> None:
    tell("ready")
    dice, pause = words.dice, threading.Event()
    while True:
        pause.wait(dice.uniform(0.0, PAUSE_S))
        if dice.random() < 0.25:
            word = words.token()
            save_draft(replica, FORM, word, {"title": word})
            tell("draft", word, word)
            continue
        act = something(words, replica)
        with suppress(InputError):  # it may not be said: nothing was
            replica.do(act.command)
            tell("said", *act.words)


def _end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
