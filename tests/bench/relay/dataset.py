"""The document that newcomers are brought: 5,000 issues with votes, a change each, and 200 texts in three.

5,601 changes, about 350,000 operations, and the same words as a Yjs document.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from tests.bench.relay.hocuspocus import yjs
from tests.helpers.binding import Replica, letters_at, object_at, put_at

ISSUES, TEXTS, LETTERS, PART = 5_000, 200, 1_500, 500
WORDS = [
    "handover",
    "shift",
    "note",
    "team",
    "week",
    "review",
    "plan",
    "what",
    "who",
    "why",
    "when",
    "is",
    "not",
    "the",
    "a",
    "of",
    "and",
    "in",
    "on",
    "for",
    "we",
    "they",
    "it",
    "was",
    "were",
    "lost",
    "found",
    "asked",
    "told",
    "near",
    "miss",
    "learned",
    "changed",
    "kept",
    "open",
    "done",
    "next",
    "small",
    "large",
    "slow",
    "fast",
]


def issues(count: int) -> Iterator[tuple[str, dict[str, str | int], dict[str, int]]]:
    """Name, fields and votes of each issue."""
    dice = random.Random("issues")
    for number in range(count):
        fields: dict[str, str | int] = {
            "title": " ".join(dice.choices(WORDS, k=8)),
            "body": " ".join(dice.choices(WORDS, k=3)),
            "state": dice.choice(("open", "closed")),
            "author": f"member {dice.randrange(40)}",
            "at": 1_760_000_000 + 60 * number,
            "changed": 1_760_000_000 + 61 * number,
            "urgency": dice.randrange(5),
            "number": number,
        }
        yield (
            f"issue {number}",
            fields,
            {f"member {m}": dice.choice((1, 2, 3)) for m in dice.sample(range(40), 5)},
        )


def texts(count: int) -> Iterator[tuple[str, str]]:
    """Name and letters of each text."""
    dice = random.Random("texts")
    for number in range(count):
        yield f"text {number}", " ".join(dice.choices(WORDS, k=LETTERS // 3))[:LETTERS]


def automerge(part: float = 1.0) -> Replica:
    """The document of the binding, or a part of it."""
    replica = Replica(actor=random.Random("actor").randbytes(16))
    with replica.change() as tx:
        all_issues, all_texts = (object_at(tx, None, name, "Map") for name in ("issues", "texts"))
    for name, fields, votes in issues(int(ISSUES * part)):
        with replica.change() as tx:
            issue = object_at(tx, all_issues, name, "Map")
            for key, value in fields.items():
                put_at(tx, issue, key, value)
            voted = object_at(tx, issue, "votes", "Map")
            for key, dots in votes.items():
                put_at(tx, voted, key, dots)
    for name, letters in texts(int(TEXTS * part)):
        text = None
        for start in range(0, len(letters), PART):
            with replica.change() as tx:
                text = text or object_at(tx, all_texts, name, "Text")
                letters_at(tx, text, start, letters[start : start + PART])
    return replica


def yjs_document(part: float = 1.0) -> Any:
    """The same words, in as many transactions."""
    kinds = yjs()
    document = kinds.Doc()
    all_issues, all_texts = (document.get(name, type=kinds.Map) for name in ("issues", "texts"))
    for name, fields, votes in issues(int(ISSUES * part)):
        with document.transaction():
            all_issues[name] = kinds.Map({**fields, "votes": kinds.Map(votes)})
    for name, letters in texts(int(TEXTS * part)):
        text = kinds.Text(letters[:PART])
        all_texts[name] = text
        for start in range(PART, len(letters), PART):
            text += letters[start : start + PART]
    return document
