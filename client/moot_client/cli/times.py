"""Times as people say them, and as they type them."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

from moot_client.views.times import when as as_said
from moot_shared.errors import InputError

_SPAN = re.compile(r"(\d{1,4})\s*(h|hours?|d|days?|w|weeks?)")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def when(milliseconds: int) -> str:
    """A time as the interface says it, too: '10:42', 'yesterday 18:20', 'Monday 18:20', '3 March 2024'."""
    return as_said(milliseconds, int(time.time() * 1000))


def expiry(text: str, now: datetime | None = None) -> int | None:
    """Unix milliseconds for `7d`, `12h`, `2w` or `2026-12-31`; None for `never`."""
    word = text.strip().lower()
    if word == "never":
        return None
    now = now or datetime.now().astimezone()
    span = _SPAN.fullmatch(word)
    try:
        if span:
            then = now + int(span[1]) * _UNITS[span[2][0]]
        else:
            day = datetime.fromisoformat(word)
            then = day.replace(tzinfo=now.tzinfo) if day.tzinfo is None else day
    except (ValueError, OverflowError) as error:
        raise InputError(
            "An expiry is a time from now (12h, 7d, 2w), a date (2026-12-31), or never."
        ) from error
    if then <= now:
        raise InputError(f"{text} is over already. An expiry is a time to come.")
    return int(then.timestamp() * 1000)
