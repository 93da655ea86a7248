"""A community of any size in which people join, raise issues, vote, comment and edit each other's prose.

It is written by the tests' own writer of the format, which is quick enough for 100,000 changes, and
goes through the strict decoder; the rules are asked only of what is measured.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from moot_shared.format.change import HEAD, Action, Change, Operation, OpId, ValueKind, decode_change
from moot_shared.ids import encode_bytes, ulid
from moot_shared.trust.history import History
from moot_shared.trust.seal import join_message, seal_message
from tests.helpers.community import Machine, genesis, here, insert, op, person, put
from tests.helpers.encoding import encode_change

MEMBERS = 20
KINDS = ("vote", "comment", "issue", "paragraph", "join")
"""The ordinary changes."""
MIX = ("vote", "vote", "comment", "comment", "issue", "paragraph")


@dataclass
class Issue:
    """Where an issue is, and its prose's paragraphs in order."""

    key: str
    body: OpId
    paragraphs: list[OpId]
    votes: dict[bytes, OpId] = field(default_factory=dict)
    """Each member's newest vote."""


class Town:
    """The changes so far, what stands, and how to make the next change of each kind."""

    def __init__(self, seed: int = 1) -> None:
        self.dice = random.Random(seed)
        self.chunks: dict[bytes, bytes] = {}
        self.history = History(self.chunks.__getitem__)
        self.changes: list[Change] = []
        self.founder = person("founder" if seed == 1 else f"founder {seed}")
        self.members: list[Machine] = [self.founder]
        self.issues: list[Issue] = []
        self._of: dict[str | OpId, Issue] = {}
        self.newcomers = 0
        self.keep(genesis(self.founder))
        self.invite = person("invite")
        terms = '{"expires":null,"role":"member","uses":null}'
        self.keep(self._change(self.founder, [self._say(self.founder, f"invite/{self.invite.text}", terms)]))
        for _ in range(MEMBERS - 1):
            self.keep(self.make("join"))

    def grow(self, size: int) -> None:
        """Go on until there are so many changes."""
        while len(self.changes) < size:
            self.keep(self.make(self.dice.choice(MIX)))

    def keep(self, change: Change) -> None:
        """Take in a change."""
        self.chunks[change.hash] = change.raw
        self.changes.append(change)
        self.history.add(change)
        self._note(change)

    def make(self, kind: str, behind: int = 0, by: Machine | None = None) -> Change:
        """The next change of a kind; its author has not seen the last `behind` changes."""
        by = by or self.dice.choice(self.members)
        if kind == "join":
            by = person(f"newcomer {self.newcomers}")
            self.newcomers += 1
            proof = encode_bytes(self.invite.identity.sign(join_message(self.id, by.key)))
            said = f'{{"by":"{self.founder.text}","proof":"{proof}"}}'
            return self._change(by, [self._say(by, f"join/{self.invite.text}", said)])
        if kind == "issue" or not self.issues:
            return self._change(by, self._new_issue(by))
        issue = self.dice.choice(self.issues)
        if kind == "vote":
            before = issue.votes.get(by.key)
            value = f'{{"dots":{self.dice.randrange(9)},"why":"it costs us a shift a week"}}'
            vote = self._say(by, f"vote/{issue.key}", value, *([before] if before else []))
            return self._change(by, [vote], behind)
        if kind == "comment":
            name = f"comment/{issue.key}/{self._ulid()}"
            return self._change(by, [self._say(by, name, '{"text":"Two near misses began here."}')], behind)
        at = self.dice.randrange(len(issue.paragraphs))
        old = issue.paragraphs[at]
        rewritten = [
            insert(issue.body, old, "Facts are told in the corridor; on Mondays half of them never arrive."),
            Operation(HEAD, issue.body, old, False, Action.DELETE, ValueKind.NULL, None, (old,)),
        ]
        return self._change(by, rewritten, behind)

    @property
    def id(self) -> bytes:
        """The community's id."""
        return self.changes[0].hash

    def seal(self, change: Change) -> bytes:
        """Its author's seal."""
        by = next(m for m in [*self.members, *self._last_newcomer()] if m.key == change.author)
        return by.identity.sign(seal_message(self.id, change.actor, change.seq, change.hash))

    def _last_newcomer(self) -> list[Machine]:
        return [person(f"newcomer {self.newcomers - 1}")]

    def _ulid(self) -> str:
        return ulid(1_760_000_000_000 + len(self.changes), self.dice.randbytes(10))

    def _say(self, by: Machine, about: str, value: str, *pred: OpId) -> Operation:
        return put(self.history.said_id, f"{by.text}/{about}", value, *pred)

    def _new_issue(self, by: Machine) -> list[Operation]:
        key = f"issue/{self._ulid()}/{by.text}"
        text = "We lose about a shift a week to finding out what the last one knew."
        return [
            op(Action.MAKE_MAP, self.history.records_id, key),
            put(here(0), "title", "Handover between shifts loses facts"),
            put(here(0), "at", 1_760_000_000_000),
            op(Action.MAKE_LIST, here(0), "body"),
            insert(here(3), HEAD, text),
            insert(here(3), here(4), text),
            insert(here(3), here(5), text),
            op(Action.MAKE_LIST, here(0), "now"),
            insert(here(7), HEAD, text),
        ]

    def _change(self, by: Machine, operations: list[Operation], behind: int = 0) -> Change:
        deps = self.history.heads()
        if behind:
            mine = self.history.last(by.actor)
            seen = self.changes[-1 - behind].hash
            deps = tuple(sorted({seen, mine.hash})) if mine else (seen,)
        start = 1 + max((self.history.entry(dep).last_op for dep in deps), default=0)
        last = self.history.last(by.actor)
        return decode_change(
            encode_change(
                [_placed(o, start, by.actor) for o in operations],
                actor=by.actor, seq=last.seq + 1 if last else 1, start_op=start, deps=deps,
            )
        )  # fmt: skip

    def _note(self, change: Change) -> None:
        """What stands after a change, as far as later ones build on it."""
        first = change.operations[0]
        if isinstance(first.key, str) and first.obj == self.history.records_id:
            issue = Issue(first.key, change.operations[3].id, [o.id for o in change.operations[4:7]])
            self.issues.append(issue)
            self._of |= {issue.key: issue, issue.body: issue}
        elif isinstance(first.key, str) and "/vote/" in first.key:
            self._of[first.key.split("/vote/")[1]].votes[change.author] = first.id
        elif isinstance(first.key, str) and "/join/" in first.key and len(self.members) < MEMBERS:
            self.members.append(person(f"newcomer {self.newcomers - 1}"))
        elif isinstance(first.key, OpId):
            assert first.obj
            issue = self._of[first.obj]
            issue.paragraphs[issue.paragraphs.index(first.key)] = first.id


def _placed(o: Operation, start: int, actor: bytes) -> Operation:
    def placed(op_id: OpId) -> OpId:
        return OpId(start - 1 - op_id.counter, actor) if op_id.counter < 0 else op_id

    key = placed(o.key) if isinstance(o.key, OpId) else o.key
    obj = placed(o.obj) if o.obj else None
    return Operation(o.id, obj, key, o.insert, o.action, o.kind, o.value, tuple(sorted(map(placed, o.pred))))
