"""What goes wrong in the background: told to the log, and said in a sentence; it closes nothing."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any

from textual.worker import Worker, WorkerState

FAULT = "Something went wrong inside Moot, and this was not done. What was saved before is safe."
UNREADABLE = (
    "The disk could not be read just now ({error}). What was saved before is not affected; if this stays, "
    "close Moot and open it again."
)


def went_wrong(worker: Worker[Any]) -> str:
    """What to say of it; '' where nothing did."""
    error = worker.error
    if worker.state is not WorkerState.ERROR or error is None:
        return ""
    logging.getLogger("moot.tui").error("in the background: %s", worker.group, exc_info=error)
    return UNREADABLE.format(error=error) if isinstance(error, sqlite3.Error) else FAULT
