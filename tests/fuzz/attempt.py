"""What one case is: a story, bytes, and what is done with them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fuzz.peers import Peers

Run = Callable[[], str]


@dataclass
class Attempt:
    """Made by a family from dice alone. `run` answers with a word for what became of it.

    `run` raises whatever is wrong. `again` makes the same of other bytes, so that a failing case can
    be made smaller; None where that makes no sense.
    """

    story: list[str]
    data: bytes
    run: Run
    again: Callable[[bytes], Run] | None = field(default=None)


Family = Callable[[Peers, random.Random], Attempt]
