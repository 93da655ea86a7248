"""What people do: any declared kind of record and statement, said and edited at random.

Driven by the declarations alone, so a kind that is added later is covered with no line written here.
Each word that is typed is a token of its own, by which it is found again wherever it should be.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from moot_client.replica.commands import Command, Create, Edit, MakeInvite, Say, Together
from moot_client.replica.replica import Replica
from moot_shared.ids import RecordKey
from moot_shared.kinds import RECORDS, STATEMENTS, HomeRelay, Kind
from moot_shared.kinds.fields import Choice, Count, Field, Flag, Hours, Line, Prose, Reference, Text
from moot_shared.trust.facts import TRUST_KINDS

SAYABLE = sorted(set(STATEMENTS) - TRUST_KINDS - {HomeRelay.name_of_kind})
"""Where the community lives is said by those who move it (`life`): nobody finds a relay by a word."""


@dataclass
class People:
    """Everybody's dice and vocabulary."""

    dice: random.Random
    _count: int = 0

    def token(self) -> str:
        """A word that was never typed before."""
        self._count += 1
        return f"word{self._count:05d}"


@dataclass
class Act:
    """What somebody is about to do, and the words in it."""

    command: Command
    words: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        name = type(self.command).__name__
        about = getattr(self.command, "kind", "") or getattr(self.command, "key", "")[:12]
        return f"{name} {about} {' '.join(self.words)}".strip()


def something(people: People, replica: Replica) -> Act:
    """Something that this member could do now, by what they see."""
    dice = people.dice
    keys = [key for (key,) in replica.reader().execute("SELECT key FROM record ORDER BY key")]
    chance = dice.random()
    if chance < 0.3 or not keys:
        return _create(people, keys)
    if chance < 0.6:
        return _say(people, keys)
    if chance < 0.9:
        return _edit(people, keys)
    if chance < 0.93:
        return Act(MakeInvite(uses=dice.choice((1, 3, None)), expires=None))
    one, two = _say(people, keys), _create(people, keys)
    return Act(Together((one.command, two.command)), one.words + two.words)


def _create(people: People, keys: list[str]) -> Act:
    name = people.dice.choice(sorted(set(RECORDS) - {"community"}))
    words: list[str] = []
    values = dict(_values(people, RECORDS[name], keys, words, whole=True))
    return Act(Create(name, values), words)


def _edit(people: People, keys: list[str]) -> Act:
    key = people.dice.choice(keys)
    kind = RECORDS.get(RecordKey.parse(key).kind)
    if kind is None:
        return _create(people, keys)
    words: list[str] = []
    fields = dict(_values(people, kind, keys, words, whole=False))
    some = people.dice.sample(sorted(fields), min(len(fields), people.dice.randint(1, 2)))
    kept = {name: fields[name] for name in some}
    return Act(Edit(key, kept), [word for word in words if any(word in str(v) for v in kept.values())])


def _say(people: People, keys: list[str]) -> Act:
    name = people.dice.choice(SAYABLE)
    words: list[str] = []
    values = dict(_values(people, STATEMENTS[name], keys, words, whole=True))
    key = people.dice.choice(keys)
    subject = people.dice.choice([key, key + "/", "me"]) if name != "profile" else "me"
    return Act(Say(name, subject, values), words)


def _values(
    people: People, kind: type[Kind], keys: list[str], words: list[str], *, whole: bool
) -> Iterator[tuple[str, Any]]:
    for name, declared in kind.fields.items():
        if name == "archived" and people.dice.random() < 0.9:
            continue
        if (whole and declared.required) or people.dice.random() < 0.7:
            value = _value(people, declared, keys, words)
            if value is not None:
                yield name, value


def _value(people: People, declared: Field[Any], keys: list[str], words: list[str]) -> Any:
    """Something that this field may hold, as a person would type it."""
    dice = people.dice
    if isinstance(declared, Choice):
        return dice.choice([option for option in declared.options if option])
    if isinstance(declared, Count):
        return dice.randint(declared.least, min(declared.most, 20))
    if isinstance(declared, Hours):
        return dice.randint(0, 40) / 4
    if isinstance(declared, Flag):
        return dice.random() < 0.5
    if isinstance(declared, Reference):
        fitting = [key for key in keys if RecordKey.parse(key).kind in declared.kinds]
        return dice.choice(fitting) if fitting else None
    if isinstance(declared, Prose):
        new = [people.token() for _ in range(dice.randint(1, 3))]
        words += new
        return "\n\n".join(new)
    if isinstance(declared, Line | Text):
        words.append(people.token())
        return words[-1]
    return None
