"""Words in everything that was written: best first, with what stands around them.

    typed --asked--> terms --index--> candidates --grouped by what opens--> hits
    a word that is in no text --vocabulary--> the words that may be meant: looked for instead, and told

What is open comes before what is closed or put away; then titles, then what is written under them, then
what was said about them; within each, what is about these words most (bm25). However many texts there are,
only the newest few thousand that match are weighed against each other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from moot_client.views import unindexed, vocabulary
from moot_client.views.asking import DRAFT, PERSON, Asked, Term, asked
from moot_client.views.candidates import Candidate, candidates, opens_by, titles
from moot_client.views.emphasis import around, emphasised, tokens
from moot_client.views.hits import Found, Hit
from moot_client.views.people import Member, People, people
from moot_client.views.reviews import alone
from moot_client.views.unindexed import Every
from moot_client.views.vocabulary import Near
from moot_shared.ids import StatementKey
from moot_shared.kinds import RECORDS

LEAST_HITS = 3  # fewer make one ask whether another word was meant
LETTERS = 5  # of a word that is here, before another one is looked for besides it
_STEPS = 5_000  # of SQLite's machine, between two looks at whether this is still wanted
_Ranked = tuple[int, float, int, str, str]
"""How good a candidate is (0 in a title, 1 under it, 2 said about it; its score; the newer first:
its rowid below zero), and where its words are."""


class _Abandoned(Exception):
    """Nobody waits for this search any more."""


def search(
    db: sqlite3.Connection, me: str, typed: str, limit: int = 50, stop: Callable[[], bool] | None = None
) -> Found:
    """Everything that has all these words (or their beginnings), best first; one hit for each thing.

    `stop` is asked now and then whether nobody waits for it any more: then nothing is found.
    """
    wanted = asked(typed)
    if not wanted.terms:
        return Found()
    try:
        with _stopping(db, stop):
            found = _Search(db, me, wanted, limit).run()
        return Found() if stop is not None and stop() else found
    except _Abandoned:
        return Found()


@contextmanager
def _stopping(db: sqlite3.Connection, stop: Callable[[], bool] | None) -> Iterator[None]:
    if stop is None:
        yield
        return
    db.set_progress_handler(stop, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if stop():
            raise _Abandoned from error
        raise
    finally:
        db.set_progress_handler(None, 0)


class _Search:
    """One search: from strict to lenient, until something is found."""

    def __init__(self, db: sqlite3.Connection, me: str, wanted: Asked, limit: int) -> None:
        self.db, self.me, self.wanted, self.limit = db, me, wanted, limit
        self.instead: list[Near] = []
        self.besides: list[Near] = []
        self.known: People | None = None
        self.alone: dict[str, bool] = {}  # by review: whether I have yet to share my part

    def run(self) -> Found:
        groups = self._groups()
        hits = self._hits(groups, "AND") if groups else []
        some = False
        if not hits and len(self.wanted.terms) > 1 and groups:
            hits, some = self._hits(groups, "OR"), True
        elif 0 < len(hits) < LEAST_HITS and not self._persons_alone and self._look_besides(groups):
            hits = self._hits(groups, "AND")
        shown = tuple(hits[: self.limit])
        instead, besides = (
            tuple(_as_written(near, shown) for near in n) for n in (self.instead, self.besides)
        )
        return Found(shown, len(hits) > self.limit, instead, besides, some)

    # -- which words --------------------------------------------------------------------------

    def _groups(self) -> list[list[Term]]:
        """For each term what stands for it: itself, or the words that may be meant."""
        groups: list[list[Term]] = []
        for term in self.wanted.terms:
            (token, *further) = term.tokens
            written = not self._persons_alone and self._written(token)
            if further or written or self._beside(token):
                groups.append([term])
                continue
            near = self._near(token)
            self.instead.append(Near(term.words, near.words))
            if near.words:
                groups.append([Term(word, (word,)) for word in near.words])
        return groups

    def _written(self, token: str) -> bool:
        """Whether a text has it that I may read: of what is in unread answers alone nothing tells."""
        if not vocabulary.holds(self.db, token):
            return False
        query = "SELECT key, kind FROM found WHERE found MATCH ? ORDER BY rowid DESC"
        rows = self.db.execute(query, (Term(token, (token,)).phrase,))
        return any(kind != "note" or not self._unread(opens_by(key), key) for key, kind in rows)

    def _near(self, token: str) -> Near:
        """Words that may be meant: of names, and of texts."""
        names: tuple[str, ...] = ()
        if self._wants(PERSON):
            called = (unindexed.called(self._people, member) for member in self._people)
            names = vocabulary.among(token, (word for name in called for word in tokens(name)))
        written = () if self._persons_alone else vocabulary.near(self.db, token).words
        return Near(token, tuple(dict.fromkeys([*names, *written])))

    def _look_besides(self, groups: list[list[Term]]) -> bool:
        """Where little was found: words that others write much more often, and that are nearly the same."""
        for group in groups:
            token = group[0].tokens[0]
            if len(group) > 1 or len(group[0].tokens) > 1 or len(token) < LETTERS:
                continue
            often = vocabulary.holds(self.db, token)
            found = vocabulary.near(self.db, token, least=4 * often + 1).words if often < LEAST_HITS else ()
            further = [word for word in found if not word.startswith(token)]
            if further:
                group += [Term(word, (word,)) for word in further]
                self.besides.append(Near(group[0].words, tuple(further)))
        return bool(self.besides)

    def _beside(self, token: str) -> bool:
        return unindexed.holds(self.db, self._people, token)

    @property
    def _people(self) -> People:
        if self.known is None:
            self.known = people(self.db, self.me)
        return self.known

    # -- what has them ------------------------------------------------------------------------

    def _hits(self, groups: list[list[Term]], how: str) -> list[Hit]:
        parts = tuple(token for group in groups for term in group for token in term.tokens)
        plain = [[term.tokens for term in group] for group in groups]
        every: Every = all if how == "AND" else any
        named, others = unindexed.persons(self._people, plain, every) if self._wants(PERSON) else ([], [])
        found = [] if self._persons_alone else list(self._records(groups, parts, how))
        return [
            *(_person(self._people, member, parts) for member in named),
            *(hit for hit in found if not hit.state),
            *self._drafts(plain, parts, every),
            *(_person(self._people, member, parts) for member in others),
            *(hit for hit in found if hit.state),
        ]

    @property
    def _persons_alone(self) -> bool:
        return self.wanted.kinds == {PERSON}

    def _wants(self, kind: str) -> bool:
        return not self.wanted.kinds or kind in self.wanted.kinds

    def _records(self, groups: list[list[Term]], parts: tuple[str, ...], how: str) -> Iterator[Hit]:
        query = f" {how} ".join(f"({' OR '.join(term.phrase for term in group)})" for group in groups)
        kinds = sorted(self.wanted.kinds - {PERSON, DRAFT})
        rows = [_ranked(0, found) for found in candidates(self.db, f"title : ({query})", kinds)]
        if any(len(token) > 1 or not token.isascii() for token in parts):  # one letter is in nearly all
            anywhere = candidates(self.db, query, kinds)
            rows += [_ranked(1 if found.kind in RECORDS else 2, found) for found in anywhere]
        best: dict[str, _Ranked] = {}
        for rank in rows:
            opens, kind = opens_by(rank[3]), rank[4]
            wanted = not kinds or bool({opens.split("/", 1)[0], kind} & self.wanted.kinds)
            if opens and wanted and not (kind == "note" and self._unread(opens, rank[3])):
                best[opens] = min(best.get(opens, rank), rank)
        return self._told(best, parts)

    def _unread(self, review: str, note: str) -> bool:
        """Whether this is an answer that I read when I have written my own."""
        if review not in self.alone:
            self.alone[review] = alone(self.db, self.me, review)
        return self.alone[review] and not self._people[StatementKey.parse(note).author].me

    def _told(self, best: dict[str, _Ranked], parts: tuple[str, ...]) -> Iterator[Hit]:
        """Candidates as hits, in order; only as many are read whole as are shown (and one more)."""
        known = titles(self.db, list(best))
        ranked = sorted((bool(known[key][1]), rank, key) for key, rank in best.items() if key in known)
        for _, (_, _, newest, key, kind), opens in ranked[: self.limit + 1]:
            title, state = known[opens]
            (words,) = self.db.execute("SELECT words FROM found WHERE rowid = ?", (-newest,)).fetchone()
            by = "" if kind in RECORDS else self._people[StatementKey.parse(key).author].label
            yield Hit(
                opens, opens.split("/", 1)[0], emphasised(title, parts), around(words or "", parts),
                kind if by else "", by, state,
            )  # fmt: skip

    def _drafts(
        self, plain: list[list[tuple[str, ...]]], parts: tuple[str, ...], every: Every
    ) -> Iterator[Hit]:
        """Found by me alone, since they are nowhere else."""
        if self._wants(DRAFT):
            for key, first, rest in unindexed.drafts(self.db, plain, every):
                yield Hit(key, DRAFT, emphasised(first[:200], parts), around(rest, parts))


def _ranked(tier: int, found: Candidate) -> _Ranked:
    return tier, found.score, -found.rowid, found.key, found.kind


def _person(known: People, member: Member, parts: tuple[str, ...]) -> Hit:
    title = emphasised(unindexed.called(known, member), parts)
    state = "" if member.belongs else "gone"
    return Hit(f"member/{member.key}", PERSON, title, around(member.about, parts), state=state)


def _as_written(near: Near, hits: Sequence[Hit]) -> Near:
    """The index has no capitals and accents: the words as somebody wrote them, where a hit shows them."""
    shown = {
        token: words if hit.kind == PERSON else words.lower()
        for hit in hits
        for words, matched in (*hit.title.parts, *hit.context.parts)
        if matched
        for token in tokens(words)
    }
    # what stands in no hit may be from an answer that I am not to read yet
    return Near(near.typed, tuple(shown[word] for word in near.words if word in shown))
