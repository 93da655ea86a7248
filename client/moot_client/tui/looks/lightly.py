"""Markdown, lightly: what people type to order their words, shown in order.

Bullets and numbers hang, headings and what is stressed stand out, quotations have their bar. All else is
shown as it was typed: no link is followed, no picture fetched, no HTML read, and a table is what it looks
like. Reading takes as long as the text does, whatever is in it: nothing nests, and nothing looks far ahead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.content import Content

from moot_client.tui.looks.ink import ACCENT, DIM, LONGEST_TEXT, MOST_LINES, TOO_LONG, joined
from moot_shared.frozen import frozen
from moot_shared.text import shown

_LINE = re.compile(
    r"(?P<indent> {0,12})(?:(?P<bullet>[-*+]) +(?=\S)|(?P<number>\d{1,3}[.)]) +(?=\S)"
    r"|(?P<heading>\#{1,6}) +(?=\S)|(?P<quote>(?:> ?){1,6}))"
)
BULLET, BAR = "•", "│"
_FENCE = re.compile(r" {0,3}(```|~~~)")
_RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,} *")
_STRESSED = re.compile(
    r"(?P<code>`(?=[^\s`])[^`\n]{1,120}`)"
    r"|(?<![\w*])\*\*(?=[^\s*])(?P<strong>[^*\n]{1,120})(?<=[^\s*])\*\*(?![\w*])"
    r"|(?<![\w*])\*(?=[^\s*])(?P<star>[^*\n]{1,120})(?<=[^\s*])\*(?![\w*])"
    r"|(?<![\w_])_(?=[^\s_])(?P<under>[^_\n]{1,120})(?<=[^\s_])_(?![\w_])"
    r"|\[(?P<link>[^\[\]\n]{1,120})\]\((?P<where>[^\s()]{1,200})\)"
)


@frozen
class Part:
    """Some lines that belong together: what hangs before the first of them, and their words."""

    lead: str
    words: Content


def parts(words: str) -> Iterator[Part]:
    """What somebody wrote, line by line, as much of it as is shown at once."""
    safe = shown(words[:LONGEST_TEXT])
    lines = safe.split("\n")
    fenced = ""
    plain: list[Content] = []
    for line in lines[:MOST_LINES]:
        fence = _FENCE.match(line)
        if fenced or fence:
            ends = fence is not None and (not fenced or fence[1] == fenced)
            fenced = ("" if fenced else fence[1]) if fence and ends else fenced
            plain.append(Content.styled(line, DIM if ends else ACCENT))
            continue
        found = _LINE.match(line)
        if found is None or _RULE.fullmatch(line):
            plain.append(Content.styled(line, DIM) if _RULE.fullmatch(line) else stressed(line))
            continue
        if plain:
            yield Part("", joined(plain, "\n"))
            plain = []
        yield _marked(found, line[found.end() :])
    if len(lines) > MOST_LINES or len(words) > LONGEST_TEXT:
        plain.append(Content.styled(TOO_LONG.strip("\n"), DIM))
    if plain:
        yield Part("", joined(plain, "\n"))


def _marked(found: re.Match[str], rest: str) -> Part:
    indent = found["indent"]
    if found["bullet"]:
        return Part(f"{indent}{BULLET} ", stressed(rest))
    if found["number"]:
        return Part(f"{indent}{found['number']} ", stressed(rest))
    if found["heading"]:
        return Part("", Content.styled(rest.rstrip("# "), "bold"))
    return Part(f"{BAR} " * found["quote"].count(">"), stressed(rest))


def stressed(words: str) -> Content:
    """One line with what is stressed in it; words are safe already."""
    pieces: list[Content] = []
    at = 0
    for found in _STRESSED.finditer(words):
        pieces.append(Content(words[at : found.start()]))
        pieces.append(_piece(found))
        at = found.end()
    return Content.assemble(*pieces, words[at:]) if pieces else Content(words)


def _piece(found: re.Match[str]) -> Content:
    if found["code"]:
        return Content.styled(found["code"][1:-1], ACCENT)
    if found["link"]:
        return Content.assemble(found["link"], (f" ({found['where']})", DIM))
    if found["strong"]:
        return Content.styled(found["strong"], "bold")
    return Content.styled(found["star"] or found["under"], "italic")


def lightly(words: str) -> Content:
    """All of it in one, for where nothing can hang."""
    return joined([Content(part.lead) + part.words for part in parts(words)], "\n")
