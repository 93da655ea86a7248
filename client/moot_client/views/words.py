"""What a member wrote in one change, so that what was refused can be said again."""

from __future__ import annotations

import json
from collections.abc import Iterator

from moot_shared.errors import FormatError
from moot_shared.format.change import Change, decode_change


def words_of(chunk: bytes) -> str:
    """What a member wrote in a change, a line each, so that a refused one can be said again."""
    try:
        change = decode_change(chunk)
    except FormatError:
        return ""
    return "\n".join(_words(change))


def _words(change: Change) -> Iterator[str]:
    for operation in change.operations:
        value = operation.value
        if not isinstance(value, str) or not value:
            continue
        try:
            said = json.loads(value)
        except (ValueError, RecursionError):
            said = value
        found = said.values() if isinstance(said, dict) else [value]
        yield from (words for words in found if isinstance(words, str) and words)
