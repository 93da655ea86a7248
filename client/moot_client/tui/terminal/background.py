r"""Is the terminal light or dark? It is asked once; what it answers is taken out of what is typed.

    ask      ESC ] 11 ; ? BEL
    answer   ESC ] 11 ; rgb:ffff/ffff/dddd BEL     (or ESC \ at its end), at any time, or never

Nobody waits for it: Moot draws, and whenever the answer comes among the keys it is told from them.
Half an answer is held back only as long as it can become a whole one; what turns out to be none goes
on as keys, in the order in which it came.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from time import monotonic

from textual.message import Message

ASK = "\x1b]11;?\x07"
AWAITED_S = 2.0  # how long after that an Escape may be the beginning of an answer
HELD_S = 0.15  # and how long it is held back for that
_BEGIN = "\x1b]11;"
_WHOLE = re.compile(
    "\x1b\\]11;(?:rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})(?:/[0-9a-fA-F]{1,4})?"
    "|#([0-9a-fA-F]{6}))(?:\x07|\x1b\\\\)"
)
_PART = re.compile("\x1b\\]11;[rgba:#/0-9a-fA-F]{0,32}\x1b?\\Z")


class TerminalBackground(Message):
    """The terminal has said what it draws on."""

    def __init__(self, dark: bool) -> None:
        super().__init__()
        self.dark = dark


class Answers:
    """What comes from a terminal, parted into the terminal's answers and everything else."""

    def __init__(self) -> None:
        self._held = ""
        self._since = self._until = 0.0

    def asked(self) -> None:
        """An answer may come from now on: an Escape at the end of what was read may be its beginning."""
        self._until = monotonic() + AWAITED_S

    def part(self, words: str) -> tuple[str, list[TerminalBackground]]:
        """What is to be read as keys, and what was answered."""
        words, self._held = self._held + words, ""
        if "\x1b" not in words:
            return words, []
        answers = [TerminalBackground(_dark(found)) for found in _WHOLE.finditer(words)]
        rest = _WHOLE.sub("", words)
        if answers:
            self._until = 0.0
        begins = self._begins(rest)
        if begins < len(rest):
            rest, self._held, self._since = rest[:begins], rest[begins:], monotonic()
        return rest, answers

    def _begins(self, words: str) -> int:
        """Where at their end something begins that may become an answer; their length where nothing does."""
        at = words.rfind(_BEGIN)
        if at >= 0 and _PART.match(words, at):
            return at
        if monotonic() < self._until:
            for length in range(len(_BEGIN) - 1, 0, -1):
                if words.endswith(_BEGIN[:length]):
                    return len(words) - length
        return len(words)

    def late(self) -> str:
        """What was held back, once it is too long to wait for the rest of it."""
        if self._held and monotonic() - self._since > HELD_S:
            words, self._held = self._held, ""
            return words
        return ""


def _dark(answer: re.Match[str]) -> bool:
    """Whether light words stand out better from what was answered."""
    *parts, whole = answer.groups()
    if whole:
        parts = [whole[at : at + 2] for at in (0, 2, 4)]
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in parts)
    return bool(0.299 * red + 0.587 * green + 0.114 * blue < 0.5)


def hinted(env: Mapping[str, str]) -> bool | None:
    """Whether COLORFGBG, which some terminals set, says dark; None where it says nothing."""
    last = env.get("COLORFGBG", "").rpartition(";")[2]
    return int(last) in (0, 1, 2, 3, 4, 5, 6, 8) if last.isdecimal() and int(last) < 16 else None


def can_be_asked(env: Mapping[str, str]) -> bool:
    """Whether a terminal of this kind takes the question without drawing it."""
    return env.get("TERM", "") not in ("", "dumb", "linux", "cons25", "vt100", "vt220")
