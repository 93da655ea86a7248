"""What is painted costs what is seen of it: Textual's compositor, asked for less.

Textual renders every widget that meets the rectangle around all that has changed, whole, also those that
lie behind others. Here only lines are rendered that have changed and of which something is seen, from the
front to the back. What is painted is the same to the letter (tests/tui/test_painting.py).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip
from typing_extensions import override

Wanted = Mapping[int, Sequence[tuple[int, int]]]
"""Which columns are painted of which line: from, to (not included)."""


class Painter(Compositor):
    """Puts together what the widgets of a screen look like."""

    @override
    def render_partial_update(self) -> ChopsUpdate | None:
        regions, cuts = self._dirty_regions.copy(), self.cuts
        self._dirty_regions.clear()
        spans = [span for span in self._regions_to_spans(regions) if 0 <= span[0] < len(cuts)]
        if not spans:
            return None
        wanted: dict[int, list[tuple[int, int]]] = {}
        for y, start, end in spans:
            wanted.setdefault(y, []).append((start, end))
        return ChopsUpdate(self._painted(wanted), spans, [line[1:] for line in cuts])

    @override
    def _render_chops(
        self, crop: Region, is_rendered_line: Callable[[int], bool]
    ) -> Sequence[Mapping[int, Strip]]:
        columns = (crop.column_span,)
        return self._painted({y: columns for y in crop.line_range if is_rendered_line(y)})

    def _painted(self, wanted: Wanted) -> list[dict[int, Strip]]:
        """Each line's pieces by the column where they begin; None where nothing is wanted."""
        cuts = self.cuts
        pieces: list[dict[int, Strip | None]] = [dict.fromkeys(line[:-1]) for line in cuts]
        for widget, (region, clip) in self.visible_widgets.items():  # the foremost first
            seen = region.intersection(clip)
            left, right = seen.column_span
            lines = []
            for y in seen.line_range:
                if y in wanted and any(start < right and end > left for start, end in wanted[y]):
                    line = cuts[y]
                    edges = line[bisect_left(line, left) : bisect_right(line, right)]
                    if any(pieces[y][edge] is None for edge in edges[:-1]):
                        lines.append((y, edges))
            if not lines:
                continue
            top = lines[0][0]
            crop = Region(left - region.x, top - region.y, seen.width, lines[-1][0] - top + 1)
            strips = widget.render_lines(crop)
            for y, edges in lines:
                parts = strips[y - top].divide([edge - left for edge in edges[1:]])
                for edge, part in zip(edges, parts, strict=False):
                    if pieces[y][edge] is None:
                        pieces[y][edge] = part
        return cast(list[dict[int, Strip]], pieces)
