"""The command behind `scripts/fuzz`."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from tests.fuzz import worker
from tests.fuzz.families import FAMILIES, attempt
from tests.fuzz.shrink import shrunk
from tests.fuzz.watch import Total, watch

WIDTH = 100
ENOUGH = 1_000
"""From so many cases on there has to be some of everything."""


def main(arguments: list[str]) -> int:
    """Play one case and tell its story, or many; 1 where something that must hold does not."""
    if arguments[:1] == ["--work"]:
        worker.main(arguments[1:])
        return 0
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    number = lambda text: int(text.replace("_", ""))  # noqa: E731
    parser.add_argument("--seed", type=number, default=1, help="what all dice come from (1)")
    parser.add_argument("--cases", type=number, default=10_000, help="how many (10_000)")
    parser.add_argument("--first", type=number, default=0, help="the number of the first case (0)")
    parser.add_argument("--workers", type=number, default=2, help="processes (2)")
    parser.add_argument("--only", default="", choices=["", *FAMILIES], help="cases of one family alone")
    parser.add_argument("--case", type=number, help="play this one again, tell its story and make it smaller")
    parser.add_argument("--words", action="store_true", help="say what became of the cases, word by word")
    chosen = parser.parse_args(arguments)
    if chosen.case is not None:
        return one(chosen.seed, chosen.case, chosen.only)
    return many(chosen)


def one(seed: int, number: int, only: str) -> int:
    """A case's story and end, and where it fails its bytes."""
    with worker.player() as peers:
        name, made = attempt(peers, seed, number, only)
        print(f"Case {number} of seed {seed}, a {name}; the community is {peers.corpus.digest}.")
        for line in made.story:
            print(f"  - {line[:400]}")
        print(
            f"  {len(made.data)} bytes: {made.data[:200].hex()}{'…' if len(made.data) > 200 else ''}",
            flush=True,
        )
        try:
            word, seconds, height = worker.held(made)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            told = worker.failure(peers, seed, number, name, made, error)
            tell_failure(told)
            peers.mend()
            small = shrunk(made)
            print(f"  made smaller, {len(small)} bytes:\n{small.hex()}")
            return 1
        print(f"  it ends with: {word}, after {1000 * seconds:.1f} ms and {height >> 10} KiB")
    return 0


def many(chosen: argparse.Namespace) -> int:
    """Many cases, and a summary."""
    began = time.monotonic()

    def progress(total: Total) -> None:
        if sys.stderr.isatty():
            rate = total.cases / (time.monotonic() - began)
            print(
                f"\r{total.cases} cases, {len(total.failed)} failed, {rate:.0f}/s ", end="", file=sys.stderr
            )

    total = watch(chosen.seed, chosen.first, chosen.cases, chosen.workers, chosen.only, progress)
    for failed in total.failed[:20]:
        tell_failure(failed)
    if chosen.words:
        for word, count in sorted(total.words.items()):
            print(f"{count:8d}  {word}")
    print(summary(total, chosen.seed, time.monotonic() - began))
    thin = chosen.cases >= ENOUGH and not chosen.only and not broad(total)
    return 1 if total.failed or total.cases < chosen.cases or thin else 0


def broad(total: Total) -> bool:
    """Whether there was some of everything, and enough of it was let in to be lived with."""
    if unmet := total.unmet(FAMILIES):
        print(f"There was no case of: {', '.join(sorted(unmet))}.")
    if total.admitted * 20 < total.cases:
        print("Hardly anything was admitted: what is behind the door was not tried.")
    return not unmet and total.admitted * 20 >= total.cases


def summary(total: Total, seed: int, seconds: float) -> str:
    """One paragraph."""
    return (
        f"{total.cases} cases of seed {seed} in {seconds:.0f} s: "
        f"{len(total.failed)} failed, {total.admitted} admitted; "
        f"the slowest took {1000 * total.slowest[0]:.0f} ms (case {total.slowest[1]}), "
        f"the largest {total.largest[0] >> 20} MiB (case {total.largest[1]})."
    )


def tell_failure(failed: dict[str, Any]) -> None:
    """A failure as a person reads it."""
    print(
        f"\nFAILED  scripts/fuzz --seed {failed['seed']} --case {failed['case']}   ({failed.get('family')})"
    )
    print(f"  {failed['error']}")
    for line in failed.get("story", ()):
        print(f"  - {str(line)[:400]}")
    for line in failed.get("where", ()):
        print("  " + str(line).rstrip().replace("\n", "\n  "))
    if failed.get("bytes"):
        print(f"  bytes: {failed['bytes'][: 4 * WIDTH]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
