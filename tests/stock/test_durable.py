"""Nothing of an open relay's is declared or passed on before it is on disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from moot_server.events import Close, Frame, Input, Output, Send
from moot_server.storage.sqlite import SqliteStore
from moot_server.storage.store import Store
from moot_shared.errors import StorageError
from tests.helpers.stock import ONE, OpenRelay, Stock, settle


class Failing:
    """A store whose disk is full when it is told so: everything goes well until the commit."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.full = False

    @contextmanager
    def transaction(self, communities: Iterable[bytes] = ()) -> Iterator[None]:
        """As the store's, but for its end."""
        with self._store.transaction(communities):
            yield
            if self.full:
                raise StorageError("The relay's disk is full. Whoever runs it has to make room.")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@dataclass
class Disk:
    """What the relay's store is wrapped in."""

    stores: list[Failing] = field(default_factory=list)

    def wrap(self, store: Store) -> Store:
        """Wrap it."""
        assert isinstance(store, SqliteStore)
        self.stores.append(Failing(store))
        return self.stores[-1]

    @property
    def store(self) -> Failing:
        """The store of the relay that runs."""
        return self.stores[-1]


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def relay(tmp_path: Path, disk: Disk) -> Iterator[OpenRelay]:
    relay = OpenRelay(tmp_path / "relay", wrap=disk.wrap)
    yield relay
    relay.crash()


def test_where_the_commit_fails_not_one_byte_of_it_is_declared_or_passed_on(
    relay: OpenRelay, disk: Disk
) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    mara.put("a", 1)
    joon.speak()
    settle(mara, joon)
    disk.store.full = True
    said: list[Output] = []
    step = relay.open_core.step

    def watched(inputs: Sequence[Input], now: int) -> list[Output]:
        said.extend(step(inputs, now))
        return said[:]

    relay.open_core.step = watched  # type: ignore[method-assign]
    before = mara[ONE].heads()
    mara.put("b", 2)
    (new,) = mara[ONE].heads() - before
    assert [each.peer for each in said] == [mara.socket.number] * 2
    send, close = said
    assert isinstance(send, Send)
    assert isinstance(close, Close)
    assert b"disk is full" in send.data
    assert new not in send.data


def test_a_full_disk_refuses_and_says_so_goes_on_reading_and_recovers(relay: OpenRelay, disk: Disk) -> None:
    mara, joon, ines = Stock(relay, "mara"), Stock(relay, "joon"), Stock(relay, "ines")
    mara.put("a", 1)
    joon.speak()
    settle(mara, joon)
    disk.store.full = True
    mara.put("b", 2)
    mara.listen()
    assert "disk is full" in mara.turned_out
    ines.speak()
    settle(joon, ines)
    assert ines[ONE].get("a") == 1
    assert ines[ONE].get("b") is None
    mara.connect()
    mara.listen()
    mara.speak()
    mara.listen()
    disk.store.full = False
    mara.connect()
    settle(mara, joon, ines)
    assert joon[ONE].get("b") == ines[ONE].get("b") == 2
    assert mara[ONE].theirs == mara[ONE].heads()


def test_others_in_the_batch_whose_changes_were_not_stored_are_let_go_and_readers_are_not(
    relay: OpenRelay, disk: Disk
) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    mara.put("a", 1)
    joon.speak()
    settle(mara, joon)
    disk.store.full = True
    mara.put("b", 2)
    assert mara.socket.closing
    assert not joon.socket.closing
    disk.store.full = False
    joon.put("c", 3)
    settle(joon)
    assert joon[ONE].theirs == joon[ONE].heads()
    assert len(list(relay.store.entries(ONE))) == 2


def test_what_was_declared_is_there_after_a_crash(relay: OpenRelay) -> None:
    mara = Stock(relay, "mara")
    for number in range(20):
        mara.put("a", number)
        mara.listen()
        declared = mara[ONE].theirs
        with sqlite3.connect(relay.folder / "relay.db") as beside:
            stored = {row[0] for row in beside.execute("SELECT hash FROM change")}
        assert declared <= stored
    relay.crash()
    relay.start()
    joon = Stock(relay, "joon")
    joon.speak()
    settle(joon)
    assert joon[ONE].heads() == mara[ONE].heads()


def test_what_nobody_has_used_for_a_while_leaves_memory_and_comes_back_when_it_is_asked_for(
    relay: OpenRelay,
) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    mara.put("a", 1)
    joon.speak()
    settle(mara, joon)
    document = relay.open_core._documents[ONE]
    assert document.in_memory
    relay.now += 120_000
    relay.step()
    assert not relay.open_core._documents[ONE].in_memory
    joon.put("b", 2)
    settle(mara, joon)
    assert mara[ONE].get("b") == 2
    mara.socket.close()
    joon.socket.close()
    relay.now += 120_000
    relay.step()
    assert relay.open_core._documents == {}


def test_after_a_defect_everybody_who_was_served_is_let_go_and_all_goes_on(
    relay: OpenRelay, disk: Disk
) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    mara.put("a", 1)
    joon.speak()
    settle(mara, joon)
    for output in relay.open_core.abandon([Frame(mara.socket.number, b"")]):
        relay.deliver(output)
    mara.listen()
    assert "defect" in mara.turned_out
    joon.put("b", 2)
    mara.connect()
    settle(mara, joon)
    assert mara[ONE].get("b") == 2
