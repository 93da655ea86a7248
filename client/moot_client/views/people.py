"""Members as people see them: by name, told apart where two have the same, one person once.

Whoever lost a key and was linked to it has several rows on the roster and is one person: the earlier
keys are called by the name that the newest one has, and are counted with it.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from moot_client.views.departures import Departure, departures
from moot_client.views.persons import persons
from moot_client.views.rows import statement, statements
from moot_shared.errors import InputError, NotFound
from moot_shared.frozen import frozen
from moot_shared.kinds import Profile
from moot_shared.text import shown_line

KEY_CHARS = 4
MOST_MEANT = 3  # members who are named where nobody is called as was typed
SHOWN = 60  # characters of what was typed
MARKS = "-_"


@frozen
class Member:
    """One member. `label` is the name, with a few characters of the key where names are equal.

    `now` is the key that a person has now, where this one was lost; then `label` is that one's, and
    `name` what this one was called. `gone` says how somebody who no longer belongs went.
    """

    key: str
    name: str
    label: str
    role: str
    me: bool
    removed: bool = False
    about: str = ""
    invited_by: str = ""  # key text; '' for the founder
    now: str = ""
    gone: Departure | None = None

    @property
    def belongs(self) -> bool:
        """Whether this is somebody who is here, under the key that they have now."""
        return not self.removed and not self.now

    @property
    def convenes(self) -> bool:
        """Whether this is a convenor who is here."""
        return self.belongs and self.role == "convenor"


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
        """How many persons belong now: nobody twice, and nobody who has left or was removed."""
        return sum(member.belongs for member in self.members)

    def what(self, member: Member) -> str:
        """What somebody is here: 'convenor', 'left', 'removed by Ann', 'earlier self of Kim'."""
        if member.now:
            return f"earlier self of {self[member.now].label}"
        if member.gone is None or not member.removed:
            return "removed" if member.removed else member.role
        return "left" if member.gone.by == member.key else f"removed by {self[member.gone.by].label}"

    def find(self, name: str, among: list[Member] | None = None) -> Member:
        """The one member whose name, a word of it, or key is or begins so.

        InputError where there are several; NotFound where there is none, with whom it might be.
        """
        all_of_them = list(self.members) if among is None else among
        found = _matching(name, all_of_them)
        if len(found) == 1:
            return found[0]
        if not found:
            raise self._not_meant(name, among) or _nobody(name, all_of_them)
        chars = _telling([m.key for m in found])
        listed = ", ".join(sorted(f"{m.name or 'someone'} ({_plain(m.key)[:chars]})" for m in found))
        raise InputError(f"Several are called so: {listed}. Type the characters in brackets instead.")

    def _not_meant(self, name: str, among: list[Member] | None) -> NotFound | None:
        """What to say of somebody who is here, and of whom this cannot be said; None for anybody else."""
        found = _matching(name, [member for member in self.members if member.belongs]) if among else []
        if len(found) != 1:
            return None
        others = " or ".join([member.label for member in among or ()][:MOST_MEANT])
        who, whom = ("That is you", "you") if found[0].me else (f"{found[0].label} is here", "them")
        return NotFound(f"{who}, and this is not about {whom}. It may be: {others}.")


def _matching(name: str, members: list[Member]) -> list[Member]:
    """Who is called so; else whose name, a word of it, or whose key begins so."""
    wanted, plain = _looks(name), name.strip().lstrip(MARKS)
    if not wanted:
        return []
    found = [m for m in members if wanted in (_looks(m.label), _looks(m.name))]
    found = [m for m in found if _looks(m.label) == wanted] or found
    found = found or [m for m in members if _looks(m.name).startswith(wanted)]
    found = found or [m for m in members if f" {wanted}" in _looks(m.name)]
    return found or [m for m in members if len(plain) >= KEY_CHARS and _plain(m.key).startswith(plain)]


def _nobody(name: str, members: list[Member]) -> NotFound:
    """Nobody is called so; who is called nearly so is named, and nothing is done to them."""
    from moot_client.views.emphasis import tokens
    from moot_client.views.vocabulary import among

    called = {member.label: tokens(member.label) for member in members}
    words = [word for label in called for word in called[label]]
    near = {word for token in tokens(name)[:1] for word in among(token, words)}
    meant = [label for label in called if near & set(called[label])][:MOST_MEANT]
    asked = f" Did you mean {' or '.join(meant)}?" if meant else ""
    what = shown_line(name[:SHOWN]) + ("…" if len(name) > SHOWN else "")
    return NotFound(f"There is nobody here called ‘{what}’.{asked} moot members lists who is.")


def _plain(key: str) -> str:
    """A key without the marks at its beginning, which a command line takes for an option's."""
    return key.lstrip(MARKS)


def members(db: sqlite3.Connection, me: str) -> tuple[Member, ...]:
    """All members, by label; earlier selves and those who no longer belong come last."""
    same = persons(db)
    profiles = {one.row.author: one.row for one in statements(db, Profile) if one.row.key.subject == "me"}
    roster = db.execute("SELECT key, role, invited_by, removed FROM member ORDER BY place").fetchall()
    names = {key: visible_name(profiles[key].name) if key in profiles else "" for key, *_ in roster}
    labels = told_apart({key: name for key, name in names.items() if same.now(key) == key})
    gone = departures(db) if any(removed for *_, removed in roster) else {}
    found = []
    for key, role, invited_by, removed in roster:
        now = same.now(key)
        lost = now != key
        about = profiles[key].about if key in profiles else ""
        found.append(
            Member(
                key, _own_name(db, key) if lost else names[key], labels.get(now, unnamed(now)), role,
                now == same.now(me), bool(removed), about, invited_by, now if lost else "",
                gone.get(key) if removed else None,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda m: (not m.belongs, m.removed, m.label.casefold(), m.key)))


def _own_name(db: sqlite3.Connection, key: str) -> str:
    """What a lost key was called when it was in use."""
    found = statement(db, f"{key}/profile/me")
    return visible_name(found.row.name) if found and isinstance(found.row, Profile) else ""


ALONE = "You are the only one here: nobody would be left who could let anybody in."


def left_behind(known: People, me: str, how: str) -> str:
    """What my going means for the others where I convene alone, or ''; `how`: how to name another one."""
    others = [member for member in known if member.belongs and not member.me]
    if not others:
        return ALONE
    if not known[me].convenes or any(member.convenes for member in others):
        return ""
    return (
        f"You are the last convenor. You can name another one first: {how}. Otherwise the others can: one "
        "proposes somebody, and more than half must agree."
    )


def people(db: sqlite3.Connection, me: str) -> People:
    """All members, to look up by key."""
    return People(members(db, me), me)


def visible_name(name: str) -> str:
    """A name as one line that a terminal may show; '' where nothing of it would be seen."""
    line = " ".join(shown_line(name).split())
    return line if any(unicodedata.category(c)[0] in "LNPS" for c in line) else ""


def unnamed(key: str) -> str:
    """How a member is called who has not said a name."""
    return f"someone new ({_plain(key)[:KEY_CHARS]})"


def told_apart(names: dict[str, str]) -> dict[str, str]:
    """A label for each key: the name alone where it is the only one that looks so.

    What stands in brackets can be typed as it is to mean that member.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for key, name in names.items():
        alike[_looks(name)].append(key)
    labels = {}
    for look, keys in alike.items():
        chars = _telling(keys)
        for key in keys:
            if not look:
                labels[key] = f"someone new ({_plain(key)[:chars]})"
            else:
                labels[key] = names[key] if len(keys) == 1 else f"{names[key]} ({_plain(key)[:chars]})"
    return labels


def _looks(name: str) -> str:
    """What two names share when a reader cannot tell them apart: letter case, white space, hidden marks."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return " ".join("".join(c for c in plain if unicodedata.category(c) != "Cf").split())


def _telling(keys: list[str]) -> int:
    chars = KEY_CHARS
    while len({_plain(key)[:chars] for key in keys}) < len(keys):
        chars += 1
    return chars
