"""The few signs that the interface draws with, and plain ones for terminals that lack them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
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
    """The signs that this terminal can show: full ones only with UTF-8, and not on a bare console."""
    term = (os.environ if env is None else env).get("TERM", "")
    utf8 = (encoding or "").lower().replace("-", "").replace("_", "") == "utf8"
    return FULL if utf8 and term not in ("dumb", "linux") else PLAIN
