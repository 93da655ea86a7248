"""The relay's log: one line an event, for a person or for a program, and nothing that members wrote.

Fields are numbers and the relay's own words. What Python says of a defect is cut down to where it
happened, since its message may repeat what somebody sent.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from datetime import UTC, datetime
from typing import Literal, TextIO

from typing_extensions import override

from moot_shared.text import shown

Form = Literal["quiet", "text", "json"]
FORMS: tuple[Form, ...] = ("quiet", "text", "json")

log = logging.getLogger("moot.relay")
_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}


def note(event: str, level: int = logging.INFO, **fields: object) -> None:
    """Log an event: what happened in a few fixed words, and figures."""
    log.log(level, event, extra={"fields": fields})


def keep(form: Form, stream: TextIO | None = None) -> None:
    """Log to stderr from now on: warnings only when quiet, everything else otherwise."""
    handler = logging.StreamHandler(stream or sys.stderr)
    journald = bool(os.environ.get("JOURNAL_STREAM")) and stream is None
    handler.setFormatter(Json() if form == "json" else Text(journald=journald))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    log.setLevel(logging.WARNING if form == "quiet" else logging.INFO)
    # of a handshake that fails, the library would log what was sent
    logging.getLogger("moot.relay.socket").setLevel(logging.CRITICAL + 1)


class Json(logging.Formatter):
    """{"at": …, "level": …, "event": …, fields}: one object a line."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        plain = {"at": _at(record), "level": record.levelname.lower(), "event": record.getMessage()}
        return json.dumps(plain | _fields(record), ensure_ascii=False, default=str)


class Text(logging.Formatter):
    """Time, level, event, then name=value; the journal knows the time itself, and gets the level its way."""

    def __init__(self, *, journald: bool = False) -> None:
        super().__init__()
        self._journald = journald

    @override
    def format(self, record: logging.LogRecord) -> str:
        event = record.getMessage()
        line = " ".join([event, *(f"{name}={_word(value)}" for name, value in _fields(record).items())])
        if self._journald:
            return f"<{_PRIORITIES.get(record.levelno, 6)}>{shown(line)}"
        return shown(f"{_at(record)} {record.levelname.lower():<7} {line}")


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields: dict[str, object] = dict(getattr(record, "fields", {}))
    if record.exc_info and record.exc_info[0] is not None:
        kind, _, trace = record.exc_info
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        fields |= {"kind": kind.__name__, "where": where}
    return fields


def _word(value: object) -> str:
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    return json.dumps(text, ensure_ascii=False) if " " in text or '"' in text or not text else text
