"""What the exit code of a relay's command means. Scripts rely on it: numbers are added, and never changed."""

from __future__ import annotations

DONE, NOT_DONE, USAGE, NOT_WELL, STOPPED = 0, 1, 2, 3, 130

MEANING = {
    DONE: "Done. Of a relay that ran: it was stopped, by SIGTERM or Ctrl+C, and ended in good order.",
    NOT_DONE: "Not done: stderr says why, and what to do. Of status: something is the matter.",
    USAGE: "Wrong usage: no such command or option, or an argument is missing.",
    NOT_WELL: "Of verify: something is damaged. Of status: the relay does not run.",
    STOPPED: "Stopped by Ctrl+C before it was done. What is stored is as it was, or all of it was done.",
}
"""code -> its sentence"""
