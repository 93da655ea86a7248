"""A merge costs what it changed: batches of 1 to 1,000 changes, received in communities of both sizes.

The changes are one member's, of every kind and about anything that there is, old and new. What is measured
is `Replica.receive`, as the sync thread calls it: decoding, seals, the rules, rows, the document, the disk.
Beside the times stand the steps that SQLite's machine takes a change: those are the same in every run.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from moot_client.home import Home
from moot_client.replica.commands import Command, Create, Edit, Say
from moot_client.replica.replica import Replica
from moot_shared.trust.seal import Sealed
from tests.bench.client.homes import become, complete, copied
from tests.bench.client.words import paragraph, sentence, title

BATCHES = {1: 60, 10: 20, 100: 8, 1000: 2}
COUNTED = {1: 20, 10: 4, 100: 1, 1000: 1}
"""So many more batches are counted, and not timed."""
AIM = 1.5
"""So much more than in the small community may a batch take in the large one."""


def measured(scale: float) -> dict[str, dict[str, float]]:
    """By a batch's size: ms of the receiving thread's processor and of the wall, and steps a change."""
    with ExitStack() as stack:
        mine = stack.enter_context(copied(complete(scale)))
        theirs = stack.enter_context(copied(mine))
        become(theirs, 1)
        with closing(_open(theirs)) as author:
            changes = written(author, sum(size * (BATCHES[size] + COUNTED[size]) for size in BATCHES))
        with closing(_open(mine)) as replica:
            replica.warm()
            timed = sum(size * times for size, times in BATCHES.items())
            found, steps = received(replica, changes[:timed]), counted(replica, changes[timed:])
    return {size: found[size] | {"steps": steps[size]} for size in found}


def received(replica: Replica, changes: Sequence[Sealed]) -> dict[str, dict[str, float]]:
    """Take changes in, in batches of each size in turn."""
    found, at = {}, 0
    for size, times in BATCHES.items():
        used, wall = [], []
        for _ in range(times):
            batch = changes[at : at + size]
            at += size
            began, cpu = time.perf_counter(), time.thread_time()
            got = replica.receive(batch, home=True)
            used.append(time.thread_time() - cpu)
            wall.append(time.perf_counter() - began)
            assert got.new == size, got
        found[str(size)] = {"cpu_ms": 1e3 * statistics.median(used), "ms": 1e3 * statistics.median(wall)}
    return found


def counted(replica: Replica, changes: Sequence[Sealed]) -> dict[str, float]:
    """Steps of SQLite's machine a change, by the size of the batch in which it comes."""
    taken, at, found = 0, 0, {}

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    for size, times in COUNTED.items():
        taken = 0
        for _ in range(times):
            replica.store.db.set_progress_handler(step, 1)
            got = replica.receive(changes[at : at + size], home=True)
            replica.store.db.set_progress_handler(None, 1)
            at += size
            assert got.new == size, got
        found[str(size)] = taken / (size * times)
    return found


def written(author: Replica, count: int) -> list[Sealed]:
    """So many changes by one member, each with its seal."""
    before = author.version()
    author.become_writer()
    author.store.db.execute("PRAGMA synchronous = OFF")
    for command in _commands(author, count + count // 20):  # some say what stands already
        author.do(command)
    made = list(author.lacking(before))[:count]
    return [_sealed(author, each) for each in made]


def _sealed(author: Replica, each: Sealed) -> Sealed:
    """Stores thin seals; each batch's end needs one."""
    from moot_shared.format.change import decode_change
    from moot_shared.trust.seal import seal_message

    change = decode_change(each.chunk)
    message = seal_message(author.community, change.actor, change.seq, change.hash)
    return Sealed(each.chunk, author.identity.sign(message))


def _commands(author: Replica, count: int) -> Iterator[Command]:
    dice = random.Random(7)
    keys = {
        kind: [
            key
            for (key,) in author.reader().execute(
                "SELECT key FROM record WHERE kind = ? ORDER BY key", (kind,)
            )
        ]
        for kind in ("issue", "review", "lesson")
    }
    for number in range(count):
        issue, what = dice.choice(keys["issue"]), number % 10
        if what < 3:
            yield Say("pledge", issue, {"hours": dice.randint(1, 40) / 4})
        elif what < 5:
            yield Say("comment", issue + "/", {"text": paragraph(dice)})
        elif what < 7:
            yield Say("note", dice.choice(keys["review"]) + "/why", {"text": f"{number} {sentence(dice)}"})
        elif what < 8:
            yield Edit(issue, {"title": f"{title(dice)} {number}"})
        elif what < 9:
            yield Edit(issue, {"body": _rewritten(author, issue, dice)})
        else:
            yield Create(
                "issue", {"title": title(dice), "body": "\n\n".join(paragraph(dice) for _ in range(3))}
            )


def _rewritten(author: Replica, issue: str, dice: random.Random) -> str:
    """An issue's text with one paragraph rewritten."""
    (value,) = author.reader().execute("SELECT value FROM record WHERE key = ?", (issue,)).fetchone()
    texts = [part[1] for part in json.loads(value)["body"]]
    texts[dice.randrange(len(texts))] = paragraph(dice)
    return "\n\n".join(texts)


def _open(home: Path) -> Replica:
    replica = Replica.open(Home(home).place())
    replica.become_writer()
    return replica


def growth(small: dict[str, Any], large: dict[str, Any]) -> dict[str, float]:
    """By batch size: how much more the processor has to do in the large community."""
    return {size: large[size]["cpu_ms"] / small[size]["cpu_ms"] for size in small}
