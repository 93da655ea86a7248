"""Frames that cost much, and more of them than anybody needs: at the relay's door and inside."""

from __future__ import annotations

import hashlib
import time
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from websockets.exceptions import ConnectionClosed

from moot_client.sync.joining import host
from moot_client.sync.once import sync_once
from moot_shared.limits import DEFAULT
from moot_shared.trust.seal import Sealed
from moot_shared.wire import cbor
from moot_shared.wire.messages import Challenge, Done, Have, Join, Message, Page, Receipt, Stored, encode
from tests.adversary.stage import Stage, plays
from tests.helpers.attacker import Attacker
from tests.helpers.community import Machine, put
from tests.helpers.encoding import uleb
from tests.helpers.relay_process import RelayProcess
from tests.helpers.wire import LetGo, Wire, page_body

SLOWED_S = 0.5
CROWD = {bytes(36) + number.to_bytes(4, "big"): [1 << 62, bytes(32)] for number in range(6_000)}
BLOOM = b"\x42\0\0\1\0\5\1\0\0\0\0"  # a filter that has no bits


def page(inflated: bytes) -> bytes:
    """A page that holds just these bytes."""
    return cbor.encode({"type": "page", "n": 1, "body": zlib.compress(inflated)})


def survives(wire: Wire, frames: Iterable[bytes], answer: type[Message] = Done) -> str:
    """Send frames, and wait for an answer: why the connection ended; '' where it did not."""
    try:
        for frame in frames:
            wire.say(frame)
        if answer is Done:
            wire.say(Have({}))
        wire.hear(answer)
    except LetGo as end:
        return end.code or "cut off"
    except (ConnectionClosed, OSError):
        return "cut off"
    return ""


FRAMES: dict[str, Callable[[], list[bytes]]] = {
    "nested 5,000 deep": lambda: [b"\xa1\x64type" + b"\x81" * 5_000 + b"\0"],
    "maps in maps": lambda: [b"\xa1\x61a" * 5_000 + b"\0"],
    "a list of four billion": lambda: [b"\xa1\x64type\x9a\xff\xff\xff\xff"],
    "a map of 2^64": lambda: [b"\xbb" + b"\xff" * 8],
    "a text of 2^64": lambda: [b"\xa1\x64type\x7b" + b"\xff" * 8],
    "a list without a length": lambda: [b"\xa1\x64type\x9f" + b"\0" * 1_000],
    "a number of a megabyte": lambda: [b"\xa1\x64type\xc2\x5a\x00\x0e\x00\x00" + b"\xff" * 0xE0000],
    "a circle of references": lambda: [b"\xa1\x64type\xd8\x1c\x81\xd8\x1d\x00"],
    "a regular expression": lambda: [b"\xa1\x64type\xd8\x23\x78\x1d(((((a*)*)*)*)*)$aaaaaaaaaaaaab"],
    "a date": lambda: [b"\xa1\x64type\xc0\x74" + b"2026-01-01T00:00:00Z"],
    "the same key twice": lambda: [b"\xa2\x64type\x64join\x64type\x64page"],
    "something after the end": lambda: [cbor.encode({"type": "have", "clock": {}}) + b"\0"],
    "a list of 300,000 zeros": lambda: [b"\xa1\x64type\x9a\x00\x04\x93\xe0" + b"\0" * 300_000],
    "nothing": lambda: [b""],
    "noise": lambda: [hashlib.shake_256(b"noise").digest(9_000)],
    "a page that inflates to 40 MB": lambda: [page(bytes(40 << 20))],
    "a page of 100,000 changes": lambda: [page(b"\x01\x00\x00" * 100_000)],
    "a page that says a change is endless": lambda: [page(uleb(1 << 62) + b"a")],
    "a page of half a seal": lambda: [page(b"\1a\1" + bytes(10))],
    "a have of 6,000 strangers' clocks": lambda: [cbor.encode({"type": "have", "clock": CROWD})],
    "a sync message with a bloom filter of nothing": lambda: [cbor.encode({"type": "sync", "data": BLOOM})],
}


@plays("O5", "H6", "H10")
def test_a_strangers_frame_that_would_cost_dearly_ends_one_connection_at_most(stage: Stage) -> None:
    for name, frames in FRAMES.items():
        with Wire(stage.url) as wire:
            assert survives(wire, frames(), Challenge) in ("", "protocol"), name


@plays("M8", "H6", "H10")
def test_a_members_frame_that_would_cost_dearly_ends_one_connection_at_most(stage: Stage) -> None:
    ted = stage.attacker()
    for name, frames in FRAMES.items():
        with ted.enter() as wire:
            assert survives(wire, [*frames(), encode(Page(page_body([]), n=9))], Stored) in (
                "",
                "protocol",
            ), name


@plays("O5", "M9", "H6")
def test_a_frame_of_a_hundred_megabytes_is_not_even_read(stage: Stage) -> None:
    ted = stage.attacker()
    with ted.enter() as wire:
        assert survives(wire, [bytes(100 << 20)]) == "cut off"


@plays("M9", "H6")
def test_ten_thousand_tiny_frames_are_read_one_after_the_other_and_others_are_served(stage: Stage) -> None:
    ted = stage.attacker()
    later = cbor.encode({"type": "from the future"})
    with ted.enter() as wire:
        for _ in range(10_000):
            wire.say(later)
        assert sync_once(stage.joon).stored


@plays("M9", "O5")
def test_a_relay_that_is_told_to_stop_stops_while_somebody_floods_it(stage: Stage, tmp_path: Path) -> None:
    with RelayProcess(tmp_path / "relay") as relay:
        host(stage.mara, relay.url, relay.hosting_key)
        stage.mara.set_relay_url(stage.url)
        mara = Attacker(relay.url, Machine(stage.mara.identity, 9), stage.community)
        with mara.enter() as wire:
            for _ in range(3_000):
                wire.say(cbor.encode({"type": "from the future"}))
            assert relay.stop() == 0


@plays("M9", "H7")
def test_pages_that_never_end_are_bounded(stage: Stage) -> None:
    """`more`, and more: what a batch may hold before it is judged has an end."""
    ted = stage.attacker()
    pages = [encode(Page(page_body([Sealed(bytes(900_000), None)]), n=n, more=True)) for n in range(40)]
    with ted.enter() as wire:
        assert survives(wire, pages) == "protocol"


@plays("M9", "H9")
def test_a_flood_of_receipts_is_answered_by_nothing(stage: Stage) -> None:
    """Receipts are passed on; the same machine's newest takes the place of the one before."""
    ted = stage.attacker()
    with ted.enter() as wire:
        ted.take_all(wire)
        for at in range(40):
            wire.say(ted.receipt([bytes(32)] * 3, at))
        ted.take_all(wire)
    stage.meet()
    (kept,) = stage.joon.reader().execute(
        "SELECT count(*) FROM receipt WHERE actor = ?", (ted.machine.actor,)
    ).fetchone()  # fmt: skip
    assert kept <= 1


@plays("M13")
def test_who_says_that_they_have_what_they_have_not_speaks_for_one_machine(stage: Stage) -> None:
    """Not promised: '<name> has it' is the word of <name>'s machine, signed by <name>."""
    ted = stage.attacker()
    stage.vote(stage.joon, 2)
    stage.meet()
    with ted.enter() as wire:
        ted.take_all(wire)
        wire.say(ted.receipt(list(stage.joon.heads()), 5))
        wire.say(Receipt(stage.mara.actor, (bytes(32),), 6, bytes(64)))
        assert wire.end() == "bad receipt"


@plays("M9")
def test_who_writes_a_great_deal_is_slowed_down_and_nobody_else(stage: Stage) -> None:
    """Nothing is refused for coming too fast: it is read later, and what others say is read at once."""
    ted = stage.attacker()
    ted.pull()
    flood = ted.chain(600)
    with ted.enter() as wire:
        before = time.perf_counter()
        wire.page([ted.sealed(change) for change in flood[:300]])
        assert sync_once(stage.joon).stored
        wire.page([ted.sealed(change) for change in flood[300:]])
        assert time.perf_counter() - before > SLOWED_S
        assert not wire.refused


@plays("H9", "M9")
def test_the_relay_answers_nothing_where_there_is_nothing_new(stage: Stage) -> None:
    """What was refused is not asked for again, and what is known is not answered with more of the same."""
    ted = stage.attacker()
    ted.pull()
    forged = ted.sealed(ted.make(put(ted.moot.said, f"{stage.joon.me}/vote/{stage.issue}", "{}")))
    with ted.enter() as wire:
        ted.take_all(wire)
        for _ in range(5):
            wire.page([forged])
        assert [refusal.code for refusal in wire.refused] == ["not yours"] * 5
        wire.say(Have(ted.moot.history.version()))
        ted.take_all(wire)
        assert not [message for message in wire.said if isinstance(message, Page)]


@plays("O5")
def test_a_crowd_at_the_door_leaves_room_for_who_belongs_here(stage: Stage) -> None:
    """Five strangers at one address may wait at once; who is in already is not counted among them."""
    with stage.hand_of(stage.ines).enter() as inside:
        crowd: list[Wire] = []
        ends: list[str] = []
        for _ in range(DEFAULT.strangers_per_address + 3):
            crowd.append(Wire(stage.url))
            ends.append(survives(crowd[-1], [encode(Join("somebody"))], Challenge))
        assert ends == [""] * DEFAULT.strangers_per_address + ["busy"] * 3
        for wire in crowd:
            wire.socket.close()
        stage.hand_of(stage.mara).take_all(inside)
