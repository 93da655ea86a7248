"""Stock clients, a relay for them, and why there are none where there is no Node.js.

Each test runs at Moot's relay. Slow runs take it to the relay that comes with automerge-repo as well: what
that one does not do, nobody may expect of ours.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.node import Client, Node, StockRelay, missing
from tests.helpers.relay_process import RelayProcess

Opens = Callable[..., Client]
Relay = RelayProcess | StockRelay

NUMBERS = itertools.count(1)


def relay_of(kind: str, folder: Path) -> Relay:
    """A relay that is not started yet."""
    if kind == "stock":
        return StockRelay(folder)
    return RelayProcess(folder, options=("--open",))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Before the first of them there is Node.js to start, and a relay beside it.

    What is quick enough for the inner loop speaks the same protocol in one process (tests/stock).
    """
    if "node" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """The process that all stock clients live in."""
    why = missing()
    if why is not None:
        if os.environ.get("MOOT_NODE") == "needed":  # continuous integration leaves nothing out
            pytest.fail(why)
        pytest.skip(why)
    node = Node()
    yield node
    node.close()


@pytest.fixture(scope="session", params=["moot", pytest.param("stock", marks=pytest.mark.slow)])
def kind(request: pytest.FixtureRequest) -> str:
    """Whose relay."""
    return str(request.param)


@pytest.fixture(scope="session")
def relay(kind: str, node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """A relay that runs all the time; every test has documents of its own."""
    with relay_of(kind, tmp_path_factory.mktemp(kind) / "relay") as relay:
        yield relay


@pytest.fixture
def own_relay(kind: str, node: Node, tmp_path: Path) -> Iterator[Relay]:
    """A relay to start and stop."""
    with relay_of(kind, tmp_path / "own") as relay:
        yield relay


@pytest.fixture
def disk(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A client's folder. It outlives the test, since a client writes for a moment after it has ended."""
    return str(tmp_path_factory.mktemp("client"))


@pytest.fixture
def opens(node: Node) -> Iterator[Opens]:
    """Opens clients: `opens("mara", relay, …)` is one that is connected to its relays."""
    opened: list[Client] = []

    def opens(name: str, *relays: Relay | str, **more: Any) -> Client:
        client = Client(node, f"{name}-{next(NUMBERS)}")
        urls = [each if isinstance(each, str) else each.url for each in relays]
        client.storage = client("open", urls=urls, **more)["storage"]
        client("connected")
        opened.append(client)
        return client

    yield opens
    for client in opened:
        client("close")
