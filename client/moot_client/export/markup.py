"""What people wrote, in Markdown: their words stay, and neither a terminal nor a browser is steered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from moot_shared.kinds import ProseText
from moot_shared.text import shown, shown_line

LATEST = 253_370_764_800_000  # the year 9999, in Unix milliseconds
_HTML = re.compile(r"<(?=[A-Za-z/!?])")
_SIGNS = re.compile(r"([\\`*_\[\]<>|~])")
_AHEAD = re.compile(r"&(?=#?\w+;)")
_LINK = re.compile(r"\](?=[(:\[])")
_TICKS = re.compile(r"`{3,}|~{3,}")


def inline(text: str) -> str:
    """One line of what somebody wrote, that formats nothing and leads nowhere."""
    return _AHEAD.sub("&amp;", _SIGNS.sub(r"\\\1", shown_line(text)))


def block(text: str) -> str:
    """Prose as it was written, as a quotation: its own Markdown works inside, and ends with it.

    So no heading, fence or list of somebody's own passes for a part of the page. HTML does not work, no
    picture is fetched, and no words lead elsewhere than they say: an address is one where it is spelled
    out. (What would begin one is parted, and not escaped at its start: a backslash of somebody's own
    before it would undo that.)
    """
    plain = _HTML.sub("&lt;", shown(text).rstrip()).replace("![", "!\\[")
    return "\n".join(f"> {line}".rstrip() for line in _LINK.sub("]\\\\", plain).split("\n"))


def fenced(text: str) -> tuple[str, str, str]:
    """Words that were meant for a program, in a block of their own that nothing in them ends."""
    return "```json", _TICKS.sub(lambda found: " ".join(found[0]), shown(text)), "```"


def day(milliseconds: int) -> str:
    """A date; '' where none is known."""
    if milliseconds <= 0:
        return ""
    return f"{datetime.fromtimestamp(min(milliseconds, LATEST) / 1000, UTC):%Y-%m-%d}"


def raw(values: Mapping[str, Any]) -> Iterator[str]:
    """Values of fields that are not known here, as JSON in a block of its own."""
    plain = {name: str(value) if isinstance(value, ProseText) else value for name, value in values.items()}
    yield from fenced(json.dumps(plain, indent=1, sort_keys=True))
