"""How the interpreter runs under an interface: its threads give way at once, and nobody waits for tidying.

begun --> nothing that is made on the way to the first picture is looked through for garbage
settled --> what is there by now (modules, the document) stays, and is never looked through again
tidied --> what has come since the last time is looked through now, while it is little
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


def tidied() -> None:
    """Much was made and let go of, as with a page of changes: look through what is left of it, and no more.

    The interpreter counts what is made less what is let go of. Where as much goes from a full cache as comes
    into it that is nearly nothing, so that it waits long and then looks through all of it at once.
    """
    if gc.get_threshold() == SELDOM:
        gc.collect(0)
