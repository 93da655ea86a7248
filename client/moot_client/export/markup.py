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
_SIGNS = re.compile(r"([\\`*\[\]<>|])")


def inline(text: str) -> str:
    """One line of what somebody wrote, that formats nothing."""
    return _SIGNS.sub(r"\\\1", shown_line(text))


def block(text: str) -> str:
    """Prose as it was written: its own Markdown works, HTML does not."""
    return _HTML.sub(r"\\<", shown(text))


def day(milliseconds: int) -> str:
    """A date; '' where none is known."""
    if milliseconds <= 0:
        return ""
    return f"{datetime.fromtimestamp(min(milliseconds, LATEST) / 1000, UTC):%Y-%m-%d}"


def raw(values: Mapping[str, Any]) -> Iterator[str]:
    """Values of fields that are not known here, as JSON in a block of its own."""
    plain = {name: str(value) if isinstance(value, ProseText) else value for name, value in values.items()}
    yield from ("```json", json.dumps(plain, indent=1, sort_keys=True), "```")
