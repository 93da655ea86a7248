"""A page to read, as blocks: a label in the left column, words in the right one.

Sheets know no widget: they are built from views, laid out for a width, and shown by `Page`.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from moot_client.tui.looks.ink import ACCENT, DIM, TOO_LONG, fit, joined, wrapped, write
from moot_client.tui.looks.lightly import BAR, BULLET
from moot_client.tui.looks.signs import FULL, Signs
from moot_shared.frozen import field, frozen

MARGIN = 2
LABEL = 15
WIDEST = 88
MOST_LINES = 5_000  # of a page; then it says where the rest is
_STACKED_BELOW = 54


@frozen
class Block:
    """Some words under a label. With a `target` it can be stepped to, and Enter opens it."""

    label: str
    body: Content
    target: str = ""
    gap: bool = False  # an empty line before it
    barred: bool = False  # a bar at its left: one of two versions of the same paragraph
    hang: str = ""  # before its first line, while the others are set in: a bullet, a number, a bar


@frozen
class Sheet:
    """A whole page: what it is called, a few words beside that, and its blocks.

    `talk` stands beside the rest where there is room for three columns, and under it elsewhere.
    """

    kind: str
    title: Content
    tags: Content = field(default_factory=Content)
    blocks: tuple[Block, ...] = ()
    talk: tuple[Block, ...] = ()
    now: Content = field(default_factory=Content)  # who is writing there just now

    def beside(self, width: int) -> Content:
        """What stands beside the title: who is writing; the words about it where there is room for both."""
        if not self.now:
            return self.tags
        both = joined([part for part in (self.now, self.tags) if part], write("  "))
        return both if self.title.cell_length + both.cell_length + MARGIN + 1 <= width else self.now


@frozen
class Stop:
    """A place in a laid-out page that can be stepped to."""

    target: str
    y: int
    height: int


@frozen
class Layout:
    """Lines for one width, and where one can stop."""

    lines: tuple[Content, ...]
    stops: tuple[Stop, ...]


def lay_out(blocks: Sequence[Block], width: int, signs: Signs = FULL) -> Layout:
    """Blocks as lines of at most `width` cells; labels go above their words where there is no room beside."""
    stacked = width < _STACKED_BELOW
    indent = MARGIN if stacked else MARGIN + LABEL
    room = min(width, WIDEST) - indent
    lines: list[Content] = []
    stops: list[Stop] = []
    for block in blocks:
        if len(lines) > MOST_LINES:
            lines.append(write(" " * indent, (TOO_LONG.strip(), DIM)))
            break
        if block.gap and lines:
            lines.append(Content(""))
        top = len(lines)
        lead = write(f"{signs.beside} ", "") if block.barred else Content("")
        hang = Content(_plain(block.hang) if signs.plain else block.hang)
        body = wrapped(block.body, room - lead.cell_length - hang.cell_length)
        label = write((block.label, DIM))
        above = bool(label) and (stacked or label.cell_length >= LABEL)
        if above:
            lines += [write(" " * MARGIN) + row for row in wrapped(label, width - MARGIN)]
        for at, row in enumerate(body):
            label = fit(label, LABEL - 1) + " " if at == 0 and not above and not stacked else write()
            start = write(" " * MARGIN, label) if label else write(" " * indent)
            lines.append(start + (Content.styled(lead.plain, ACCENT) if lead else "") + hang + row)
            hang = hang if BAR in block.hang else Content(" " * hang.cell_length)
        if block.target:
            stops.append(Stop(block.target, top, len(lines) - top))
    return Layout(tuple(lines), tuple(stops))


def _plain(hang: str) -> str:
    return hang.replace(BULLET, "-").replace(BAR, "|")
