"""The last gate of the interface: every line that is drawn passes it, whichever widget drew it.

`ink` makes words safe where they come in. Here is what none of our widgets, and none of Textual's
own (an editor, a tooltip, a message), can forget: no piece of a line carries a control character or a
link to elsewhere, and each is as wide as its widget believed, so that what follows stays in place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from typing_extensions import override

from moot_shared.text import shown_line

_PLAIN = re.compile("[\x20-\x7e\u2500-\u257f]*")  # letters, and the lines of a frame

_SISTERS = str.maketrans(  # people's own letters stay as they are
    {
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("“”", '"'),
        **dict.fromkeys("…·", "."),
        **dict.fromkeys("–—─▔▁", "-"),
        **dict.fromkeys("│▏▕", "|"),
        **dict.fromkeys("▂▃▄▅▆▇█", "#"),
        "→": ">",
    }
)


class Gate(LineFilter):
    """Lines on which nothing steers the terminal."""

    @override
    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return list(_passed(segments))


class InAscii(LineFilter):
    """For a terminal that lacks signs: typographic marks become their plain sisters, as wide as they were."""

    @override
    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment
            if segment.text.isascii()
            else Segment(segment.text.translate(_SISTERS), segment.style, segment.control)
            for segment in segments
        ]


def _passed(segments: list[Segment]) -> Iterator[Segment]:
    for segment in segments:
        text, style, control = segment
        words = text if _PLAIN.fullmatch(text) else _as_wide(text)
        if style is not None and style.link:
            style = style.update_link(None)
        yield segment if words == text and style is segment.style else Segment(words, style, control)


@lru_cache(maxsize=4096)
def _as_wide(text: str) -> str:
    """Some words without what steers or hides, in as many cells as they had."""
    safe = shown_line(text)
    return safe if safe == text else set_cell_size(safe, cell_len(text))
