"""The bench community: a cohort of 24 over two years, the same from a seed in every run and on every machine.

    2,000 issues of three paragraphs, half of them closed · 15,000 votes and pledges · 5,000 comments
    1,000 reviews with 12,000 notes · 800 lessons, some of them used: about 100,000 operations, times `scale`

Nearly all dots lie on issues that are closed, so that everybody is within their budget. Members write on
two machines each, in sessions, some at the same time; some rewrite what they and others wrote.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from moot_shared.format.change import HEAD, Action, Operation, OpId
from moot_shared.ids import encode_bytes, ulid
from moot_shared.trust.seal import Sealed, join_message
from tests.bench.client.ledger import Lane, Ledger, Thing, deleted
from tests.bench.client.words import NAMES, paragraph, sentence, title
from tests.helpers.community import Machine, genesis, here, insert, op, person, put

VERSION = 3
"""Of what comes from a seed: a kept community of another version is made anew."""
MEMBERS, ISSUES, VOTES, PLEDGES, COMMENTS, REVIEWS, NOTES, LESSONS = (
    24,
    2000,
    11500,
    3500,
    5000,
    1000,
    12000,
    800,
)
USES, STATES, REWRITES, AGAIN = 1000, 4000, 3500, 9000
OPEN_DOTS = 45
"""How many votes of each member lie on open issues."""
DAY = 86_400_000
END = 1_763_000_000_000
YEARS = 2 * 365 * DAY
BEGIN = END - YEARS
ROUND = DAY
"""Who writes within so many milliseconds may do it at the same time."""

Act = Callable[[Lane, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A whole community's changes, in an order in which they can be admitted."""

    community: bytes
    members: tuple[Machine, ...]
    log: list[Sealed]
    operations: int


def make(scale: float = 1, seed: int = 1) -> Made:
    """The community of a seed; `scale` 1 has about 100,000 operations."""
    return _Making(scale, random.Random(seed)).made()


class _Making:
    def __init__(self, scale: float, dice: random.Random) -> None:
        self._scale = scale
        self._dice = dice
        self._members = [person(f"bench {name}") for name in NAMES[:MEMBERS]]
        self._ledger = Ledger(self._members[0], genesis(self._members[0]).raw)
        self._things: dict[tuple[str, int], Thing] = {}
        self._born: dict[tuple[str, int], int] = {}

    def made(self) -> Made:
        self._gather()
        for by, acts in self._sessions():
            lane = self._ledger.lane(by)
            for at, act in acts:
                act(lane, at)
            self._ledger.end(lane)
        self._ledger.next_round()
        return Made(self._ledger.community, tuple(self._members), self._ledger.log, self._ledger.operations)

    # -- the beginning -------------------------------------------------------------------------------

    def _gather(self) -> None:
        """The founder invites, everybody joins and says their name."""
        founder, invite = self._members[0], person("bench invite")
        lane = self._ledger.lane(founder)
        key = f"community/{self._ulid(BEGIN)}/{founder.text}"
        self._ledger.write(
            lane,
            [
                op(Action.MAKE_MAP, self._ledger.records, key),
                put(here(0), "name", "The bench"),
                put(here(0), "vote_budget", 100),
                put(here(0), "at", BEGIN),
                op(Action.MAKE_LIST, here(0), "purpose"),
                insert(here(4), HEAD, sentence(self._dice)),
            ],
        )
        self._ledger.say(lane, f"invite/{invite.text}", '{"expires":null,"role":"member","uses":null}')
        self._end_round(lane)
        for member in self._members[1:]:
            proof = invite.identity.sign(join_message(self._ledger.community, member.key))
            lane = self._ledger.lane(member)
            said = {"by": founder.text, "proof": encode_bytes(proof)}
            self._ledger.say(lane, f"join/{invite.text}", _json(said))
            self._ledger.end(lane)
        self._ledger.next_round()
        for member, name in zip(self._members, NAMES, strict=False):
            lane = self._ledger.lane(member)
            self._ledger.say(lane, "profile/me", _json({"at": BEGIN, "name": name}))
            self._ledger.end(lane)
        self._ledger.next_round()

    def _end_round(self, lane: Lane) -> None:
        self._ledger.end(lane)
        self._ledger.next_round()

    # -- two years -----------------------------------------------------------------------------------

    def _sessions(self) -> Iterator[tuple[Machine, list[tuple[int, Act]]]]:
        """Everything that is done, by whom and when: each member's part of a round in one go."""
        rounds: dict[int, dict[int, list[tuple[int, Act]]]] = {}
        for at, who, act in sorted(self._doings(), key=lambda doing: doing[0]):
            rounds.setdefault(at // ROUND, {}).setdefault(who, []).append((at, act))
        for sessions in rounds.values():
            for who in self._dice.sample(sorted(sessions), len(sessions)):
                machine = self._members[who].again(int(self._dice.random() < 0.3))
                yield machine, sessions[who]
                if self._dice.random() < 0.6:  # the next one sees it before they begin
                    self._ledger.next_round()
            self._ledger.next_round()

    def _doings(self) -> Iterator[tuple[int, int, Act]]:
        """When, by whom, what: each thing is made some day, and all about it is said in the months after."""
        dice, many = self._dice, self._many
        for kind, number in (("issue", ISSUES), ("review", REVIEWS), ("lesson", LESSONS)):
            for n in range(many(number)):
                born = self._born[kind, n] = BEGIN + 1 + dice.randrange(YEARS - 10 * DAY)
                yield born, dice.randrange(MEMBERS), self._make(kind, n)
        issues, lessons, notes = range(many(ISSUES)), range(many(LESSONS)), range(many(NOTES))
        for n in issues[::2]:
            yield self._after("issue", n, 90), dice.randrange(MEMBERS), self._edit(n, "closed")
        yield from self._votes(issues)
        for _ in range(many(COMMENTS)):
            kind = dice.choices(("issue", "review", "lesson"), (8, 1, 1))[0]
            number = dice.randrange(many({"issue": ISSUES, "review": REVIEWS, "lesson": LESSONS}[kind]))
            yield self._after(kind, number, 60), dice.randrange(MEMBERS), self._comment(kind, number)
        for n in [*notes, *dice.choices(notes, k=many(AGAIN))]:
            who, question = (n // 4) % 3 * 7 + n // 12, ("planned", "happened", "why", "next")[n % 4]
            review = n // 12 % many(REVIEWS)
            said = self._say("review", review, "note", f"/{question}", "text")
            yield self._after("review", review, 9), who % MEMBERS, said
        for _ in range(many(USES)):
            lesson = dice.choice(lessons[::3])
            yield self._after("lesson", lesson, 120), dice.randrange(MEMBERS), self._use(lesson)
        for _ in range(many(STATES)):
            n = dice.choice(issues[1::2])
            state = dice.choice(("agreed", "in work"))
            yield self._after("issue", n, 60), dice.randrange(MEMBERS), self._edit(n, state)
        for n in dice.choices(issues, k=many(REWRITES)):
            yield self._after("issue", n, 30), dice.randrange(MEMBERS), self._rewrite(n)

    def _votes(self, issues: range) -> Iterator[tuple[int, int, Act]]:
        """Each member's ballots: OPEN_DOTS on open issues, whatever the scale; all others on closed ones."""
        dice = self._dice
        for who in range(MEMBERS):
            each = self._many(VOTES) // MEMBERS
            living = dice.sample(issues[1::2], min(OPEN_DOTS, each, len(issues) // 2))
            gone = dice.sample(issues[::2], min(each - len(living), len(issues) // 2))
            for n in living + gone:
                dots = dice.randint(1, 2 if n % 2 else 5)
                yield self._after("issue", n, 60), who, self._say("issue", n, "vote", "", "dots", dots)
        for n in dice.choices(issues, k=self._many(PLEDGES)):
            hours = dice.choice((0.5, 1.0, 2.0, 4.0, 8.0))
            who = dice.randrange(MEMBERS)
            yield self._after("issue", n, 60), who, self._say("issue", n, "pledge", "", "hours", hours)

    def _many(self, number: int) -> int:
        return round(number * self._scale)

    def _after(self, kind: str, number: int, days: int) -> int:
        return min(self._born[kind, number] + 1 + self._dice.randrange(days * DAY), END)

    # -- what is done --------------------------------------------------------------------------------

    def _thing(self, kind: str, number: int, lane: Lane, at: int) -> Thing:
        """A record, made now by whoever wants it if it is not there yet."""
        if (kind, number) not in self._things:
            self._make(kind, number)(lane, at)
        return self._things[kind, number]

    def _make(self, kind: str, number: int) -> Act:
        def act(lane: Lane, at: int) -> None:
            if (kind, number) not in self._things:
                getattr(self, f"_make_{kind}")(lane, at, number)

        return act

    def _make_issue(self, lane: Lane, at: int, number: int) -> None:
        level = self._dice.choice(("team", "across teams", "organisation"))
        values = {"title": title(self._dice), "level": level, "status": "open"}
        texts = [paragraph(self._dice) for _ in range(3)]
        self._record(lane, at, ("issue", number), values, ("body", "now"), texts)

    def _make_review(self, lane: Lane, at: int, number: int) -> None:
        values = {"title": title(self._dice), "about": "a team", "form": "full"}
        values["ending"] = "next steps" if number % 5 else ""
        if number % 3 == 0:
            values["issue"] = self._thing("issue", self._dice.randrange(self._many(ISSUES)), lane, at).key
        self._record(lane, at, ("review", number), values, ("next_steps",), [sentence(self._dice)])

    def _make_lesson(self, lane: Lane, at: int, number: int) -> None:
        source = self._thing("review", self._dice.randrange(self._many(REVIEWS)), lane, at).key
        values = {"statement": f"{title(self._dice)}: {sentence(self._dice)}", "source": source}
        texts = [paragraph(self._dice), paragraph(self._dice)]
        self._record(lane, at, ("lesson", number), values, ("story",), texts)

    def _record(
        self, lane: Lane, at: int, name: tuple[str, int], values: dict[str, str], lists: tuple[str, ...],
        texts: list[str],
    ) -> None:  # fmt: skip
        """One change: the map, its values, its lists, and the paragraphs of the first list."""
        key = f"{name[0]}/{self._ulid(at)}/{lane.by.text}"
        told: dict[str, str | int] = {**{n: v for n, v in values.items() if v}, "at": at}
        operations = [op(Action.MAKE_MAP, self._ledger.records, key)]
        operations += [put(here(0), field, value) for field, value in told.items()]
        first = len(operations)
        operations += [op(Action.MAKE_LIST, here(0), field) for field in lists]
        after = HEAD
        for text in texts:
            operations.append(insert(here(first), after, text))
            after = here(len(operations) - 1)
        made = self._ledger.write(lane, operations)
        for index, field in enumerate(told, 1):
            self._ledger.stands(made[0], field, made[index])
        paragraphs = made[first + len(lists) :]
        self._things[name] = Thing(key, made[0], made[first], paragraphs, self._ledger.round)

    def _edit(self, number: int, status: str) -> Act:
        def act(lane: Lane, at: int) -> None:
            thing = self._thing("issue", number, lane, at)
            if thing.round != self._ledger.round:  # they see it
                self._ledger.put(lane, thing.id, {"status": status, "at": at})

        return act

    def _rewrite(self, number: int) -> Act:
        def act(lane: Lane, at: int) -> None:
            thing = self._thing("issue", number, lane, at)
            if thing.round != self._ledger.round:
                place, thing.round = self._dice.randrange(len(thing.paragraphs)), self._ledger.round
                old = thing.paragraphs[place]
                new = insert(thing.prose, old, paragraph(self._dice))
                more: tuple[Operation, ...] = (new, deleted(thing.prose, old))
                first = lane.last_op + 1
                self._ledger.put(lane, thing.id, {"at": at}, *more)
                thing.paragraphs[place] = OpId(first, lane.by.actor)

        return act

    def _say(self, kind: str, number: int, what: str, more: str, name: str, value: object = None) -> Act:
        def act(lane: Lane, at: int) -> None:
            thing = self._thing(kind, number, lane, at)
            said = {"at": at, name: sentence(self._dice) if value is None else value}
            if what == "vote" and self._dice.random() < 0.3:
                said["why"] = sentence(self._dice)
            self._ledger.say(lane, f"{what}/{thing.key}{more}", _json(said))

        return act

    def _comment(self, kind: str, number: int) -> Act:
        def act(lane: Lane, at: int) -> None:
            thing = self._thing(kind, number, lane, at)
            text = paragraph(self._dice)
            self._ledger.say(lane, f"comment/{thing.key}/{self._ulid(at)}", _json({"at": at, "text": text}))

        return act

    def _use(self, number: int) -> Act:
        def act(lane: Lane, at: int) -> None:
            thing = self._thing("lesson", number, lane, at)
            state = self._dice.choice(("tried", "applied"))
            said = {"at": at, "state": state, "where": title(self._dice), "how": sentence(self._dice)}
            self._ledger.say(lane, f"use/{thing.key}/{self._ulid(at)}", _json(said))

        return act

    def _ulid(self, at: int) -> str:
        return ulid(at, self._dice.randbytes(10))


def _json(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
