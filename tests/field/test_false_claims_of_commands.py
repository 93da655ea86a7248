"""'Synced' was shown, and was not - as `test_false_claims`, for commands and real sockets.

What happened there: a plugin's status bar said 'synced now' after a sync that had not been completed
(https://github.com/remotely-save/remotely-save/issues/648); a provider told that it had synced before the
document was loaded (https://github.com/yjs/y-websocket/issues/81).

What must hold here: `moot sync`, `moot join` and `moot host` end with their good word when it is true, and
with another sentence and another exit code when the connection was cut, spoilt or lied on before that.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from moot_client.cli.exits import AWAY
from moot_client.home import Home
from moot_shared.wire.messages import Done, Have, Message, Page, Peer, Receipt, Stored
from tests.cli.shell import Shell
from tests.field.stage import changes
from tests.helpers.crooked import Crooked, Said
from tests.helpers.relay_process import RelayProcess

GOOD = re.compile(r"Stored by the relay|all of yours|everything has arrived|is on ws://")
CUT = b"\xff"  # nobody goes on after that
ON_THE_WAY_DOWN: dict[str, type[Message]] = {"welcome": Peer, "page": Page, "done": Done, "stored": Stored}
ON_THE_WAY_UP: dict[str, type[Message]] = {"have": Have, "page": Page, "receipt": Receipt}


def cut(at: type[Message]) -> Callable[[Message], Iterable[Said] | None]:
    """The connection is of no use from the first message of this kind on."""
    return lambda message: [CUT] if isinstance(message, at) else None


@pytest.fixture
def crooked(relay_process: RelayProcess) -> Iterator[Crooked]:
    with Crooked(relay_process.url) as crooked:
        yield crooked


@pytest.fixture
def pair(
    relay_process: RelayProcess, crooked: Crooked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[Shell, Shell]:
    """Two members of a community whose relay is behind somebody's hand."""
    ann, ben = (Shell(tmp_path / name, capsys) for name in ("ann", "ben"))
    key = relay_process.hosting_key
    ann("found", "N", "--as", "Ann", "--relay", crooked.url, "--hosting-key", key).good()
    ben("join", ann("invite").good().out, "--as", "Ben").good()
    ann("issue", "add", "For Ben").good()
    ann("sync").good()
    return ann, ben


def truly(shell: Shell, relay: RelayProcess) -> int:
    """How many changes that are on this machine are not in the relay's file."""
    return len(changes(Home(shell.home).place().store).keys() - changes(relay.folder / "relay.db").keys())


@pytest.mark.slow
@pytest.mark.parametrize("direction", ["up", "down"])
def test_sync_says_stored_when_it_is(
    pair: tuple[Shell, Shell], crooked: Crooked, relay_process: RelayProcess, direction: str
) -> None:
    _, ben = pair
    for what, kind in (ON_THE_WAY_UP if direction == "up" else ON_THE_WAY_DOWN).items():
        ben("issue", "add", f"Cut at {what}").good()
        crooked.down = crooked.up = lambda message: None
        setattr(crooked, direction, cut(kind))
        ran = ben("sync")
        lacking = truly(ben, relay_process)
        if ran.code == 0:
            assert not lacking
            assert "Stored by the relay" in ran.out
        else:
            assert not GOOD.search(ran.out)
            assert "safe on this machine" in ran.err
        status = ben("status").good().out
        assert not (GOOD.search(status) and lacking), status
        assert ben("status", "--json").json["waiting"] >= lacking
    crooked.honest()
    assert "Stored by the relay" in ben("sync").good().out
    assert truly(ben, relay_process) == 0
    assert "all of yours" in ben("status").good().out


@pytest.mark.slow
def test_join_says_that_everything_has_arrived_when_it_has(
    pair: tuple[Shell, Shell], crooked: Crooked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ann, _ = pair
    for what, kind in ON_THE_WAY_DOWN.items():
        line = ann("invite").good().out
        crooked.down = cut(kind)
        cat = Shell(tmp_path / f"cat {what}", capsys)
        ran = cat("join", line, "--as", "Cat")
        assert ran.code == AWAY
        assert not GOOD.search(ran.out)
        crooked.honest()
        ran = cat("join", line, "--as", "Cat") if not cat("communities").out else cat("sync")
        ran.good()
        assert [row["title"] for row in cat("issues", "--json").json] == ["For Ben"]
        assert "all of yours" in cat("status").good().out


@pytest.mark.slow
def test_host_says_that_it_is_there_when_it_is(
    pair: tuple[Shell, Shell], crooked: Crooked, tmp_path: Path
) -> None:
    ann, _ = pair
    with RelayProcess(tmp_path / "fresh") as fresh, Crooked(fresh.url) as between:
        for kind in ON_THE_WAY_UP.values():
            between.down, between.up = cut(Stored), cut(kind)
            ran = ann("host", between.url, fresh.hosting_key)
            if ran.code == 0:
                assert truly(ann, fresh) == 0
            else:
                assert not GOOD.search(ran.out)
        between.honest()
        assert "is on ws://" in ann("host", between.url, fresh.hosting_key).good().out
        assert truly(ann, fresh) == 0


@pytest.mark.slow
def test_a_relay_that_says_stored_too_early_is_caught_with_the_next_word(
    pair: tuple[Shell, Shell], crooked: Crooked, relay_process: RelayProcess
) -> None:
    """It swallows a page and answers in its own name: nobody can tell - until it says what it has."""
    _, ben = pair
    ben("sync").good()
    ben("issue", "add", "Swallowed").good()
    crooked.up = lambda message: [] if isinstance(message, Page) else None
    crooked.down = lambda message: (
        [message, Stored(1, {_actor(ben): 2**40}, message.at)] if isinstance(message, Done) else None
    )
    ben("sync")
    assert truly(ben, relay_process) == 1
    ben("issue", "add", "Never sent").good()
    assert ben("status", "--json").json["waiting"] >= 1
    assert "all of yours" not in ben("status").good().out
    crooked.honest()
    assert "Stored by the relay" in ben("sync").good().out
    assert truly(ben, relay_process) == 0


def _actor(shell: Shell) -> bytes:
    """The name under which this machine writes."""
    place = Home(shell.home).place()
    with closing(sqlite3.connect(place.store)) as db:
        (nonce,) = db.execute("SELECT value FROM own WHERE name = 'nonce'").fetchone()
    return bytes(place.identity().public_key + nonce)
