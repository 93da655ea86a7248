"""Putting things back in order takes a moment, in which a second Ctrl+C is not heard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """What is done in here is done to its end: people press Ctrl+C twice. Other threads hear none anyway."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    import signal  # for whoever gives up, and nobody else

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
