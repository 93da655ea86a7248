"""What search finds besides the index: members, by what they are called, and drafts of this machine."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence

from moot_client.views.emphasis import tokens
from moot_client.views.people import Member, People

Groups = Sequence[Sequence[tuple[str, ...]]]
"""For each thing that is looked for, what would do: words in a row, folded."""
Every = Callable[[Iterator[bool]], bool]
"""`all` or `any`: whether everything must be there that is looked for."""
_NAMES = re.compile(r"[a-z][a-z0-9-]*/[0-9A-Z]{26}/[\w-]{43}")
"""A field that names another record: nobody typed that."""


def has(text: str, groups: Groups, every: Every) -> bool:
    """Whether a text has words that begin so."""
    words = tokens(text)
    return every(
        any(all(any(w.startswith(token) for w in words) for token in term) for term in group)
        for group in groups
    )


def called(known: People, member: Member) -> str:
    """What somebody is found by: who lost a key, by what they were called under it."""
    return member.name if member.now and member.name else member.label


def holds(db: sqlite3.Connection, known: People, token: str) -> bool:
    """Whether a member's words or a draft have a word that begins so."""
    wanted = (((token,),),)
    named = any(has(f"{called(known, member)} {member.about}", wanted, all) for member in known)
    return named or next(drafts(db, wanted, all), None) is not None


def persons(known: People, groups: Groups, every: Every) -> tuple[list[Member], list[Member]]:
    """Who is here and is called so; who has gone, or has the words in what they say of themselves."""
    named: list[Member] = []
    others: list[Member] = []
    for member in known:
        label = called(known, member)
        if has(label, groups, every):
            (named if member.belongs else others).append(member)
        elif has(f"{label} {member.about} {known.what(member)}", groups, every):
            others.append(member)
    return named, others


def drafts(db: sqlite3.Connection, groups: Groups, every: Every) -> Iterator[tuple[str, str, str]]:
    """What I typed and did not say yet, newest first: 'draft/<form>/<subject>', its first words, the rest."""
    rows = db.execute("SELECT form, subject, fields FROM draft ORDER BY saved DESC, form, subject")
    for form, subject, fields in rows:
        texts = [
            words
            for name, words in json.loads(fields).items()
            if words.strip() and "." not in name and not _NAMES.fullmatch(words)
        ]
        if texts and has("\n".join(texts), groups, every):
            first, _, rest = "\n".join(texts).strip().partition("\n")
            yield f"draft/{form}/{subject}", first, rest
