"""A statement's JSON, read as the same value on every machine, whoever wrote it.

Python's own reader depends on where it is called from: how deep a value it takes is decided by what
is left of the stack. It lets in numbers that are none, and halves of characters that no disk or
terminal takes. Rules and rows must not follow from such things, so they are settled here.
"""

from __future__ import annotations

import json
import re
from sys import float_info
from typing import Any

from moot_shared.errors import FormatError

DEEPEST = 32
"""How deep a value may be nested: far below what any interpreter manages, far above what is said."""

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


def read_object(text: str) -> dict[str, Any]:
    """A JSON object; FormatError for anything else, and for what not every machine could read."""
    if text.count("[") + text.count("{") > DEEPEST and _depth(text) > DEEPEST:
        raise _unreadable()
    try:
        values = _READER.decode(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(values, dict):
        raise _unreadable()
    if "\\ud" in text.lower():  # half a character may stand in it: as in `text.typed`, it becomes '?'
        whole = json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
        values = json.loads(whole)
    return dict(values)


def _depth(text: str) -> int:
    depth = deepest = 0
    for found in _BRACKETS.finditer(text):
        sign = found.group()
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


def _no_number(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _finite(digits: str) -> float:
    """A number; one that is too large is the largest there is (`1e999` would be infinite, which is none)."""
    return min(max(float(digits), -float_info.max), float_info.max)


def _unreadable() -> FormatError:
    return FormatError("This cannot be read: it may be made with a newer Moot.")


_READER = json.JSONDecoder(parse_constant=_no_number, parse_float=_finite)
