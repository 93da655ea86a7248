"""A community whose founder has a modified client: every kind that is declared, with everything in it.

What is written is asked of nobody but the rules of admission: field checks are a courtesy of honest
clients. Kinds and fields are read from their declarations, so that later ones are covered as well.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from moot_client.home import Home
from moot_client.replica.acts import Making
from moot_client.replica.commands import MakeInvite
from moot_client.replica.founding import prepare_join
from moot_client.replica.replica import Replica
from moot_shared.document import Edit
from moot_shared.errors import MootError
from moot_shared.identity import Identity
from moot_shared.kinds import RECORDS, STATEMENTS
from moot_shared.kinds.declaration import Kind
from moot_shared.kinds.fields import Choice, Prose, Reference
from moot_shared.trust.facts import TRUST_KINDS
from moot_shared.trust.lines import InviteLine, parse_line
from tests.helpers.cohort import carry, founder, outside
from tests.helpers.drafts import save_draft
from tests.helpers.hostile import ABSURD, UNREADABLE, everything, groups, object_with

GROUPS = groups()
NEWER = "x-newer"
RELAY = "ws://127.0.0.1:1/\x1b]0;pwned\x07\u202e[bold]"


@dataclass
class Hostile:
    """Two homes: the founder's, who obeys no rules, and the reader's, who is harmed or not."""

    folder: Path

    @cached_property
    def home(self) -> Home:
        """The reader's."""
        return Home(self.folder / "reader")

    def reader(self) -> Replica:
        """The reader's replica."""
        return Replica.open(self.home.place(), outside(9))


def make(folder: Path) -> None:
    """Write everything, then let an honest member join and receive it."""
    mallory = founder(folder / "mallory", name="Mallory")
    mallory.set_relay_url(RELAY)
    first = _community(mallory)
    with_own = Writing(mallory)
    line = parse_line(mallory.do(MakeInvite(uses=None)))
    assert isinstance(line, InviteLine)
    with_own.records()
    with_own.statements(first)
    with_own.rewrite(first, "community")
    around = outside(9)
    name = everything()
    place = prepare_join(
        Home(folder / "reader"), line.community, Identity.generate(around.random), "Ann", name, RELAY, around
    )
    ann = Replica.open(place, around)
    carry(mallory, ann)
    ann.join(line.secret)
    ann.set_own("words confirmed", True)
    save_draft(ann, "note", next(key for key in with_own.made if key.startswith("review/")), {"next": name})
    carry(ann, mallory)
    Writing(mallory).about_members(ann.me)
    carry(mallory, ann)
    for replica in (mallory, ann):
        replica.close()


def _community(replica: Replica) -> str:
    (row,) = replica.reader().execute("SELECT key FROM record WHERE kind = 'community'").fetchall()
    return str(row[0])


class Writing:
    """What a modified client writes."""

    def __init__(self, replica: Replica) -> None:
        self.replica = replica
        self.made: list[str] = []

    def act(self, write: Callable[[Edit], None], size: int = 20_000, operations: int = 50) -> None:
        """One edit as it is, under the rules that every change is under."""
        self.replica.write(lambda making: making.add(write, size, operations))

    # -- records -------------------------------------------------------------------------------------

    def records(self) -> None:
        """Of each kind (and one that nobody knows) as many as it takes for every field to say all of it."""
        for name, kind in {**RECORDS, NEWER: None}.items():
            for turn in range(len(GROUPS) + 1):
                self._record(name, kind, turn)

    def _record(self, name: str, kind: type[Kind] | None, turn: int) -> None:
        fields = kind.fields if kind else {"title": None, "body": None}
        key = f"{name}/{self.replica.outside.ulid()}/{self.replica.me}"
        earlier = self.made[-1] if self.made else key

        def write(change: Edit) -> None:
            record = change.make_map(self.replica._writer.history.records_id, key)
            for place, (field, declared) in enumerate(fields.items()):
                words = GROUPS[(turn + place) % len(GROUPS)]
                if isinstance(declared, Prose):
                    prose = change.make_list(record, field)
                    for at, paragraph in enumerate((words, words[::-1], everything())):
                        change.insert(prose, at, paragraph)
                elif isinstance(declared, Reference) and turn % 2:
                    change.put(record, field, earlier)
                elif isinstance(declared, Choice) and turn % 3 == 0:
                    change.put(record, field, declared.options[turn % len(declared.options)])
                elif turn == len(GROUPS):
                    change.put(record, field, (2**53, -1.5e308, True, None, "")[place % 5])
                elif field != "archived":
                    change.put(record, field, words)
            change.put(record, "at", 2**53 - 1 if turn % 2 else -1)
            change.put(record, GROUPS[turn % len(GROUPS)][:900], GROUPS[turn % len(GROUPS)])

        self.act(write)
        self.made.append(key)

    def rewrite(self, key: str, name: str) -> None:
        """Every scalar of a record that is there already."""
        (row,) = self.replica.reader().execute("SELECT id FROM record WHERE key = ?", (key,)).fetchone()
        from moot_client.replica.acts import op_id

        def write(change: Edit) -> None:
            for field, declared in RECORDS[name].fields.items():
                if not isinstance(declared, Prose):
                    change.put(op_id(row), field, everything() if field != "archived" else False)

        self.act(write)

    # -- statements ----------------------------------------------------------------------------------

    def statements(self, community: str) -> None:
        """Of each kind, about a record of each kind: words, absurd values, unknown fields, no JSON at all."""
        firsts = {key.split("/")[0]: key for key in reversed(self.made)} | {"community": community}
        for name in [*STATEMENTS, NEWER]:
            if name not in TRUST_KINDS:
                self._statements(name, list(firsts.values()))

    def _statements(self, name: str, about: list[str]) -> None:
        kind = STATEMENTS.get(name)
        fields = list(kind.fields) if kind else ["text"]
        bodies = itertools.cycle(self._bodies(name, fields, about))
        texts: list[tuple[str, str]] = []
        for turn in range(len(GROUPS) + len(ABSURD) + len(UNREADABLE)):
            subject = about[turn % len(about)]
            tail = ("", f"/{turn:026}", f"/{GROUPS[turn % len(GROUPS)][:700]}")[turn % 3]
            texts.append((f"{name}/{subject}{tail}", next(bodies)))
        texts += [(f"{name}/{special}", next(bodies)) for special in ("me", "home", "x", GROUPS[0][:700])]
        texts.append((f"{name}/me", object_with({f: _json(everything()) for f in fields})))

        def write(change: Edit) -> None:
            for key, text in texts:
                change.put(self.replica._writer.history.said_id, f"{self.replica.me}/{key}", text)

        self.act(write, size=200_000, operations=len(texts))

    def _bodies(self, name: str, fields: list[str], about: list[str]) -> Iterator[str]:
        rest = {"at": str(2**53 - 1), _key(GROUPS[1]): _json(GROUPS[2])}
        for words in GROUPS:
            yield object_with({**{field: _json(words) for field in fields}, **rest})
        for value in ABSURD:
            yield object_with({**dict.fromkeys(fields, value), "at": value})
        yield object_with({**dict.fromkeys(fields, _json(about[0])), "dots": "5", "hours": "1e999"})
        yield from UNREADABLE

    def about_members(self, member: str) -> None:
        """Statements of trust, as far as the rules let them in: they are the ones that are looked into."""
        for name in TRUST_KINDS & set(STATEMENTS):
            fields = STATEMENTS[name].fields
            for turn, words in enumerate((*GROUPS[:3], everything())):
                other = Identity(bytes([turn + 1]) * 32).key_text
                for subject in (other, words[:700]):
                    if name == "removal" and subject == member:
                        continue
                    body = object_with({**{f: _json(words) for f in fields}, "role": '"member"', "uses": "3"})
                    self._try(f"{self.replica.me}/{name}/{subject}", body)

    def _try(self, key: str, body: str) -> None:
        def prepared(making: Making) -> None:
            making.add(lambda change: change.put(making.history.said_id, key, body), 2_000, 1)

        try:
            self.replica.write(prepared)
        except MootError:
            return  # the rules do not admit it, so nobody reads it


def _json(words: str) -> str:
    import json

    return json.dumps(words)


def _key(words: str) -> str:
    return words[:200]
