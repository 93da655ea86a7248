"""The command behind `scripts/simulate`."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.simulation import template
from tests.simulation.ground import ground
from tests.simulation.play import Run, play, smaller
from tests.simulation.works import every_step

EACH = 20  # seeds that a process plays before it reports


def main(arguments: list[str]) -> int:
    """Play one world and tell its story, or many; 1 where something that must hold does not."""
    number = lambda text: int(text.replace("_", ""))  # noqa: E731
    parser = argparse.ArgumentParser(prog="scripts/simulate", description=__doc__)
    parser.add_argument("--seed", type=number, help="play this one and tell its story")
    parser.add_argument("--seeds", type=number, default=500, help="how many worlds (500)")
    parser.add_argument("--first", type=number, default=0, help="the first seed (0)")
    parser.add_argument("--workers", type=number, default=2, help="processes (2)")
    parser.add_argument("--steps", action="store_true", help="die at every step of every work instead")
    parser.add_argument("--only", default="", help="of works, those with this in their names")
    chosen = parser.parse_args(arguments)
    logging.getLogger("moot").addHandler(logging.NullHandler())  # a relay's log of what the dice do to it
    if chosen.steps:
        return steps(chosen.workers, chosen.only)
    return one(chosen.seed) if chosen.seed is not None else many(chosen)


def steps(workers: int, only: str) -> int:
    """All that client and relay write, cut short at every step."""
    failed = 0
    for line, trouble in every_step(workers, only):
        print(f"{line}\n  NOT HELD: {trouble}" if trouble else line, flush=True)
        failed += bool(trouble)
    return 1 if failed else 0


def one(seed: int) -> int:
    """A world's story; where it fails, a shorter one that fails as well."""
    with ground() as folder:
        cohort = template.make(folder / "template")
        run = play(seed, cohort, folder)
        print(smaller(run, cohort, folder) if run.trouble else run)
    return 1 if run.trouble else 0


def many(chosen: argparse.Namespace) -> int:
    """Worlds by the thousand."""
    begun = time.monotonic()
    last = chosen.first + chosen.seeds
    starts = range(chosen.first, last, EACH)
    failed: list[Run] = []
    with ProcessPoolExecutor(chosen.workers) as pool:
        for runs in pool.map(some, starts, [min(start + EACH, last) for start in starts]):
            failed += runs
            for run in runs:
                print(f"seed {run.seed}: {run.trouble}", flush=True)
    seconds = time.monotonic() - begun
    print(f"{chosen.seeds} worlds in {seconds:.0f} s: {len(failed)} failed.")
    for run in failed[:1]:
        print(f"Its story: scripts/simulate --seed {run.seed}")
    return 1 if failed else 0


def some(first: int, last: int) -> list[Run]:
    """Those of a few worlds in which something does not hold."""
    with ground() as folder:
        cohort = template.make(folder / "template")
        return [run for seed in range(first, last) if (run := play(seed, cohort, folder)).trouble]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
