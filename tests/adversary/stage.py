"""Three honest members and their relay, on which every scenario is played, and the check that ends each.

    Mara founded the community, Joon and Ines joined. They are real replicas; the relay is a real process.

`plays` names the rows of docs/trust.md and the hazards that a scenario is about, and runs `Stage.aftermath`
when it is over: whatever was tried, everybody has the same, votes are as their voters cast them, every store
can prove what it holds, and the relay goes on serving.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from moot_client.replica.commands import MakeInvite
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_client.sync.joining import host
from moot_client.sync.once import sync_once
from moot_shared.errors import FormatError
from moot_shared.format.change import decode_change
from moot_shared.identity import Identity
from moot_shared.trust.lines import InviteLine, parse_line
from moot_shared.trust.seal import Sealed
from tests.helpers.attacker import Attacker
from tests.helpers.cohort import carry, founder, issue, joiner, rows, values, vote
from tests.helpers.community import Machine, person
from tests.helpers.relay_process import RelayProcess

BODY = "Facts are lost at every handover.\n\nThe night shift starts blind."
HAZARDS = {
    "H1": "input that the binding accepts and that ruins the document",
    "H2": "a panic that `except Exception` does not see",
    "H3": "errors that lie: success is reported, and changes are gone",
    "H4": "an empty or truncated document that loads, or takes everything with it",
    "H5": "one actor, one number, two changes",
    "H6": "few bytes that cost much memory, time, or the next honest write",
    "H7": "changes without ancestors, queued without end",
    "H8": "a document dropped in the middle of a write",
    "H9": "two sides that answer each other for ever",
    "H10": "messages that the library would follow into circles, or overlook the end of",
}
"""What was made to happen to others; each is played here."""


def plays(*rows_and_hazards: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A scenario: what it is about, and the same check after each."""

    def wrap(scenario: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(scenario)
        def played(*, stage: Stage, **fixtures: object) -> None:
            scenario(stage=stage, **fixtures)
            stage.aftermath()

        return played

    assert rows_and_hazards, "a scenario is about something"
    return wrap


class Stage:
    """One community on a relay."""

    def __init__(self, folder: Path, relay: RelayProcess, seed: int) -> None:
        self.folder, self.seed = folder, seed
        self.first_relay = relay
        self.mara = founder(folder / "mara", seed=seed)
        self.joon = joiner(folder / "joon", self.mara, "Joon", seed=seed + 1)
        self.ines = joiner(folder / "ines", self.mara, "Ines", seed=seed + 2)
        self.honest: list[Replica] = [self.mara, self.joon, self.ines]
        """Who is a member, and has to have everything in the end."""
        self.cast: dict[tuple[str, str], int] = {}
        """(voter, issue) -> dots: every vote that there may be."""
        self.issue = issue(self.mara, "Handover loses facts", body=BODY)
        self.body = BODY
        self.vote(self.mara, 3)
        carry(self.mara, self.joon)
        self.vote(self.joon, 5)
        carry(self.joon, self.ines)
        self.vote(self.ines, 1)
        for replica in (self.mara, self.joon):
            carry(self.ines, replica)
        self.move_to(relay)

    def move_to(self, relay: RelayProcess) -> None:
        """Put the community on a relay, and tell everybody to go there."""
        self.relay, self.process = relay, relay.process.pid
        host(self.mara, relay.url, relay.hosting_key)
        for replica in self.honest:
            replica.set_relay_url(relay.url)

    @property
    def url(self) -> str:
        """Where the relay listens."""
        return self.relay.url

    @property
    def community(self) -> bytes:
        """The community's id."""
        return self.mara.community

    def relay_file(self) -> bytes:
        """Everything that the relay has on its disk."""
        return b"".join(path.read_bytes() for path in self.relay.folder.glob("relay.db*"))

    def close(self) -> None:
        """Let go of every store."""
        for replica in (self.mara, self.joon, self.ines):
            replica.close()

    def begin_anew(self) -> None:
        """The same people found another community, on the same relay."""
        self.__init__(self.folder / "anew", self.first_relay, self.seed + 100)  # type: ignore[misc]

    # -- what honest members do ----------------------------------------------------------------------

    def vote(self, replica: Replica, dots: int) -> None:
        """An honest vote on the issue."""
        vote(replica, self.issue, dots)
        self.cast[replica.me, self.issue] = dots

    def meet(self) -> None:
        """Everybody syncs through the relay until everything is everywhere."""
        for replica in (*self.honest, *self.honest[:-1]):
            assert sync_once(replica).stored

    def invite(self, **terms: object) -> InviteLine:
        """An invite of Mara's that the relay knows."""
        line = parse_line(self.mara.do(MakeInvite(**terms)))  # type: ignore[arg-type]
        assert isinstance(line, InviteLine)
        sync_once(self.mara)
        return line

    # -- who else is there ---------------------------------------------------------------------------

    def stranger(self, name: str = "stranger") -> Attacker:
        """Somebody with a key of their own, and nothing else."""
        return Attacker(self.url, person(f"{name} {self.seed}"), self.community)

    def attacker(self, name: str = "ted", line: InviteLine | None = None, **terms: object) -> Attacker:
        """A member with a modified client, who came by an invite of Mara's (or by `line`)."""
        line = line or self.invite(**terms)
        return self.come(self.stranger(name), Identity.from_seed(line.secret), self.mara.me)

    def come(self, newcomer: Attacker, invite: Identity, inviter: str) -> Attacker:
        """Join by an invite that the relay knows, and have everything."""
        with newcomer.enter("invite", invite=invite) as wire:
            newcomer.take_all(wire)
            joined = newcomer.join(invite, inviter)
            wire.page([joined])
            assert not wire.refused
        newcomer.moot.take(joined.chunk)
        return newcomer

    def second_key(self, attacker: Attacker) -> Identity:
        """A key that an attacker has made for an invite."""
        return person(f"invite of {attacker.key}").identity

    def hand_of(self, replica: Replica, nonce: int = 7) -> Attacker:
        """An honest member's second machine, moved by hand; or a thief with that member's key."""
        other = Attacker(self.url, Machine(replica.identity, nonce), self.community)
        other.pull()
        return other

    def settle_votes_of(self, attacker: Attacker) -> None:
        """Take whatever an attacker has voted, by the rules, for a vote that there may be."""
        self.meet()
        for (voter, subject), dots in self.votes(self.mara).items():
            if voter == attacker.key:
                self.cast[voter, subject] = dots

    # -- what becomes of an attack -------------------------------------------------------------------

    def refused(self, attacker: Attacker, *carried: Sealed, code: str) -> None:
        """The relay takes nothing of a batch, and no replica would if a relay let it through."""
        expected = [code] * len(carried)
        assert attacker.push(*carried) == expected
        assert self.past_the_relay(*carried) == [expected] * len(self.honest)

    def past_the_relay(self, *carried: Sealed) -> list[list[str]]:
        """Hand a batch to every replica, as a relay would that checks nothing: the codes of each."""
        if any(self._lacks(replica, carried) for replica in self.honest):
            self.meet()
        return [self.handed(replica, *carried) for replica in self.honest]

    @staticmethod
    def _lacks(replica: Replica, carried: Sequence[Sealed]) -> bool:
        """Whether somebody has yet to get what these changes are built on."""
        deps: set[bytes] = set()
        for each in carried:
            with suppress(FormatError):
                deps.update(decode_change(each.chunk).deps)
        return not all(dep in replica._writer.history for dep in deps)

    @staticmethod
    def handed(replica: Replica, *carried: Sealed) -> list[str]:
        """Hand a batch to one replica, on whatever way: the codes of what it refused."""
        return [no.code for no in replica.receive(carried).refused]

    # -- the check that ends every scenario ----------------------------------------------------------

    def aftermath(self) -> None:
        """Everybody has the same, votes are as cast, stores prove what they hold, the relay serves."""
        for replica in self.honest:
            self.vote(replica, self.cast[replica.me, self.issue] % 5 + 1)
        self.meet()
        assert self.relay.process.poll() is None
        assert self.relay.process.pid == self.process
        heads, shown = self.honest[0].heads(), rows(self.honest[0])
        for replica in self.honest:
            assert replica.heads() == heads
            assert rows(replica) == shown
            votes = self.votes(replica)
            assert votes == {cast: dots for cast, dots in self.cast.items() if dots}
            assert values(replica, self.issue)["body"] == self.body
            found = verify(replica.store, replica.community)
            assert found.good, found.troubles
        assert self.hand_of(self.honest[0]).moot.history.heads() == heads

    @staticmethod
    def votes(replica: Replica) -> dict[tuple[str, str], int]:
        """(voter, issue) -> dots, as a replica shows them."""
        found = replica.reader().execute(
            "SELECT author, subject, value FROM statement WHERE kind = 'vote'"
        ).fetchall()  # fmt: skip
        dots = {(author, subject): int(json.loads(value)["dots"]) for author, subject, value in found}
        return {cast: number for cast, number in dots.items() if number}
