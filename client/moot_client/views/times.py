"""Times as people say them, in the interface and in the command line. Clocks are other people's: a time is
shown, never trusted.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_YEARS = 253_402_300_800_000  # the year 10000 in Unix milliseconds: no calendar here goes further


def moment(ms: int, zone: tzinfo | None) -> datetime:
    """Unix milliseconds as a local time; what no calendar can hold becomes its edge."""
    return datetime.fromtimestamp(min(max(ms, 0), _YEARS - 86_400_000 * 2) / 1000, zone)


def when(ms: int, now: int, zone: tzinfo | None = None) -> str:
    """'10:42', 'yesterday 18:20', 'Monday 18:20', '3 March', '3 March 2024'."""
    if ms <= 0:
        return "at an unknown time"
    then, today = moment(ms, zone), moment(now, zone)
    clock = f"{then:%H:%M}"
    days = (today.date() - then.date()).days
    if days == 0:
        return clock
    if days == 1:
        return f"yesterday {clock}"
    if 1 < days < 7:
        return f"{DAYS[then.weekday()]} {clock}"
    date = f"{then.day} {MONTHS[then.month - 1]}"
    near = timedelta(0) <= today - then < timedelta(days=300)
    return date if near else f"{date} {then.year}"


def greeting(now: int, zone: tzinfo | None = None) -> str:
    """What a colleague would say at this hour."""
    hour = moment(now, zone).hour
    if 5 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"
