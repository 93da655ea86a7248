"""Plays cases one after the other, in a process of its own, and says what is wrong with any.

What is written to stdout is one JSON object a line: `{"failed": …}`, `{"done": …}`. Before each case its
number goes into a file that the parent has mapped, so that a death tells where it happened.
"""

from __future__ import annotations

import faulthandler
import json
import mmap
import os
import resource
import struct
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.attempt import Attempt
from tests.fuzz.corpus import corpus
from tests.fuzz.families import attempt
from tests.fuzz.peers import Peers

SLOWEST_S = 1.0  # of a processor's time, for one case
LARGEST = 64 << 20  # bytes that one case may take at its height
GROWTH = 256 << 20  # bytes by which a worker may grow after its first cases; caches are bounded at 64 MiB
WARM = 500  # cases
RENEWED = 2_000  # cases after which a worker looks whether it has grown
STATE = struct.Struct("<qd")
"""The number of the case that is being played, and when it began."""
ENDS_S = 120.0  # in which what was found is told

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


class TooMuch(AssertionError):
    """A case took more time or memory than one may."""


@dataclass
class Findings:
    """What came of a row of cases."""

    cases: int = 0
    seconds: float = 0.0
    words: Counter[str] = field(default_factory=Counter)
    """How often which family ended with which word."""
    failed: list[dict[str, object]] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, -1)
    largest: tuple[int, int] = (0, -1)


@contextmanager
def player() -> Iterator[Peers]:
    """The community, a relay and a replica, in a folder that goes when they do."""
    memory = Path("/dev/shm")
    parent = memory if memory.is_dir() else None
    with tempfile.TemporaryDirectory(dir=parent, prefix="moot-fuzz-") as folder, corpus(Path(folder)) as here:
        peers = Peers(here)
        try:
            yield peers
        finally:
            peers.relay.crash()


def held(made: Attempt) -> tuple[str, float, int]:
    """Run a case within its bounds: its word, its seconds, its height in bytes."""
    before = _height(reset=True)
    began = time.process_time()
    word = made.run()
    seconds = time.process_time() - began
    height = max(_height() - before, 0)
    if seconds > SLOWEST_S:
        raise TooMuch(f"it took {seconds:.2f} s")
    if height > LARGEST:
        raise TooMuch(f"it took {height >> 20} MiB at its height")
    return word, seconds, height


def _height(*, reset: bool = False) -> int:
    """The most memory that this process has had since the last reset, in bytes."""
    if not _CLEAR.exists():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    if reset:
        _CLEAR.write_bytes(b"5")
    line = next(line for line in _STATUS.read_bytes().splitlines() if line.startswith(b"VmHWM"))
    return int(line.split()[1]) * 1024


def play(peers: Peers, seed: int, numbers: range, only: str = "", state: mmap.mmap | None = None) -> Findings:
    """Play cases; failures are kept and the rest goes on."""
    found = Findings()
    began, at_first = time.perf_counter(), 0
    parent = os.getppid()
    for count, number in enumerate(numbers):
        if state is not None:
            if os.getppid() != parent:
                os._exit(1)  # nobody is listening any more
            state[: STATE.size] = STATE.pack(number, time.monotonic())
        name, made = attempt(peers, seed, number, only)
        try:
            word, seconds, height = held(made)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            found.failed.append(failure(peers, seed, number, name, made, error))
            peers.mend()
            word = "FAILED"
        else:
            found.slowest = max(found.slowest, (seconds, number))
            found.largest = max(found.largest, (height, number))
        found.words[f"{name}: {word}"] += 1
        found.cases += 1
        if count == WARM:
            at_first = _height(reset=True)
        elif count > WARM and count % RENEWED == 0 and _height(reset=True) - at_first > GROWTH:
            found.failed.append({"seed": seed, "case": number, "error": "the worker grows and grows"})
            break
    if state is not None:  # to tell what was found, and to end, is no case that hangs
        state[: STATE.size] = STATE.pack(numbers[-1], time.monotonic() + ENDS_S)
    found.seconds = time.perf_counter() - began
    return found


def failure(
    peers: Peers, seed: int, number: int, name: str, made: Attempt, error: BaseException
) -> dict[str, object]:
    """All that one needs to know to play it again."""
    return {
        "seed": seed,
        "case": number,
        "family": name,
        "from": peers.corpus.digest,
        "story": made.story,
        "error": f"{type(error).__name__}: {error}",
        "where": traceback.format_tb(error.__traceback__)[-3:],
        "bytes": made.data[:4_000].hex(),
    }


def main(arguments: list[str]) -> None:
    """`seed first last step state-file [family]`"""
    faulthandler.enable()
    seed, first, last, step = map(int, arguments[:4])
    only = arguments[5] if len(arguments) > 5 else ""
    with (
        Path(arguments[4]).open("r+b") as file,
        mmap.mmap(file.fileno(), STATE.size) as state,
        player() as peers,
    ):
        found = play(peers, seed, range(first, last, step), only, state)
    plain = vars(found) | {"from": peers.corpus.digest}
    sys.stdout.write(json.dumps(plain) + "\n")
    sys.stdout.flush()
    os._exit(0)  # what could still break while everything is taken down is not what is asked
