"""Members as people see them: by name, and told apart where two have the same."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from moot_client.views.rows import statements
from moot_shared.kinds import Profile
from moot_shared.text import shown_line

KEY_CHARS = 4


@dataclass(frozen=True, slots=True)
class Member:
    """One member. `label` is the name, with a few characters of the key where names are equal."""

    key: str
    name: str
    label: str
    role: str
    me: bool
    removed: bool = False
    about: str = ""
    invited_by: str = ""  # key text; '' for the founder


class People:
    """All members by key text; a key that is on no roster still gets a label."""

    def __init__(self, members: tuple[Member, ...], me: str) -> None:
        self.members = members
        self._me = me
        self._by_key = {member.key: member for member in members}

    def __getitem__(self, key: str) -> Member:
        known = self._by_key.get(key)
        return known or Member(key, "", unnamed(key), "", key == self._me)

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)

    def __len__(self) -> int:
        """How many belong now; those removed are not counted."""
        return sum(not member.removed for member in self.members)


def members(db: sqlite3.Connection, me: str) -> tuple[Member, ...]:
    """All members, by label; those removed come last."""
    profiles = {said.row.author: said.row for said in statements(db, Profile) if said.row.key.subject == "me"}
    roster = db.execute("SELECT key, role, invited_by, removed FROM member ORDER BY place").fetchall()
    names = {key: visible_name(profiles[key].name) if key in profiles else "" for key, *_ in roster}
    labels = told_apart(names)
    found = [
        Member(
            key, names[key], labels[key], role, key == me, bool(removed),
            profiles[key].about if key in profiles else "", invited_by,
        )
        for key, role, invited_by, removed in roster
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda member: (member.removed, member.label.casefold(), member.key)))


def people(db: sqlite3.Connection, me: str) -> People:
    """All members, to look up by key."""
    return People(members(db, me), me)


def visible_name(name: str) -> str:
    """A name as one line that a terminal may show; '' where nothing of it would be seen."""
    line = " ".join(shown_line(name).split())
    return line if any(unicodedata.category(c)[0] in "LNPS" for c in line) else ""


def unnamed(key: str) -> str:
    """How a member is called who has not said a name."""
    return f"someone new ({key[:KEY_CHARS]})"


def told_apart(names: dict[str, str]) -> dict[str, str]:
    """A label for each key: the name alone where it is the only one that looks so."""
    alike: dict[str, list[str]] = defaultdict(list)
    for key, name in names.items():
        alike[_looks(name)].append(key)
    labels = {}
    for look, keys in alike.items():
        chars = _telling(keys)
        for key in keys:
            if not look:
                labels[key] = f"someone new ({key[:chars]})"
            else:
                labels[key] = names[key] if len(keys) == 1 else f"{names[key]} ({key[:chars]})"
    return labels


def _looks(name: str) -> str:
    """What two names share when a reader cannot tell them apart: letter case, white space, hidden marks."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return " ".join("".join(c for c in plain if unicodedata.category(c) != "Cf").split())


def _telling(keys: list[str]) -> int:
    chars = KEY_CHARS
    while len({key[:chars] for key in keys}) < len(keys):
        chars += 1
    return chars
