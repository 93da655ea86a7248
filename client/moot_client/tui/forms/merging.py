"""A text that somebody edits, while others edit what it began with: both sides' words, in one text.

Paragraph by paragraph, as the list of elements behind a prose field has them:

    what I left as it was    takes what others made of it: their words, or nothing
    what I wrote             stays, whatever others did
    what others put in       appears; where I took out what they rewrote, theirs is there again
    what both rewrote        mine stays in the text; theirs stands beside it, and outside of the edit

`Seen.base` is what the edit then began with. Keeping the text gives `text`, with what stands beside
left in its place: `replica.prose.steps` touches nothing that the base does not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from moot_client.tui.forms.carried import Hunk, Run, alike, runs_between
from moot_shared.kinds import Paragraph
from moot_shared.text import paragraphs, typed

_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")  # what parts paragraphs, as `moot_shared.text` has it
BLANK = "\n\n"


@dataclass(frozen=True, slots=True)
class Seen:
    """The paragraphs as an editor knows them, in order; those that stand `beside` are not in the text."""

    paragraphs: tuple[Paragraph, ...] = ()
    beside: frozenset[str] = frozenset()

    @property
    def base(self) -> tuple[Paragraph, ...]:
        """What the text is an edit of."""
        return tuple(p for p in self.paragraphs if p.element not in self.beside)

    @property
    def text(self) -> str:
        """The text before anything is changed in it."""
        return BLANK.join(p.text for p in self.base)


@dataclass(frozen=True, slots=True)
class Merged:
    """The text as it is now, what it is an edit of, and how the old one became it."""

    text: str
    seen: Seen
    runs: tuple[Run, ...]
    hunks: tuple[Hunk, ...]  # what is different, paragraph by paragraph
    stays: tuple[str, ...] = ()  # my paragraphs of which others took the earlier wording out
    back: tuple[Paragraph, ...] = ()  # others' rewritings of what I had taken out


class _Became(Enum):
    SAME, REWRITTEN, GONE = range(3)


_Entry = tuple[int, Paragraph | None]
"""One paragraph of the new text: which of mine (-1: none), and whose words stand there if not mine."""


@dataclass(slots=True)
class _Slots:
    """What became of each paragraph of the base, and what was put in after it (-1: at the beginning)."""

    fate: dict[int, tuple[_Became, int]] = field(default_factory=dict)
    added: dict[int, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph in a text that is being typed."""

    start: int
    end: int
    words: str


def pieces(text: str) -> list[Piece]:
    """The paragraphs of a text, and where they stand in it."""
    found, start = [], len(text) - len(text.lstrip("\n"))
    last = len(text.rstrip("\n"))
    breaks = [(m.start(), m.end()) for m in _BLANK_LINES.finditer(text, start, last)]
    for end, after in [*breaks, (last, last)]:
        part = text[start:end]
        if part.strip():
            found.append(Piece(start, start + len(part.rstrip()), typed(part).rstrip()))
        start = after
    return found


def merge(seen: Seen, text: str, standing: Sequence[Paragraph]) -> Merged:
    """`text`, an edit of what was `seen`, brought up to what is `standing` now."""
    if tuple(standing) == seen.paragraphs:
        return Merged(text, seen, (Run(0, 0, len(text)),), ())
    now = Seen(tuple(standing))
    if paragraphs(text) == paragraphs(seen.text) and not all(map(_single, seen.paragraphs)):
        return Merged(now.text, now, tuple(runs_between(text, now.text)), (Hunk(0, len(text), now.text),))
    return _Merging(seen, text, standing).run()


def _single(paragraph: Paragraph) -> bool:
    """Whether it is one paragraph in a text as well, as everything is that Moot wrote."""
    return paragraphs(paragraph.text) == (paragraph.text,)


def _of_mine(seen: Seen, mine: Sequence[Piece]) -> _Slots:
    """What I made of each paragraph that is in the text."""
    slots = _Slots()
    where = [n for n, p in enumerate(seen.paragraphs) if p.element not in seen.beside]
    before = [seen.paragraphs[n].text for n in where]
    i1 = j1 = 0
    for i2, j2, size in [*alike(before, [piece.words for piece in mine]), (len(before), len(mine), 0)]:
        pairs = min(i2 - i1, j2 - j1)
        for n in range(i2 - i1):
            slots.fate[where[i1 + n]] = (_Became.REWRITTEN, j1 + n) if n < pairs else (_Became.GONE, -1)
        last = i1 + pairs - 1
        slots.added.setdefault(where[last] if last >= 0 else -1, []).extend(range(j1 + pairs, j2))
        for n in range(size):
            slots.fate[where[i2 + n]] = (_Became.SAME, j2 + n)
        i1, j1 = i2 + size, j2 + size
    return slots


def _of_theirs(seen: Seen, standing: Sequence[Paragraph]) -> _Slots:
    """By the elements that stand: what is new between two of them took the place of what is gone there."""
    slots = _Slots()
    index_of = {p.element: n for n, p in enumerate(seen.paragraphs)}
    last, new = -1, list[int]()
    for n, paragraph in enumerate(standing):
        index = index_of.get(paragraph.element, -1)
        if index <= last:
            new.append(n)
            continue
        _between(slots, last, index, new)
        same = paragraph.text == seen.paragraphs[index].text
        slots.fate[index] = (_Became.SAME if same else _Became.REWRITTEN, n)
        last, new = index, []
    _between(slots, last, len(seen.paragraphs), new)
    return slots


def _between(slots: _Slots, last: int, following: int, new: Sequence[int]) -> None:
    gone = range(last + 1, following)
    for n, index in enumerate(gone):
        slots.fate[index] = (_Became.REWRITTEN, new[n]) if n < len(new) else (_Became.GONE, -1)
    rest = list(new[len(gone) :])
    if rest:
        slots.added.setdefault(following - 1 if gone else last, []).extend(rest)


class _Merging:
    def __init__(self, seen: Seen, text: str, standing: Sequence[Paragraph]) -> None:
        self.seen, self.text, self.standing = seen, text, standing
        self.mine = pieces(text)
        self.of_mine, self.of_theirs = _of_mine(seen, self.mine), _of_theirs(seen, standing)
        self.entries: list[_Entry] = []
        self.beside: set[str] = set()
        self.stays: list[str] = []
        self.back: list[Paragraph] = []

    def run(self) -> Merged:
        for index in range(-1, len(self.seen.paragraphs)):
            if index >= 0:
                self._one(index)
            self._added(index)
        text, runs, hunks = _Assembling(self.text, self.mine).run(self.entries)
        seen = Seen(tuple(self.standing), frozenset(self.beside))
        return Merged(text, seen, runs, hunks, tuple(self.stays), tuple(self.back))

    def _one(self, index: int) -> None:
        """What stands for one paragraph that both sides began with."""
        their_fate, n = self.of_theirs.fate.get(index, (_Became.GONE, -1))
        theirs = self.standing[n] if n >= 0 else None
        if self.seen.paragraphs[index].element in self.seen.beside:
            if theirs is not None:
                self.beside.add(theirs.element)
            return
        my_fate, at = self.of_mine.fate.get(index, (_Became.GONE, -1))
        if my_fate is _Became.SAME:
            if theirs is not None:
                self.entries.append((at, theirs if their_fate is _Became.REWRITTEN else None))
        elif my_fate is _Became.REWRITTEN:
            self.entries.append((at, None))
            if theirs is None:
                self.stays.append(self.mine[at].words)
            elif their_fate is _Became.REWRITTEN and theirs.text != self.mine[at].words:
                self.beside.add(theirs.element)
        elif their_fate is _Became.REWRITTEN and theirs is not None:
            self.entries.append((-1, theirs))
            self.back.append(theirs)

    def _added(self, index: int) -> None:
        """What both sides put in at one place: mine first, so that nothing moves under my hands."""
        put_in = [self.standing[n] for n in self.of_theirs.added.get(index, ())]
        for at in self.of_mine.added.get(index, ()):
            self.entries.append((at, None))
            same = next((p for p in put_in if p.text == self.mine[at].words), None)
            if same is not None:
                put_in.remove(same)
        self.entries += [(-1, paragraph) for paragraph in put_in]


class _Assembling:
    """The new text, with the white space that was typed; what was carried over, and what was not."""

    def __init__(self, text: str, mine: Sequence[Piece]) -> None:
        self.text, self.mine = text, mine
        self.parts: list[str] = []
        self.length = 0
        self.whole: list[Run] = []  # stretches that are as they were
        self.words: list[Run] = []  # words within paragraphs that others rewrote

    def run(self, entries: Sequence[_Entry]) -> tuple[str, tuple[Run, ...], tuple[Hunk, ...]]:
        self._carry(0, self.mine[0].start if self.mine else len(self.text))
        if self.text and entries and not self.mine:
            self._put(BLANK)  # below the empty lines on which I am about to write
        last, ended = -1, False
        for number, (at, other) in enumerate(entries):
            if 0 <= last == at - 1:
                self._carry(self.mine[last].end, self.mine[at].start)
            elif number:
                if 0 <= last == len(self.mine) - 1:  # an empty line at the end, where I am about to go on
                    ended = True
                    self._carry(self.mine[-1].end, len(self.text))
                self._put(BLANK)
            self._paragraph(at, other)
            last = at
        if self.mine and not ended:
            self._carry(self.mine[-1].end, len(self.text))
        built = "".join(self.parts)
        runs = sorted([*self.whole, *self.words], key=lambda run: run.old)
        return built, tuple(runs), tuple(self._hunks(built))

    def _paragraph(self, at: int, other: Paragraph | None) -> None:
        if at < 0:
            self._put(other.text if other else "")
            return
        start, end = self.mine[at].start, self.mine[at].end
        if other is None:
            self._carry(start, end)
            return
        between = runs_between(self.text[start:end], other.text)
        self.words += (Run(run.old + start, run.new + self.length, run.length) for run in between)
        self._put(other.text)

    def _carry(self, start: int, end: int) -> None:
        if end > start:
            self.whole.append(Run(start, self.length, end - start))
            self._put(self.text[start:end])

    def _put(self, words: str) -> None:
        self.parts.append(words)
        self.length += len(words)

    def _hunks(self, built: str) -> Iterator[Hunk]:
        old = new = 0
        for run in [*self.whole, Run(len(self.text), len(built), 0)]:
            if run.old > old or run.new > new:
                yield Hunk(old, run.old, built[new : run.new])
            old, new = run.old + run.length, run.new + run.length
