"""What is written on a screen: words with a role, never markup.

`Content` carries text and styles apart, so that what people wrote cannot be read as markup.
Everything that a person wrote passes `line` or `text` on its way here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from moot_shared.text import shown, shown_line

DIM = "$text-muted"
STRONG = "bold"
ACCENT = "$accent"
CARE = "bold $text-warning"
LONGEST_LINE = 2_000  # characters; honest clients write up to 500
LONGEST_TEXT = 50_000  # characters, which is what a field of prose may hold
MOST_LINES = 1_000
TOO_LONG = "\n… The rest is too long for this page. An export has all of it."
Part = str | Content | tuple[str, str]


def write(*parts: Part) -> Content:
    """Words of our own, in order: plain, or (words, role)."""
    if len(parts) != 1:
        return Content.assemble(*parts)
    (part,) = parts  # mostly: it needs no putting together
    if isinstance(part, Content):
        return part
    return Content.styled(part) if isinstance(part, str) else Content.styled(*part)


def line(words: str, role: str = "") -> Content:
    """What somebody wrote, as one line that cannot steer the terminal."""
    cut = words if len(words) <= LONGEST_LINE else words[:LONGEST_LINE] + "…"
    return Content.styled(shown_line(cut), role)


def text(words: str, role: str = "") -> Content:
    """What somebody wrote, over several lines; as much of it as can be broken into lines while one waits."""
    safe = shown(words[:LONGEST_TEXT])
    end = _after_lines(safe, MOST_LINES)
    if len(words) > LONGEST_TEXT or end < len(safe):
        return Content.styled(safe[:end].rstrip(), role) + Content.styled(TOO_LONG, DIM)
    return Content.styled(safe, role)


def _after_lines(words: str, lines: int) -> int:
    """Where so many lines end; the whole length where there are fewer."""
    at = -1
    for _ in range(lines):
        at = words.find("\n", at + 1)
        if at < 0:
            return len(words)
    return at


def joined(parts: Iterable[Content], between: Part) -> Content:
    """Parts with something between them. (`Content.join` counts its separator's width once too often.)"""
    pieces: list[Part] = []
    for part in parts:
        pieces += [between, part] if pieces else [part]
    return Content.assemble(*pieces)


def whole(notes: Sequence[Content], room: int) -> Content:
    """As many notes as there is room for, the first ones first; none is cut in two."""
    kept = 0
    for note in notes:
        room -= note.cell_length + (2 if kept else 0)
        if room < 0:
            break
        kept += 1
    return joined(notes[:kept], "  ")


def fit(content: Content, width: int, more: str = "…") -> Content:
    """Content in exactly `width` cells: cut with a sign that says so, or filled up."""
    if width <= 0:
        return Content("")
    if content.cell_length > width:
        room = max(width - len(more), 0)
        content = content.truncate(room) + Content.styled(more[:width], DIM)
    return content.pad_right(width - content.cell_length)


def to_right(content: Content, width: int) -> Content:
    """Content in `width` cells, at their right end: figures."""
    cut = content.truncate(width)
    return cut.pad_left(width - cut.cell_length)


def spread(left: Content, right: Content, width: int, more: str = "…") -> Content:
    """One line with something at each end; the right end keeps its room, the left gives way."""
    right = right.truncate(width)
    room = width - right.cell_length - (1 if right else 0)
    return fit(left, room, more) + Content(" " if right and room >= 0 else "") + right


def wrapped(content: Content, width: int) -> list[Content]:
    """Content as lines of at most `width` cells, broken between words."""
    return content.wrap(max(width, 4)) if content else [content]
