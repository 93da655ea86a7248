"""The fuzzer itself: its cases can be played again, and it notices what it is there to notice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from moot_shared.format import operations
from moot_shared.trust import structure
from tests.fuzz import worker
from tests.fuzz.attempt import Attempt
from tests.fuzz.families import FAMILIES, SELF_TEST, attempt
from tests.fuzz.peers import Peers
from tests.fuzz.shrink import shrunk
from tests.fuzz.watch import watch

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def peers() -> Iterator[Peers]:
    with worker.player() as peers:
        yield peers


def fails(peers: Peers, cases: int, only: str = "change") -> list[str]:
    found = worker.play(peers, 1, range(cases), only)
    return [str(failed["error"]) for failed in found.failed]


def test_a_case_is_its_seed_and_number(peers: Peers) -> None:
    for name in FAMILIES:
        one, other = attempt(peers, 3, 14, name)[1], attempt(peers, 3, 14, name)[1]
        assert (one.story, one.data) == (other.story, other.data)
        assert one.run() == other.run()
    assert attempt(peers, 3, 15)[1].data != attempt(peers, 4, 15)[1].data


def test_a_rule_that_is_missing_is_noticed(peers: Peers, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not fails(peers, 150)
    monkeypatch.setattr(structure.Structure, "check", lambda self: None)
    assert fails(peers, 150)


def test_a_decoder_that_is_not_strict_is_noticed(peers: Peers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "check_action", lambda *of: None)
    monkeypatch.setattr(structure.Structure, "check", lambda self: None)
    assert fails(peers, 150)


def test_an_error_that_is_none_of_ours_is_noticed_and_made_smaller(peers: Peers) -> None:
    def run(data: bytes) -> str:
        if b"\x07" in data:
            raise ZeroDivisionError
        return "fine"

    made = Attempt([], bytes(range(200)), lambda: "", lambda data: lambda: run(data))
    assert shrunk(made) == b"\x07"


def test_too_much_memory_and_too_much_time_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(worker.TooMuch, match="MiB"):
        worker.held(Attempt([], b"", lambda: str(len(bytearray(worker.LARGEST + (8 << 20))))))
    monkeypatch.setattr(worker, "SLOWEST_S", 0.01)
    with pytest.raises(worker.TooMuch, match="it took"):
        worker.held(Attempt([], b"", lambda: str(sum(range(3_000_000)))))


def test_a_process_that_dies_or_hangs_is_noticed_with_its_case() -> None:
    total = watch(1, 0, 4, workers=1, only=SELF_TEST, hangs_s=2)
    errors = {failed["case"]: failed["error"] for failed in total.failed}
    assert "ended with -6" in errors.pop(1)
    assert "hung" in errors.pop(2)
    assert not errors
