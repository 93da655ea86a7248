"""How the interpreter runs under an interface: its threads give way at once, and nobody waits for tidying.

begun --> nothing that is made on the way to the first picture is looked through for garbage
settled --> what is there by now (modules, the document) stays, and is never looked through again
"""

from __future__ import annotations

import gc
import sys

GIVE_WAY_S = 0.001
"""How long a thread may work while the interface waits for its turn; the interpreter's own is 5 ms."""
SELDOM = (10_000, 5, 100)
"""After how many new objects what is young is looked through, and how much more seldom what is older."""


def begun() -> None:
    """The process is an interface from now on."""
    sys.setswitchinterval(GIVE_WAY_S)
    gc.set_threshold(*SELDOM)
    gc.disable()


def settled() -> None:
    """Something large is loaded that stays. Where no interface has begun (in a test), nothing happens."""
    if gc.get_threshold() == SELDOM:
        gc.freeze()
        gc.enable()
