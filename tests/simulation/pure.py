"""What a pure function said is not asked for twice in a world, where everybody reads the same bytes.

Six members check one signature and take one change apart, each for themselves, as on six machines; here
that is one processor. Only functions of bytes alone are remembered, and only answers that nobody can
change; a signature that was just made here need not be checked, either. Nothing of it outlives the world.
So nothing is different but the time that it takes.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from moot_shared import identity
from moot_shared.format import change
from moot_shared.wire import messages

PURE: tuple[Callable[..., Any], ...] = (identity.verify, change.decode_change, messages.decode)
_HOLDERS = ("moot_client.", "moot_server.", "moot_shared.", "tests.simulation.")


@contextmanager
def remembered() -> Iterator[None]:
    """While this lasts, these functions have a memory, under whatever name a module has them.

    Where a test has put something else in the place of one of them, that stays.
    """
    quick = {function: _with_memory(function) for function in PURE}
    sign, known = identity.Identity.sign, quick[identity.verify].known  # type: ignore[attr-defined]
    _exchange(quick)

    def and_know(self: identity.Identity, message: bytes) -> bytes:
        signature = sign(self, message)
        known[self.public_key, message, signature] = True
        return signature

    identity.Identity.sign = and_know  # type: ignore[method-assign]
    gc.disable()  # a world is small, and goes as a whole
    try:
        yield
    finally:
        gc.enable()
        identity.Identity.sign = sign  # type: ignore[method-assign]
        _exchange({known: function for function, known in quick.items()})


def _exchange(instead: dict[Callable[..., Any], Callable[..., Any]]) -> None:
    names = {function.__name__ for function in instead}
    for module in [module for name, module in sys.modules.items() if name.startswith(_HOLDERS)]:
        for name in names & vars(module).keys():
            here = getattr(module, name)
            if callable(here) and here in instead:
                setattr(module, name, instead[here])


def _with_memory(function: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[tuple[Any, ...], Any] = {}

    @wraps(function)
    def quick(*asked: Any) -> Any:
        answer = known.get(asked)
        if answer is None:
            answer = function(*asked)
            if _unchangeable(answer):
                known[asked] = answer
        return answer

    quick.known = known  # type: ignore[attr-defined]
    return quick


def _unchangeable(answer: Any) -> bool:
    try:
        hash(answer)
    except TypeError:
        return False
    return True
