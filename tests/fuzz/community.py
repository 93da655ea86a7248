"""The honest community that the cases begin from, written by the product's own commands."""

from __future__ import annotations

import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from moot_client.home import Home
from moot_client.replica import acts
from moot_client.replica.commands import Create, Edit, MakeInvite, Say, Together
from moot_client.replica.founding import prepare_join
from moot_client.replica.replica import Replica
from moot_shared.errors import InputError
from moot_shared.identity import Identity
from moot_shared.kinds import RECORDS, STATEMENTS, Kind
from moot_shared.kinds.fields import Choice, Count, Field, Flag, Hours, Prose, Reference
from moot_shared.kinds.trust import Whole
from moot_shared.trust.facts import TRUST_KINDS
from moot_shared.trust.lines import InviteLine, parse_line
from tests.helpers.cohort import RELAY, carry, founder, joiner, outside, settle

ROUNDS = 3
WORDS = ("Handover", "loses", "facts", "Übergabe", "引き継ぎ", "🙂", "\u202eright", "[brackets]", "shift")


@dataclass
class Cast:
    """Everybody's replica, by what they are, and the lines that were made for newcomers."""

    replicas: dict[str, Replica]
    lines: dict[str, InviteLine]

    def close(self) -> None:
        """Let go of every store."""
        for replica in self.replicas.values():
            replica.close()


def play(folder: Path) -> Cast:
    """Found it, let people come and go, let them write all that there is to write."""
    mara = founder(folder / "mara")
    joon = joiner(folder / "joon", mara, "Joon", seed=11)
    ines = joiner(folder / "ines", mara, "Ines", seed=12, role="convenor")
    tariq = joiner(folder / "tariq", mara, "Tariq", seed=13)
    vera = _viewer(folder / "vera", mara)
    settle(mara, joon, ines, tariq)
    other = replace(joon.place, folder=_copy(joon.place.folder, folder / "joon2"))
    away = Replica.open(other, outside(14))  # the same member's second machine
    replicas = {"mara": mara, "joon": joon, "joon2": away, "ines": ines, "tariq": tariq, "vera": vera}
    lines = _invites(mara, ines, folder)
    dice = random.Random(5)
    writers = [mara, joon, away, ines, tariq]
    for _ in range(ROUNDS):
        for writer in writers:
            _write(writer, dice)
        one, two = dice.sample(writers, 2)
        carry(one, two)
    _belonging(mara, joon, ines)
    mara.do(Say("removal", tariq.me, {"why": "left the company"}))
    tariq.do(Say("comment", _records(tariq)[0] + "/", {"text": "I do not know yet that I was removed."}))
    settle(mara, joon, ines, away)
    carry(tariq, mara)
    _meet(mara, joon, ines, away)
    settle(*replicas.values())
    replicas["newcomer"] = _newcomer(folder / "newcomer", mara)
    return Cast(replicas, lines)


def _copy(source: Path, target: Path) -> Path:
    shutil.copytree(source, target)
    return target


def _viewer(folder: Path, host: Replica) -> Replica:
    """Somebody who came to read. (No command makes such an invite yet.)"""
    around = outside(15)
    invite, identity = Identity.generate(around.random), Identity.generate(around.random)
    terms = {"role": "viewer", "uses": 1, "expires": None}
    host.write(lambda making: acts.put_statement(making, f"{host.me}/invite/{invite.key_text}", terms))
    place = prepare_join(Home(folder), host.community, identity, "", "Northern cohort", RELAY, around)
    replica = Replica.open(place, around)
    carry(host, replica)
    replica.join(invite.seed)
    carry(replica, host)
    return replica


def _newcomer(folder: Path, host: Replica) -> Replica:
    """Somebody who has not come in yet, with an empty store."""
    around = outside(17)
    identity = Identity.generate(around.random)
    place = prepare_join(Home(folder), host.community, identity, "", "Northern cohort", RELAY, around)
    replica = Replica.open(place, around)
    replica.become_writer()  # it has an actor from then on
    return replica


def _invites(mara: Replica, ines: Replica, folder: Path) -> dict[str, InviteLine]:
    made = {
        "open": mara.do(MakeInvite(uses=None)),
        "once": ines.do(MakeInvite()),
        "convenors": mara.do(MakeInvite(role="convenor", uses=None)),
        "expired": mara.do(MakeInvite(expires=1)),
        "revoked": mara.do(MakeInvite()),
    }
    lines = {name: line for name, text in made.items() if isinstance(line := parse_line(text), InviteLine)}
    mara.do(Say("revoke", Identity(lines["revoked"].secret).key_text, {}))
    joiner(folder / "leaver", mara, "Leo", seed=16).close()
    return lines


def _belonging(mara: Replica, joon: Replica, ines: Replica) -> None:
    """A member is proposed and named, another lays a role down, somebody claims an earlier key."""
    settle(mara, joon, ines)
    vera = next(key for key in _members(mara) if key not in {mara.me, joon.me, ines.me})
    naming = f"role/{joon.me}/{joon.me}/{'0' * 26}"
    for writer, about, payload in (
        (joon, naming, {"role": "convenor"}),
        (mara, naming, {"role": "convenor"}),
        (ines, f"role/{ines.me}/{ines.me}/{'1' * 26}", {"role": "member"}),
        (joon, f"self/{vera}/{joon.me}", {}),
        (ines, f"self/{vera}/{joon.me}", {}),
        (mara, f"self/{mara.me}/{ines.me}", {}),
    ):
        writer.write(partial(acts.put_statement, key=f"{writer.me}/{about}", values=payload))
    settle(mara, joon, ines)


def _members(replica: Replica) -> list[str]:
    return [key for (key,) in replica.reader().execute("SELECT key FROM member ORDER BY place")]


def _write(writer: Replica, dice: random.Random) -> None:
    """One of each kind of record and statement, an edit of each field, a paragraph less and one more."""
    for name, kind in RECORDS.items():
        made = writer.do(Create(name, _values(kind, dice, whole=True)))
        values = _values(kind, dice, whole=False)
        if values:
            writer.do(Edit(made, values))
    about = dice.choice(_records(writer))
    said = [
        Say(name, _subject(name, about, dice), _values(kind, dice, whole=True))
        for name, kind in STATEMENTS.items()
        if name not in TRUST_KINDS
    ]
    for say in said[:2]:
        writer.do(say)
    writer.do(Together(tuple(said[2:])))


def _meet(*writers: Replica) -> None:
    """All of them change the same fields and the same paragraphs at once."""
    key = next(key for key in _records(writers[0]) if key.startswith("issue/"))
    writers[0].do(Edit(key, {"body": "One.\n\nTwo.\n\nThree."}))
    settle(*writers)
    for number, writer in enumerate(writers):
        writer.do(Edit(key, {"title": f"Title {number}", "body": f"One.\n\nTwo by {number}.\n\nFour."}))


def _subject(name: str, about: str, dice: random.Random) -> str:
    subjects = {"link": f"{about}/{about}", "note": f"{about}/why", "profile": "me", "relay": "home"}
    return subjects.get(name, about + "/" if dice.random() < 0.3 else about)


def _records(replica: Replica) -> list[str]:
    return [key for (key,) in replica.reader().execute("SELECT key FROM record ORDER BY key")]


def _values(kind: type[Kind], dice: random.Random, *, whole: bool) -> dict[str, Any]:
    fields: Mapping[str, Field[Any]] = kind.fields
    wanted = [n for n, f in fields.items() if (whole and f.required) or dice.random() < 0.6]
    values = {name: _value(fields[name], dice) for name in wanted}
    try:
        kind.check(values, whole=whole)
    except InputError:
        return {name: value for name, value in values.items() if fields[name].required}
    return values


def _value(field: Field[Any], dice: random.Random) -> Any:
    if isinstance(field, Choice):
        return dice.choice([option for option in field.options if option])
    if isinstance(field, Count):
        return dice.randint(field.least, min(field.most, 100))
    if isinstance(field, Hours):
        return dice.randrange(40) / 4
    if isinstance(field, Flag):
        return dice.random() < 0.5
    if isinstance(field, Reference):
        return f"{field.kinds[0]}/{'0' * 26}/{'A' * 43}"
    if isinstance(field, Whole):
        return dice.randrange(9)
    words = " ".join(dice.choices(WORDS, k=dice.randint(1, 4)))
    return "\n\n".join([words] * dice.randint(1, 3)) if isinstance(field, Prose) else words
