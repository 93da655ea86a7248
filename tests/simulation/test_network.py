"""Virtual connections keep order until they are cut, and lose no more than what had not arrived whole."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.simulation.network import LONG_MS, WINDOW, Wire
from tests.simulation.schedule import Schedule


@dataclass
class Ear:
    """One end, and what it heard, with the time."""

    schedule: Schedule
    heard: list[tuple[int, bytes]] = field(default_factory=list)
    over_at: int = 0

    def frame(self, wire: Wire, data: bytes) -> None:
        assert not self.over_at, "a frame after the end"
        self.heard.append((self.schedule.now, data))

    def ended(self, wire: Wire) -> None:
        assert not self.over_at, "it ends once"
        self.over_at = self.schedule.now

    @property
    def frames(self) -> list[bytes]:
        return [data for _, data in self.heard]


class Pair:
    """Two ends and what is between them."""

    def __init__(self, seed: int) -> None:
        self.schedule = Schedule(seed)
        self.client, self.relay = Ear(self.schedule), Ear(self.schedule)
        self.wire = Wire(self.schedule, 1, self.client, self.relay)

    def pass_(self, ms: int) -> None:
        self.schedule.run(self.schedule.now + ms)


FRAMES = [bytes([n]) * (n * 37 % 900 + 1) for n in range(20)]


@pytest.mark.parametrize("seed", range(30))
def test_what_arrives_is_the_beginning_of_what_was_sent_whenever_it_is_cut(seed: int) -> None:
    pair = Pair(seed)
    for data in FRAMES:
        pair.wire.send("up", data)
        pair.wire.send("down", data)
        pair.pass_(pair.schedule.dice.randint(0, 40))
    pair.wire.cut(unnoticed=seed % 2 == 0)
    pair.wire.send("up", b"too late")
    pair.pass_(2 * LONG_MS)
    for end in (pair.client, pair.relay):
        assert end.frames == FRAMES[: len(end.frames)]
        assert end.over_at


def test_cuts_fall_before_between_and_after_frames_and_each_way_has_its_own() -> None:
    arrived = set()
    for seed in range(60):
        pair = Pair(seed)
        for data in FRAMES:
            pair.wire.send("up", data)
            pair.wire.send("down", data)
        pair.wire.cut()
        pair.pass_(LONG_MS)
        arrived.add((len(pair.client.frames), len(pair.relay.frames)))
    assert {0, len(FRAMES) // 2} <= {up for _, up in arrived}
    assert any(down != up for down, up in arrived)


def test_what_lies_in_a_broken_connection_arrives_after_what_is_said_on_the_next_one() -> None:
    late = 0
    for seed in range(40):
        pair = Pair(seed)
        pair.wire.send("up", b"first")
        pair.wire.cut(unnoticed=True)
        again = Wire(pair.schedule, 2, pair.client, next_end := Ear(pair.schedule))
        again.send("up", b"second")
        pair.pass_(2 * LONG_MS)
        if pair.relay.heard and pair.relay.heard[0][0] > next_end.heard[0][0]:
            late += 1
    assert late


def test_who_does_not_read_fills_the_senders_buffer() -> None:
    pair, left = Pair(1), []
    pair.wire.stall("down", 60_000)
    for number in range(6):
        pair.wire.send("down", bytes(WINDOW // 2), lambda n=number: left.append(n))  # type: ignore[misc]
    pair.pass_(30_000)
    assert left == [0, 1, 2]
    assert not pair.client.heard
    pair.pass_(60_000)
    assert left == [0, 1, 2, 3, 4, 5]
    assert len(pair.client.heard) == 6


def test_who_hangs_up_has_said_what_was_said() -> None:
    pair = Pair(2)
    for data in FRAMES:
        pair.wire.send("up", data)
    pair.wire.hang_up("up")
    pair.pass_(LONG_MS)
    assert pair.relay.frames == FRAMES
    assert pair.relay.over_at
