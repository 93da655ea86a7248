"""Worlds that once failed, and what it was: each is a scenario test now, since a seed changes with its world.

    found in  seed  what it was                                                        the test of its own
    74a9300     76  a community that moved back was not told of where it had been      sync/test_journey
    65f04a0      8  a relay that a machine never got through to got no farewell        sync/test_journey
    781a0ad    107  what a rolled back machine had forgotten was refused ("not mine")  sync/test_two_relays

SEEDS are played again with every run of the tests, as the worlds they are now.
"""

from __future__ import annotations

SEEDS = (8, 72, 76, 107)
