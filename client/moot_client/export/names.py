"""File names that are safe on every system, and that stay what they are from export to export."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from moot_shared.kinds import Record
from moot_shared.text import shown_line

SLUG_CHARS = 48
ID_CHARS = 8
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def slug(title: str) -> str:
    """A title as lower-case ASCII words joined by hyphens; '' where it has none."""
    short = shown_line(
        title[: 8 * SLUG_CHARS]
    )  # as it is shown: marks without end take as long to put in order
    plain = unicodedata.normalize("NFKD", short).encode("ascii", "ignore").decode("ascii").lower()
    words = _NOT_PLAIN.sub("-", plain).strip("-")
    return words[:SLUG_CHARS].rstrip("-")


def paths(records: Iterable[Record]) -> dict[str, str]:
    """record key -> 'issues/handover-between-shifts-k3v9a2bc.md'; no two alike."""
    taken: set[str] = set()
    result = {}
    for record in sorted(records, key=lambda record: record.key):
        folder = slug(record.plural or "newer " + record.key.kind) or "newer"
        handle = re.sub("[^a-z0-9]", "", record.key.handle)
        words = slug(record.title_line) or folder
        path = f"{folder}/{words}-{handle[:ID_CHARS]}.md"
        number = 1
        while path in taken:
            number += 1
            path = f"{folder}/{words}-{handle}-{number}.md"
        taken.add(path)
        result[str(record.key)] = path
    return result
