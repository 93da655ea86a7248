"""What was typed and not yet said. Drafts belong to this machine; nothing here is ever sent.

Two windows, or a window and a command, may write in one place at once. Whoever writes says over what
(`keep`): a draft that somebody else has left there since stays, and the new one is kept beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moot_client.store.reading import Reading
    from moot_client.store.store import Store

REFUSED = "refused"
"""The form of drafts that hold words which were not accepted, or could not be said."""
WAS = "was."  # with a field: what it held when the draft was begun
_APART = "#"

Fields = Mapping[str, str]


def asked(number: int) -> str:
    """The subject of the draft with the words of a command in the inbox that could not be carried out."""
    return f"asked {number}"


def apart(subject: str, number: int) -> str:
    """The subject of a draft that is kept beside another one on the same thing."""
    return f"{subject}{_APART}{number}"


def about(subject: str) -> str:
    """What a draft is about: its subject, also where it is kept beside another one."""
    return subject.partition(_APART)[0]


def save(store: Store, form: str, subject: str, fields: Fields, at: int) -> None:
    """Keep a draft (durable when it returns); one without a word in it is forgotten."""
    with store.writing() as db:
        if any(fields.values()):
            words = json.dumps(dict(fields))
            db.execute("INSERT OR REPLACE INTO draft VALUES (?,?,?,?)", (form, subject, words, at))
        else:
            db.execute("DELETE FROM draft WHERE form = ? AND subject = ?", (form, subject))


def keep(
    store: Store, form: str, subject: str, fields: Fields, at: int, over: Fields, *, parts: bool = False
) -> str:
    """Keep a draft that was written over `over`; the answer is the subject under which it stands.

    Where another one stands by now, that stays, and this one gets a subject of its own; with `parts`,
    whose fields stand each for themselves, both are one draft unless both wrote in one field.
    """
    with store.writing():
        stands = _standing(store, form, subject)
        if parts:
            whole = together(over, fields, stands)
        else:
            whole = dict(fields) if stands in ({}, dict(over), dict(fields)) else None
        if whole is None and not fields:
            return subject  # what stands there is not what is done with
        while whole is None:
            subject = apart(about(subject), at)
            whole = dict(fields) if _standing(store, form, subject) in ({}, dict(fields)) else None
            at += 1
        if whole != stands:
            save(store, form, subject, whole, at)
    return subject


def together(over: Fields, mine: Fields, stands: Fields) -> dict[str, str] | None:
    """Two drafts that both began with `over`, field by field; None where both wrote in one of them.

    An empty field never takes the place of words that came meanwhile. What a field was when it was begun
    (WAS) goes with it.
    """
    whole: dict[str, str] = {}
    for name in (n for n in {**stands, **mine} if not n.startswith(WAS)):
        was, typed, there = over.get(name), mine.get(name), stands.get(name)
        if there == was:
            source = mine
        elif typed in (was, there) or not typed:
            source = stands if there or not typed else mine
        elif not there:
            source = mine
        else:
            return None
        whole |= {n: source[n] for n in (name, WAS + name) if n in source}
    return whole


def change(
    store: Store, form: str, subject: str, at: int, work: Callable[[dict[str, str]], Fields]
) -> dict[str, str]:
    """Put in place of a draft what `work` makes of it; the answer is what stood. Nobody writes in between."""
    with store.writing():
        stands = _standing(store, form, subject)
        fields = dict(work(dict(stands)))
        if fields != stands:
            save(store, form, subject, fields, at)
    return stands


def load(store: Reading, form: str, subject: str) -> dict[str, str]:
    """A draft's fields, or nothing."""
    return _fields(store.read(_ONE, (form, subject)))


def listed(store: Reading) -> tuple[tuple[str, str, int], ...]:
    """All drafts: form, subject, when saved; newest first."""
    rows = store.read("SELECT form, subject, saved FROM draft ORDER BY saved DESC, form, subject")
    return tuple((form, subject, saved) for form, subject, saved in rows)


_ONE = "SELECT fields FROM draft WHERE form = ? AND subject = ?"


def _standing(store: Store, form: str, subject: str) -> dict[str, str]:
    """The same within the transaction that is open."""
    return _fields(store.ask(_ONE, (form, subject)))


def _fields(rows: list[tuple[str]]) -> dict[str, str]:
    return dict(json.loads(rows[0][0])) if rows else {}
