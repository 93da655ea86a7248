"""What the load generator writes is what the binding reads."""

from __future__ import annotations

import os

from tests.bench.relay.wire import Change, Message, put, read_change, read_message
from tests.helpers.binding import Replica, accepts, saved


def test_its_changes_are_changes() -> None:
    actor = os.urandom(16)
    heads: list[bytes] = []
    changes: list[Change] = []
    placed: dict[str, int] = {}
    for number in range(300):
        key = f"v{number % 7}"
        change = put(actor, number + 1, number + 1, heads, key, number * -1_000_003, placed.get(key, 0))
        placed[key], heads = number + 1, [change.hash]
        changes.append(change)
        assert read_change(change.raw) == change
    assert accepts([change.raw for change in changes]) == set(heads)
    document = Replica(saved([change.raw for change in changes]))
    assert document.get("v3") == -1_000_003 * (299 - (299 - 3) % 7)
    assert document.heads() == set(heads)


def test_its_messages_are_messages() -> None:
    change: Change = put(os.urandom(16), 1, 1, [], "key", 5)
    message = Message([change.hash], [], [], [change.raw])
    replica = Replica()
    replica.take(message.encode())
    assert (replica.get("key"), replica.theirs) == (5, {change.hash})
    answer = replica.say()
    assert answer is not None
    assert read_message(answer).heads == [change.hash]
    assert read_message(message.encode()) == message
