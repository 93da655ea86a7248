"""Members of a community at Moot's relay: sealed votes, proven members, full admission.

Everything that crosses the wire is what the client sends; only, its machine keeps no document and judges
nothing. Votes are made and sealed before the clock starts, each writer's on the writer's own line.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from typing_extensions import override

from moot_shared.format.change import Change, OpId, decode_change
from moot_shared.trust.seal import Sealed
from moot_shared.wire.address import address_of
from moot_shared.wire.glance import glance
from moot_shared.wire.messages import (
    Challenge,
    Done,
    Have,
    Join,
    Page,
    Proof,
    Refusal,
    Stored,
    decode,
    encode,
)
from moot_shared.wire.messages import Peer as Welcome
from moot_shared.wire.pages import Gathering, pack
from moot_shared.wire.signed import Role, host_mac, proof_message, read_hosting_key
from tests.bench.relay.peer import Gone, Peer
from tests.bench.town import Town
from tests.helpers.community import Machine, put
from tests.helpers.encoding import encode_change

Opens = Callable[[], Peer]
SEEDS = itertools.count(2)


@dataclass
class Place:
    """A community that is hosted somewhere."""

    town: Town = field(default_factory=Town)
    hosting_key: bytes | None = None

    def __post_init__(self) -> None:
        self.town.keep(self.town.make("issue"))
        self.issue = self.town.issues[0]
        self.base = list(self.town.changes)
        self.clock = {e.actor: (e.seq, e.hash) for e in map(self.town.history.entry, self._lasts())}

    def _lasts(self) -> list[bytes]:
        return [change.hash for change in {change.actor: change for change in self.base}.values()]

    def line(self, who: Machine, count: int, after: Change | None) -> list[Change]:
        """Votes of a member, each in place of the one before."""
        history, made = self.town.history, list[Change]()
        key = f"{who.text}/vote/{self.issue.key}"
        for number in range(count):
            last = made[-1] if made else after
            own = last or history.last(who.actor)
            deps = (last.hash,) if last else history.heads()
            start = 1 + (
                last.operations[-1].id.counter if last else max(history.entry(h).last_op for h in deps)
            )
            over = [OpId(last.operations[-1].id.counter, who.actor)] if last else []
            vote = put(history.said_id, key, f'{{"dots":{number % 9},"why":"a shift a week"}}', *over)
            made.append(
                decode_change(
                    encode_change(
                        [vote], actor=who.actor, seq=own.seq + 1 if own else 1, start_op=start, deps=deps
                    )
                )
            )
        return made


class Member(Peer):
    """One member's machine."""

    def __init__(self, url: str, place: Place, who: Machine, role: Role = "member") -> None:
        super().__init__(url, who.text)
        self._place = place
        self._who = who
        self._role: Role = role
        self._here = {change.hash for change in place.base}
        self._gathering = Gathering()
        self._made: list[Sealed] = []
        self._pending: list[Sealed] = []
        self._line: list[Change] = []
        self._pages = self._stored = self._sent = 0
        self._in = self._done = False
        self.refused: str | None = None

    @override
    async def connect(self) -> None:
        await self.open()
        self._say(Join(self._who.text[:8]))
        await self.until(lambda: self._in)
        self._say(Have(self._place.clock if self._role == "member" else {}))
        await self.until(lambda: self._done)

    def bring(self, changes: list[Change]) -> None:
        """Send changes with their makers' seals."""
        self._send([Sealed(each.raw, self._place.town.seal(each)) for each in changes])

    @override
    def prepare(self, edits: int) -> None:
        self._line = self._place.line(self._who, edits, self._line[-1] if self._line else None)
        seal = self._place.town.seal
        self._made = [Sealed(each.raw, seal(each)) for each in self._line]
        self._sent = 0

    @override
    def edit(self, key: str, value: int) -> None:
        change = self._made[self._sent]
        self._here.add(self._line[self._sent].hash)
        self._sent += 1
        self._pending.append(change)
        self._go_on()

    @override
    def known(self) -> int:
        return len(self._here)

    @override
    def state(self) -> object:
        return frozenset(self._here)

    @override
    def unacknowledged(self) -> int:
        return self._pages - self._stored + len(self._pending)

    @override
    def hear(self, frame: bytes) -> None:
        message = decode(frame)
        match message:
            case Page():
                batch = self._gathering.add(message.body, message.more) or ()
                self._here.update(glance(each.chunk).hash for each in batch)
            case Stored():
                self._stored = max(self._stored, message.n)
                self._go_on()
            case Challenge():
                self._prove(message)
            case Welcome():
                self._in = True
            case Done():
                self._done = True
            case Refusal():
                self.refused = message.text

    def _go_on(self) -> None:
        """What is written while a page is on its way goes together in the next one, as the client's does."""
        if self._pending and self._pages == self._stored:
            pending, self._pending = self._pending, []
            self._send(pending)

    def _send(self, changes: list[Sealed]) -> None:
        for page in pack(changes):
            self._pages += 1
            self._say(Page(page.body, n=self._pages, more=page.more))

    def _prove(self, challenge: Challenge) -> None:
        who, address = self._who, address_of(self.url)
        signed = proof_message(
            challenge.relay, challenge.nonce, self._place.town.id, who.actor, self._role, address
        )
        key = self._place.hosting_key
        mac = host_mac(key, signed) if self._role == "host" and key else None
        signature = who.identity.sign(signed)
        self._say(Proof(self._place.town.id, who.actor, self._role, address, signature, mac=mac))

    def _say(self, message: Join | Have | Page | Proof) -> None:
        self.socket.send(encode(message))


async def hosted(url: str, hosting_key: str) -> Opens:
    """A new community there; each call gives the machine of another of its members."""
    place = Place(Town(next(SEEDS)), read_hosting_key(hosting_key))
    founder = Member(url, place, place.town.founder, "host")
    await founder.connect()
    founder.bring(place.base)
    await founder.until(lambda: founder.unacknowledged() == 0 or founder.refused is not None)
    founder.close()
    if founder.refused is not None:
        raise Gone(founder.refused)
    members = iter(place.town.members)
    return lambda: Member(url, place, next(members))


Room = Callable[[str, dict[str, str]], Awaitable[Opens]]
"""What makes a document to write into, from a server's address and what it printed."""
