"""What somebody types, against what a command is called: also half a word, or a mistyped one."""

from __future__ import annotations

from collections.abc import Sequence

from moot_client.views.emphasis import tokens

CALLED, ALSO, TOLD, SLIP = 1.0, 0.9, 0.55, 0.5
"""How good it is: a word of its name begins so; of what people also call it; of its help; or nearly so."""
SHORTEST = 4  # letters of a word that may be mistyped


def likeness(typed: str, name: str, also: str = "", told: str = "") -> float:
    """How much a command is what was typed, 0 to 1; 0 where any of the words is nowhere."""
    wanted = tokens(typed)
    if not wanted:
        return 0.0
    sources = ((CALLED, tokens(name)), (ALSO, tokens(also)), (TOLD, tokens(told)))
    scores = [_best(word, sources) for word in wanted]
    whole = 0.05 if " ".join(tokens(name)).startswith(" ".join(wanted)) else 0.0
    return min(1.0, sum(scores) / len(scores) - 0.05 + whole) if all(scores) else 0.0


def _best(word: str, sources: Sequence[tuple[float, Sequence[str]]]) -> float:
    for score, words in sources:
        if any(each.startswith(word) for each in words):
            return score
    if len(word) < SHORTEST:
        return 0.0
    from rapidfuzz.distance import OSA

    slips = 1 if len(word) < 6 else 2
    for score, words in sources[:2]:
        if any(min(OSA.distance(word, w), OSA.distance(word, w[: len(word)])) <= slips for w in words):
            return SLIP * score
    return 0.0
