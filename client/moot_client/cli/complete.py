"""What could stand at the cursor: `moot complete`, which the shells' scripts ask at every press of Tab.

The tree of commands tells what is expected (a command, an option, one of some words, an issue, a member);
what there is of that is read from rows. An answer is a line a candidate: the word, a tab, what it is. What
people wrote is in it only as that: a word that would mean something to a shell is left out.
"""

from __future__ import annotations

import sqlite3
from argparse import Action, Namespace, _SubParsersAction
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from moot_client.cli.output import record
from moot_client.cli.parser import Commands, Parser, build
from moot_client.drawing.cells import cut
from moot_shared.errors import MootError

if TYPE_CHECKING:
    from moot_client.cli.session import Session

Candidates = list[tuple[str, str]]
FILES, FOLDERS = ":files", ":folders"
"""Answers that leave it to the shell, which knows its files best."""
MOST = 500
ABOUT = 60  # cells of what a candidate is
_PATHS = {"DIR": FOLDERS, "FILE": FILES}
_PLAIN = frozenset(" -_.,@+:/")


def add(commands: Commands) -> None:
    """`complete`, which help does not list: shells ask it, not people."""
    asking = commands.hidden("complete", complete, "what could stand at the cursor: for a shell's completion")
    asking.examples = ("moot complete -- vote ''", "moot complete -- issue s")
    asking.add_argument(
        "words", nargs="*", metavar="WORD", help="after `--`, all behind `moot` up to the cursor"
    )


def complete(session: Session, arguments: Namespace) -> None:
    """Print the candidates, each on a line; nothing at all where something is amiss."""
    words = list(arguments.words) or [""]
    before, words = _parted(words)
    for word, about in candidates(session, words):
        record((word if word in (FILES, FOLDERS) else before + word, about))


def _parted(words: Sequence[str]) -> tuple[str, list[str]]:
    """`--option=value` as two words, and what stands before the second where a shell takes both for one.

    bash gives three words (with the `=` between them), zsh and fish give one.
    """
    *before, begun = (
        word for i, word in enumerate(words) if word != "=" or not words[i - 1].startswith("--")
    )
    if words[-1] == "=" and begun.startswith("--"):
        return "", [*before, begun, ""]
    option, sign, value = begun.partition("=")
    if sign and option.startswith("--"):
        return option + sign, [*before, option, value]
    return "", [*before, begun]


def candidates(session: Session, words: Sequence[str]) -> Candidates:
    """What could stand in the place of the last of these words."""
    spot = Spot(words)
    if spot.expected is None:
        return spot.names()
    metavar = spot.expected.metavar if isinstance(spot.expected.metavar, str) else ""
    if metavar in _PATHS:
        return [(_PATHS[metavar], "")]
    offered = spot.parser.offers.get(spot.expected.dest) or spot.expected.choices
    if offered:
        return [(str(word), "") for word in offered if str(word).startswith(spot.begun)]
    try:
        return _there_is(session.elsewhere(spot.home, spot.community), metavar, spot)
    except (MootError, sqlite3.Error):
        return []  # whoever presses Tab has asked for words, not for a sentence


class Spot:
    """Where the cursor is: in which command, and which of its arguments is expected there.

    `expected` is None for a command or an option; `begun` is what stands there already.
    """

    def __init__(self, words: Sequence[str]) -> None:
        *before, begun = words
        self.begun = begun.lstrip("'\"")
        self.home: str | None = None
        self.community: str | None = None
        self.command = ""
        self.parser: Parser = build(before, begun)
        self._value_of: Action | None = None
        self._place = 0
        self._plain = False  # after `--` nothing is an option
        for word in before:
            self._pass(word)
        self.expected: Action | None = self._expected()

    def _pass(self, word: str) -> None:
        if self._value_of is not None:
            if self._value_of.dest in ("home", "community"):
                setattr(self, self._value_of.dest, word)
            self._value_of = None
        elif word == "--" and not self._plain:
            self._plain = True
        elif word.startswith("-") and not self._plain:
            option = self.parser._option_string_actions.get(word)
            self._value_of = option if option is not None and option.nargs != 0 else None
        else:
            commands = self._commands()
            if commands is not None and word in commands.choices:
                self.parser, self.command, self._place = commands.choices[word], word, 0
            else:
                self._place += 1

    def _commands(self) -> _SubParsersAction[Parser] | None:
        return next((a for a in self.parser._actions if isinstance(a, _SubParsersAction)), None)

    def _expected(self) -> Action | None:
        """The option that wants a value, or the argument whose place this is; None for anything else."""
        if self._value_of is not None:
            return self._value_of
        if self.begun.startswith("-") and not self._plain:
            return None
        here = [a for a in self.parser._actions if not a.option_strings]
        if not here or isinstance(here[0], _SubParsersAction):
            return None
        last = here[min(self._place, len(here) - 1)]
        return last if self._place < len(here) or last.nargs in ("*", "+") else Action([], dest="nothing")

    def names(self) -> Candidates:
        """Commands, or options where a dash is begun."""
        if self.begun.startswith("-"):
            return [
                (name, action.help or "")
                for action in self.parser._actions
                for name in action.option_strings
                if name.startswith(self.begun) and action.help and len(name) > 2
            ]
        commands = self._commands()
        listed = commands._choices_actions if commands is not None else []
        return [(a.dest, a.help or "") for a in listed if a.dest.startswith(self.begun)]


def _there_is(session: Session, metavar: str, spot: Spot) -> Candidates:
    if metavar == "COMMUNITY":
        found = [(place.name, place.community.hex()[:6]) for place in session.home.places()]
    elif metavar == "MEMBER":
        found = list(_members(session, spot))
    elif metavar == "INVITE-ID":
        found = list(_invites(session.db))
    elif metavar.isupper() and metavar:
        return _records(session.db, "" if metavar == "ID" else metavar.lower(), spot)
    else:
        return []
    begun = spot.begun.casefold()
    return [(word, about) for word, about in found if word.casefold().startswith(begun) and _is_plain(word)]


def _members(session: Session, spot: Spot) -> Iterator[tuple[str, str]]:
    from moot_client.views.people import people

    known = people(session.db, session.me)
    for member in known:
        if member.belongs or spot.command in ("show", "claim"):
            yield member.label, known.what(member)


def _invites(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    from moot_client.cli.invites import SHORT, _plain

    for key, role in db.execute(
        "SELECT key, role FROM invite WHERE NOT revoked UNION SELECT key, 'viewer link' FROM viewer_link"
    ):
        yield _plain(key)[:SHORT], role


_RECORDS = """
SELECT DISTINCT handle, kind, json_extract(value, '$.title'), json_extract(value, '$.statement') FROM record
WHERE (kind = :kind OR (:kind = '' AND kind != 'community')) AND archived = :archived
AND (:status = '' OR (coalesce(json_extract(value, '$.status'), 'open') = 'closed') = (:status = 'closed'))
ORDER BY created DESC, key
"""


def _records(db: sqlite3.Connection, kind: str, spot: Spot) -> Candidates:
    """Ids that begin so; where none does, the ids of what has these words in its title. The newest first."""
    from moot_client.views.ids import Ids

    status = {"reopen": "closed", "close": "open", "vote": "open", "pledge": "open"}.get(spot.command, "")
    wanted = {"kind": kind, "archived": spot.command == "unarchive", "status": status}
    rows = [(handle, of, title or lesson or "") for handle, of, title, lesson in db.execute(_RECORDS, wanted)]
    begun = spot.begun.casefold()
    found = [row for row in rows if row[0].startswith(begun)] or [r for r in rows if begun in r[2].casefold()]
    short = Ids(db)
    about = {"issue": "", "": "", kind: ""}
    return [
        (short.short(handle), cut(f"{about.get(of, f'{of}: ')}{title}", ABOUT))
        for handle, of, title in found[:MOST]
    ]


def _is_plain(word: str) -> bool:
    """Whether a word of people's can stand in a command line: letters and figures, and plain signs."""
    return bool(word) and word[0] not in "-~" and all(c.isalnum() or c in _PLAIN for c in word)
