"""The few signs that the interface draws with, and plain ones for terminals that lack them."""

from __future__ import annotations

import os
from collections.abc import Mapping

from moot_shared.frozen import frozen


@frozen
class Signs:
    """Every sign once, so that a terminal without them gets letters that mean the same."""

    dot: str = "●"
    hollow: str = "·"
    cursor: str = "▸"
    changed: str = "•"
    rule: str = "─"
    beside: str = "│"
    between: str = "·"
    more: str = "…"
    back: str = "‹"
    arrow: str = "→"
    item: str = "+"
    plain: bool = False

    def dots(self, count: int, of: int = 0) -> str:
        """So many dots, and where `of` is larger the empty places up to it."""
        return self.dot * count + self.hollow * (of - count)


FULL = Signs()
PLAIN = Signs(
    dot="*",
    hollow=".",
    cursor=">",
    changed="*",
    rule="-",
    beside="|",
    between="-",
    more="...",
    back="<",
    arrow="->",
    plain=True,
)


def choose(encoding: str | None, env: Mapping[str, str] | None = None) -> Signs:
    """The signs that this terminal can show: full ones only with UTF-8, and not on a bare console.

    Python writes UTF-8 under LANG=C as well (and then sets LC_CTYPE itself), but such a terminal may draw
    boxes or nothing: what somebody has set is believed.
    """
    env = os.environ if env is None else env
    utf8 = _is_utf8(encoding or "") and _is_utf8(_locale(env) or "utf8")
    return FULL if utf8 and env.get("TERM", "") not in ("dumb", "linux") else PLAIN


def _locale(env: Mapping[str, str]) -> str:
    """The locale that somebody set for characters; '' for none."""
    language, characters = env.get("LANG", ""), env.get("LC_CTYPE", "")
    if language in ("C", "POSIX") and characters in ("C.UTF-8", "C.utf8", "UTF-8"):
        characters = ""  # Python's own
    return env.get("LC_ALL") or characters or language


def _is_utf8(words: str) -> bool:
    return words.lower().replace("-", "").replace("_", "").partition("@")[0].endswith("utf8")
