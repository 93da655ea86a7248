"""What a search gives: things, each with the words that were found in it, and what is to be said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from moot_client.views import vocabulary
from moot_client.views.emphasis import Words
from moot_client.views.vocabulary import Near


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found.

    `key` is what opens: a record's key, 'member/<key text>', or 'draft/<form>/<subject>', and `kind` what
    it is called. `where` is the kind of statement in which the words stand, '' for the thing itself, and
    `by` says whose it is. `state` is 'closed', 'put away', 'gone' or ''.
    """

    key: str
    kind: str
    title: Words
    context: Words = field(default_factory=Words)
    where: str = ""
    by: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives. `instead`: words that are nowhere, and what was looked for in their place;
    `besides`: the same for words that are nearly nowhere; `some`: no text has all of the words.
    """

    hits: tuple[Hit, ...] = ()
    more: bool = False
    instead: tuple[Near, ...] = ()
    besides: tuple[Near, ...] = ()
    some: bool = False

    @property
    def told(self) -> str:
        """What is to be said about it, in sentences; '' where it is just what was asked for."""
        said = [_instead(near) for near in self.instead]
        said += [f"Shown too: {_listed(near.words)}." for near in self.besides]
        if self.some and self.hits:
            said.append("Nothing has all of these words; this has some of them.")
        return " ".join(said)


def _instead(near: Near) -> str:
    shown = f"; shown for {_listed(near.words)}" if near.words else " anywhere here"
    return f"No “{near.typed}”{shown}."


def _listed(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words[: vocabulary.MOST]]
    return " or ".join(quoted) + (" and alike" if len(words) > vocabulary.MOST else "")
