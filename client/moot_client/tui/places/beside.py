"""What stands in the columns beside a list, where there is little to say or little room to say it in."""

from __future__ import annotations

from textual.content import Content

from moot_client.tui.commands.registry import key_of
from moot_client.tui.looks.ink import DIM, spread, write
from moot_client.tui.looks.sheet import Block, Sheet
from moot_client.tui.looks.signs import Signs


def head(sheet: Sheet, width: int, signs: Signs) -> Content:
    """A page's title, and as many words about it as leave the title whole: the last ones say most."""
    beside, between = sheet.beside(width), f" {signs.between} "
    words = beside.plain.split(between)
    while not sheet.now and len(words) > 1 and sheet.title.cell_length + beside.cell_length + 3 > width:
        words.pop(0)
        beside = write((between.join(words), DIM))
    return spread(write("  ", sheet.title.stylize_before("$foreground")), beside, width, signs.more)


def whole_title(sheet: Sheet, shown: Content | None, room: int) -> tuple[Block, ...]:
    """A title that its line cuts is the first thing on the page; a line in sight (`shown`) has the title."""
    if sheet.blocks and sheet.title.plain in sheet.blocks[0].body.plain:
        return ()  # it stands there with its other versions
    beside = sheet.beside(room).cell_length
    fits = sheet.title.cell_length + beside + bool(beside) <= room
    if fits if shown is None else sheet.title.plain in shown.plain:
        return ()
    return (Block("", sheet.title.stylize_before("$foreground")),)


def nothing_to_read(target: str) -> tuple[Block, ...]:
    """Instead of a page, for a line that has none: what it does."""
    return (Block("", write((f"{key_of('open')} opens it.", DIM))),) if target else ()


def nothing_said() -> tuple[Block, ...]:
    """Instead of comments."""
    words = f"none yet: {key_of('comment')} says something"
    return (Block("Comments", write((words, DIM)), gap=True),)
