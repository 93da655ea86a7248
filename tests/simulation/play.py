"""One world from beginning to end, and a failing one made smaller."""

from __future__ import annotations

import shutil
import traceback
from dataclasses import dataclass
from pathlib import Path

from moot_shared.errors import MootError
from tests.simulation.pure import remembered
from tests.simulation.template import Template
from tests.simulation.world import World


@dataclass(frozen=True, slots=True)
class Run:
    """How a world went: its story, how many things could have happened in it, and what did not hold."""

    seed: int
    story: tuple[str, ...]
    happenings: int
    left_out: int
    words: int
    trouble: str = ""

    def __str__(self) -> str:
        return "\n".join((f"seed {self.seed}: {self.trouble or 'everything holds'}", *self.story))


def play(seed: int, cohort: Template, ground: Path, without: frozenset[int] = frozenset()) -> Run:
    """Everything that a seed makes happen, but for those happenings that are left out."""
    folder = ground / f"seed-{seed}"
    world = World(seed, cohort, folder, without=without)
    trouble = ""
    try:
        with remembered():
            world.run()
    except (AssertionError, MootError) as error:
        trouble = str(error) or type(error).__name__
    except Exception as error:  # noqa: BLE001  a fault of the product's own is what it looks for, too
        where = traceback.extract_tb(error.__traceback__)[-1]
        trouble = f"{error!r} at {Path(where.filename).name}:{where.lineno}"
    finally:
        world.close()
        shutil.rmtree(folder)
    return Run(seed, tuple(world.story), world.happenings, len(without), len(world.words), trouble)


def smaller(failed: Run, cohort: Template, ground: Path) -> Run:
    """The same seed with as few happenings as still make it fail: halves are left out, then quarters, …"""
    best, out = failed, frozenset[int]()
    size = failed.happenings // 2
    while size:
        left = [number for number in range(failed.happenings) if number not in out]
        for start in range(0, len(left), size):
            tried = play(failed.seed, cohort, ground, out | frozenset(left[start : start + size]))
            if tried.trouble:
                best, out = tried, out | frozenset(left[start : start + size])
        size //= 2
    return best
