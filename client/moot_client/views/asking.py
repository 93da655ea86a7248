"""What somebody types into a search, taken apart: words, words in a row, a kind before a colon."""

from __future__ import annotations

import re

from moot_client.views.emphasis import tokens
from moot_shared.frozen import field, frozen
from moot_shared.kinds import RECORDS

MOST_WORDS, LONGEST_WORD = 20, 80  # what is beyond is not looked for
PERSON, COMMENT, DRAFT = "person", "comment", "draft"
_ALSO = {
    "people": PERSON, "persons": PERSON, "member": PERSON, "members": PERSON, "who": PERSON,
    PERSON: PERSON, COMMENT: COMMENT, "comments": COMMENT, DRAFT: DRAFT, "drafts": DRAFT,
}  # fmt: skip
_PIECE = re.compile(r'(\w+):(?=\s|$)|(?:(\w+):)?(?:"([^"]*)"|([^\s"]+))')


@frozen
class Term:
    """One thing that must be there: a word (or its beginning), or words in a row."""

    words: str
    tokens: tuple[str, ...]

    @property
    def phrase(self) -> str:
        """As FTS5 reads it: a phrase, whatever signs it holds, matching beginnings."""
        return '"' + self.words.replace("\0", " ").replace('"', '""') + '"*'


@frozen
class Asked:
    """What is looked for: every one of `terms`, in one of `kinds` (in everything where there is none)."""

    terms: tuple[Term, ...] = ()
    kinds: frozenset[str] = field(default_factory=frozenset)

    @property
    def tokens(self) -> tuple[str, ...]:
        """All words, folded."""
        return tuple(token for term in self.terms for token in term.tokens)


def kind_named(word: str) -> str:
    """The kind that a word before a colon names: 'review', 'lessons', 'who'; '' for none."""
    low = word.casefold()
    plurals = {kind.plural: name for name, kind in RECORDS.items()}
    return low if low in RECORDS else plurals.get(low) or _ALSO.get(low, "")


def asked(typed: str) -> Asked:
    """Whatever was typed, as what is looked for."""
    terms: list[Term] = []
    kinds: set[str] = set()
    for found in _PIECE.finditer(typed):
        alone, named, quoted, plain = found.groups()
        before = named or alone or ""
        kind = kind_named(before)
        if kind:
            kinds.add(kind)
        words = quoted if quoted is not None else plain or ""
        if before and not kind:
            words = found[0].replace('"', " ")
        parts = tokens(words[:LONGEST_WORD])
        if parts and len(terms) < MOST_WORDS:
            terms.append(Term(words[:LONGEST_WORD], tuple(parts)))
    return Asked(tuple(terms), frozenset(kinds))
