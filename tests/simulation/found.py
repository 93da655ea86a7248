"""Worlds that once failed, and what it was: each is a scenario test now, since a seed changes with its world.

    found in  seed  what it was                                                        the test of its own
    74a9300     76  a community that moved back was not told of where it had been      sync/test_journey
    65f04a0      8  a relay that a machine never got through to got no farewell        sync/test_journey
    cc29fec    107  what a rolled back machine had forgotten was refused ("not mine")  sync/test_two_relays
    aaad01c    768  the word that the community moves did not get past a fork          sync/test_two_relays
    aaad01c    640  words said again broke on, or got into, what bore the same number  replica/test_forks
    785ceba   4505  who came by an invite and left at once tried to join once more     server/test_door
    785ceba   7085  what was refused and not heard yet died with who had asked      replica/test_typed_early
    785ceba   9360  a seal that fell with a branch left what it vouched for bare       replica/test_forks
    40f6a6f   3763  a relay put back to before it heard of the move kept somebody      sync/test_two_relays
    40f6a6f   8292  who left at the old relay never left the new one                   sync/test_journey
    40f6a6f   6666  (of the world: it was asked while somebody looked in elsewhere)
    40f6a6f   7989  (the same)
    cf2f12a  33616  what waited beyond a gap made a fork of what came before the gap   trust/test_intake

SEEDS are played again with every run of the tests, as the worlds they are now.
"""

from __future__ import annotations

SEEDS = (8, 76, 107, 640, 768, 1073, 1089, 1104, 3763, 4505, 6666, 7085, 7989, 8292, 9360, 33616)
