"""Which words of a text were looked for: as parts of it, never as marks in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from moot_shared.frozen import frozen

READ = 20_000  # characters of a text in which the looked-for words are looked for
MOST_PLACES = 200  # of them, how many are weighed against each other
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")  # as the index parts words, near enough to show them


@frozen
class Words:
    """A piece of text in parts, each with whether it is what was looked for."""

    parts: tuple[tuple[str, bool], ...] = ()

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(words for words, _ in self.parts)

    def __bool__(self) -> bool:
        return any(words for words, _ in self.parts)


def fold(text: str) -> str:
    """Text as the index compares it: small letters, no accents."""
    if text.isascii():
        return text.lower()
    parted = unicodedata.normalize("NFD", text.lower())
    return "".join(character for character in parted if not unicodedata.combining(character))


def tokens(text: str) -> list[str]:
    """The words of a text, folded."""
    return [fold(found[0]) for found in _WORD.finditer(text)]


def emphasised(text: str, wanted: Sequence[str]) -> Words:
    """A whole text, with the words that begin with one of the folded `wanted` apart."""
    return _parted(text, ((start, end) for start, end, _ in _places(text, wanted)))


def around(text: str, wanted: Sequence[str], room: int = 150) -> Words:
    """About `room` characters of a text, where most of the wanted words stand; else its beginning."""
    flat = " ".join(text[:READ].split())
    places = [place for _, place in zip(range(MOST_PLACES), _places(flat, wanted), strict=False)]
    begin = _begin(flat, max(0, _best(places, room) - room // 4)) if places else 0
    end = begin + room
    if end < len(flat):
        end = max(flat.rfind(" ", begin + room // 2, end), begin + room // 2)
    before, after = "… " if begin else "", " …" if end < len(flat) or len(text) > READ else ""
    cut = _parted(
        flat[begin:end], ((s - begin, min(e, end) - begin) for s, e, _ in places if begin <= s < end)
    )
    return Words(tuple(p for p in ((before, False), *cut.parts, (after, False)) if p[0]))


def _places(text: str, wanted: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Where wanted words stand: begin, end, which one."""
    if not wanted:
        return
    begins = tuple(wanted)
    for found in _WORD.finditer(text):
        word = fold(found[0])
        if word.startswith(begins):
            yield found.start(), found.end(), next(each for each in begins if word.startswith(each))


def _best(places: Sequence[tuple[int, int, str]], room: int) -> int:
    """Where to begin so that most different words are in sight; of equals the first."""

    def seen(at: int) -> int:
        first = places[at][0]
        return len({which for start, _, which in places[at:] if start < first + room // 2})

    return places[max(range(len(places)), key=lambda at: (seen(at), -at))][0]


def _begin(text: str, at: int) -> int:
    """The beginning of a word, at `at` or a little later."""
    if at <= 0:
        return 0
    space = text.find(" ", at, at + 30)
    return space + 1 if space >= 0 else at


def _parted(text: str, spans: Iterator[tuple[int, int]]) -> Words:
    parts: list[tuple[str, bool]] = []
    at = 0
    for start, end in spans:
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    parts.append((text[at:], False))
    return Words(tuple(part for part in parts if part[0]))
