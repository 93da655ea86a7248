"""What people wrote, made safe to show, and made whole to store.

Text travels as it was typed; what is changed on the way in is only what can never be meant
(lone surrogates, Windows line ends). On the way out there are two gates:

    held    for an editor: nothing that steers a terminal or turns the words around it; all else
            stays, so that what somebody changes one word of keeps every other sign
    shown   for a terminal, an export, a log: also nothing that cannot be seen, and no more marks
            on one letter than any script has

Every control character becomes a visible picture, or goes. Both gates leave what they gave alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

MOST_MARKS: Final = 6
"""Marks on one letter: Hebrew with its points and accents has five, Tibetan stacks four."""
UNORDERED_MARKS: Final = 30
"""Marks in a row that are put in order together. Putting n in order takes n² steps: a minute for what fits
into one change. Unicode's own bound for streams (UAX 15), kept as it says, by a joiner that shows nothing."""

_Ranges = tuple[tuple[int, int], ...]
_DIRECTION: _Ranges = ((0x061C, 0x061C), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069))
_UNSEEN: _Ranges = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200B), (0x2060, 0x2065), (0x206A, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""What Unicode calls default ignorable, but for the two joiners: signs that hide between others, and
variation selectors, about whose width no two terminals agree."""
_ONE_LINE = {0x09: " ", 0x0A: " ", 0x2028: " ", 0x2029: " "}
_SEVERAL = {0x09: "    ", 0x0A: "\n", 0x2028: "\n", 0x2029: "\n"}
_MOST_KNOWN = 5_000


class _Signs(dict[int, int | str | None]):
    """What becomes of each sign, for `str.translate`: worked out when it is first met."""

    def __init__(self, breaks: dict[int, str], *, unseen_too: bool) -> None:
        super().__init__(breaks)
        self._gone = (*_DIRECTION, (0xFEFF, 0xFEFF), *(_UNSEEN if unseen_too else ()))

    def __missing__(self, code: int) -> int | str | None:
        became = self._became(code)
        if len(self) < _MOST_KNOWN:
            self[code] = became
        return became

    def _became(self, code: int) -> int | str | None:
        if 0x20 <= code < 0x7F:
            return code
        if code < 0x20:
            return 0x2400 + code
        if code == 0x7F:
            return 0x2421
        if code < 0xA0 or 0xD800 <= code < 0xE000:  # half of a pair: no terminal takes it
            return 0xFFFD
        return None if any(first <= code <= last for first, last in self._gone) else code


_HELD, _HELD_LINE = _Signs(_SEVERAL, unseen_too=False), _Signs(_ONE_LINE, unseen_too=False)
_SHOWN, _SHOWN_LINE = _Signs(_SEVERAL, unseen_too=True), _Signs(_ONE_LINE, unseen_too=True)
_JOINED = "([^\u200c\u200d]?)([\u200c\u200d]+)"
_RUN = f"[^\\x00-\u02ff]{{{MOST_MARKS + 1},}}"
_FIRST = "(?:\\A|(?<=\n))[^\\x00-\u02ff]"
_FLOOD = f"[^\\x00-\u02ff]{{{UNORDERED_MARKS + 1},}}"
_STEERING = (  # colours and the like, a window's title, and whatever else is a control but a line's end
    r"[\x1b\u241b]\[[0-9;:?]*[@-~]|[\x1b\u241b]\][^\x07\u2407\n]*[\x07\u2407]"
    r"|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u2400-\u2421]"
)
_BLANK_LINES = r"\n[ \t]*\n\s*"


@cache
def _pattern(words: str) -> re.Pattern[str]:
    """Compiled when it is first needed: most processes read and write letters that need none of them."""
    return re.compile(words)


def shown(text: str) -> str:
    """Text over several lines, as it may reach a terminal: no control characters but line ends."""
    return _settled(text.translate(_SHOWN))


def shown_line(text: str) -> str:
    """Text as one line that may reach a terminal: line ends and tabs become spaces."""
    return _settled(text.translate(_SHOWN_LINE))


def held(text: str) -> str:
    """Text over several lines, as it may stand in an editor."""
    return text.translate(_HELD)


def held_line(text: str) -> str:
    """One line, as it may stand in an editor."""
    return text.translate(_HELD_LINE)


def _settled(text: str) -> str:
    """Joiners only where a script has them, few marks on a letter, none on a letter that is not there."""
    if text.isascii():
        return text
    joined = _pattern(_JOINED).sub(_joiner, text)
    return _pattern(_FIRST).sub(_carried, _pattern(_RUN).sub(_thinned, joined))


def _joiner(found: re.Match[str]) -> str:
    """Persian and the scripts of India write with joiners; between other signs they only hide."""
    before, joiners = found[1], found[2]
    return before + (joiners[0] if before >= "\u0590" and unicodedata.category(before)[0] in "LM" else "")


def _thinned(found: re.Match[str]) -> str:
    kept, marks = [], 0
    for character in found[0]:
        marks = marks + 1 if _rides(character) else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _carried(found: re.Match[str]) -> str:
    return f"\u25cc{found[0]}" if _rides(found[0]) else found[0]


def _rides(character: str) -> bool:
    """Whether a sign stands on the one before it (or may, in a Unicode that is newer than this Python's)."""
    return unicodedata.category(character) in ("Mn", "Me", "Cf", "Cn")


def typed(text: str) -> str:
    """Text as it is stored: composed (NFC), Unix line ends, encodable; nothing that was meant is lost."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = whole.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", _pattern(_FLOOD).sub(_parted, whole))


def _parted(found: re.Match[str]) -> str:
    parts, marks = [], 0
    for character in found[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > UNORDERED_MARKS:
            parts.append("\u034f")
            marks = 1
        parts.append(character)
    return "".join(parts)


def typed_line(text: str) -> str:
    """One line as it is stored: like `typed`, with every run of white space made one space."""
    return " ".join(typed(text).split())


def typed_name(text: str) -> str:
    """A name as it is stored: one line, without what steers a terminal (or its pictures, from an editor)."""
    return typed_line(_pattern(_STEERING).sub("", text))


def paragraphs(text: str) -> tuple[str, ...]:
    """Prose as its paragraphs: what stands between blank lines, without empty ones."""
    parts = _pattern(_BLANK_LINES).split(typed(text).strip("\n"))
    return tuple(part.rstrip() for part in parts if part.strip())


def prose(parts: tuple[str, ...] | list[str]) -> str:
    """Paragraphs as one text, a blank line between them."""
    return "\n\n".join(parts)
