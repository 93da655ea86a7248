"""Two versions of Moot at once: the newer one knows kinds and fields of which the older has never heard.

What a Moot knows is what is declared when its code runs. So a replica of the newer one does whatever it
does with the newer declarations in force; everything else in the world runs with the product's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from moot_client.home import Place
from moot_client.replica.outside import REAL, Outside
from moot_client.replica.replica import Replica
from moot_shared.kinds import RECORDS, STATEMENTS, Issue, Record, Statement, Vote
from moot_shared.kinds.fields import Choice, Count, Flag, Hours, Line, Prose, Reference, Text

Declared = tuple[dict[str, type[Record]], dict[str, type[Statement]]]


def _declare() -> Declared:
    """The declarations of the newer Moot; those of the product are as they were when this returns."""
    records, statements = dict(RECORDS), dict(STATEMENTS)

    class Experiment(Record, name="experiment", place="issues"):
        """A kind of record that the older one does not know."""

        title = Line("What we try", required=True, search=True)
        about = Reference("For", ("issue",))
        until = Count("Weeks", least=0, most=52)
        effort = Hours("Hours")
        going = Flag("Going on")
        how = Choice("How", ("alone", "together"))
        notes = Prose("Notes", search=True)
        found = Prose("What we found", search=True)

    class Doubt(Statement, name="doubt"):
        """A kind of statement that the older one does not know."""

        text = Text("Doubt", required=True, search=True)
        sure = Count("How sure", least=0, most=10)

    class NewerIssue(Issue, name="issue", plural="issues", place="issues"):
        """A kind that both know, with fields that only the newer one does."""

        nickname = Line("Nickname", search=True)
        weight = Count("Weight", least=0, most=9)

    class NewerVote(Vote, name="vote"):
        """The same for a statement."""

        mood = Line("Mood", search=True)

    assert issubclass(Experiment, Record)
    newer = dict(RECORDS), dict(STATEMENTS)
    _put(records, statements)
    return newer


def _put(records: dict[str, type[Record]], statements: dict[str, type[Statement]]) -> None:
    for registry, kinds in ((RECORDS, records), (STATEMENTS, statements)):
        registry.clear()
        registry.update(kinds)  # type: ignore[arg-type]


_NEWER = _declare()


@contextmanager
def newer_moot() -> Iterator[None]:
    """What is done in here is done by the newer Moot."""
    before = dict(RECORDS), dict(STATEMENTS)  # one of its methods may call another
    _put(*_NEWER)
    try:
        yield
    finally:
        _put(*before)


class NewerReplica(Replica):
    """A replica of the newer Moot."""

    @classmethod
    def open(cls, place: Place, outside: Outside = REAL) -> NewerReplica:
        with newer_moot():
            return super().open(place, outside)


def _by_the_newer(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def done(*arguments: Any, **named: Any) -> Any:
        with newer_moot():
            return method(*arguments, **named)

    return done


for _name in ("do", "join", "become_writer", "serve_inbox", "receive", "note_refused"):
    setattr(NewerReplica, _name, _by_the_newer(getattr(Replica, _name)))
