"""What a relay does, in every way in which it writes, as work to be cut short (`steps`).

The real core over its real store and its log, spoken to by hand: a member that is made of a key and nothing
else. What the relay called stored is noted, and has to be there from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from moot_server.events import Close, Closed, Frame, Opened, Send
from moot_server.members.core import Core
from moot_server.members.names import Names
from moot_server.storage.closed import ClosedLog
from moot_server.storage.folder import Folder
from moot_server.storage.sqlite import SqliteStore
from moot_shared.errors import StorageError
from moot_shared.format.change import Change
from moot_shared.limits import DEFAULT
from moot_shared.trust.seal import Sealed, receipt_message
from moot_shared.wire.messages import (
    Challenge,
    Done,
    Have,
    Join,
    Message,
    Page,
    Peer,
    Proof,
    Receipt,
    Refusal,
    Stored,
    decode,
    encode,
)
from moot_shared.wire.signed import Role, host_mac, proof_message
from tests.helpers.community import Community, Machine
from tests.helpers.wire import page_body
from tests.simulation.disk import Image, VirtualDisk
from tests.simulation.process import Process
from tests.simulation.steps import Scene

ADDRESS = "relay.example"
NOW = 1_760_000_000_000


@dataclass
class Cohort:
    """Ann, Ben and Cleo, and the founder who ends Cleo's membership at the end."""

    made: Community = field(default_factory=Community)

    def __post_init__(self) -> None:
        made = self.made
        self.founder = made.founder
        self.ann, self.ben, self.cleo = (made.member(name) for name in ("ann", "ben", "cleo"))
        self.begin = self._all()
        made.record(self.ann)
        made.say(self.ben, "profile", "me", {"name": "Ben"})
        self.words = self._all()[len(self.begin) :]
        made.say(self.founder, "removal", self.cleo.text, {"why": ""})
        self.removal = self._all()[len(self.begin) + len(self.words) :]

    def _all(self) -> list[Change]:
        return [self.made.history.change(entry.hash) for entry in self.made.history.missing_from({})]

    def sealed(self, changes: Sequence[Change]) -> list[Sealed]:
        """As they travel."""
        by = {machine.key: machine for machine in (self.founder, self.ann, self.ben, self.cleo)}
        return [Sealed(change.raw, self.made.seal(change, by[change.author])) for change in changes]


COHORT = Cohort()
"""The same for every play; nobody changes it."""


@dataclass
class Relay:
    """One relay on its disk; `told` is what it called stored: actor -> seq."""

    disk: VirtualDisk
    acts: Sequence[Callable[[Relay], None]] = ()
    told: dict[bytes, int] = field(default_factory=dict)
    receipts: set[bytes] = field(default_factory=set)
    """Actors whose receipts it has taken."""
    id: bytes = b""
    """By what it has called itself to others, once it has."""
    core: Core | None = None
    _numbers: int = 0

    def open(self) -> Core:
        """The relay, by this process."""
        if self.core is None:
            process = Process(self.disk)
            self._folder = Folder.open(self.disk.root / "relay", process)
            self._store = SqliteStore(self._folder.store, process.connect)
            self._closed = ClosedLog(self._folder.closed, process)
            names, key = Names(self._store), self._folder.hosting_key
            self.core = Core(self._store, self._closed, key, self.disk.dice.randbytes, DEFAULT, names)
        return self.core

    def close(self) -> None:
        """It is stopped, as its keeper does."""
        if self.core is not None:
            self.core = None
            self._store.close()
            self._closed.close()
            self._folder.close()

    def step(self, each: Any) -> list[Message]:
        """One input; what is said to whom."""
        outputs = self.open().step([each], NOW)
        heard = [decode(output.data) for output in outputs if isinstance(output, Send)]
        for message in heard:
            if isinstance(message, Refusal) and message.code == "storage":
                assert message.text.endswith("."), message.text
                raise StorageError(message.text)
        assert not any(isinstance(output, Close) for output in outputs), heard
        return heard

    # -- a work ------------------------------------------------------------------------------------------

    def play(self) -> None:
        for act in self.acts:
            act(self)
        self.close()

    def go_on(self) -> None:
        if self.core is None:  # it could not even start, has said so, and is started again
            self.disk.kill_all()
        self._works()

    def look(self) -> None:
        self.core = None
        self._works()

    def _works(self) -> None:
        """All that was told is here; a host brings what is missing, and members sync as ever."""
        core = self.open()
        assert self.id in (b"", self._store.relay_id())
        self._has_all()
        assert not self._closed.unsure() or self.disk.refused
        with_key(COHORT.begin, COHORT.words, COHORT.removal)(self)
        signs(COHORT.founder)(self)
        self._has_all()
        roster = core._community(COHORT.made.id).roster
        assert not roster.may_connect(COHORT.cleo.key, NOW)
        assert roster.may_connect(COHORT.ann.key, NOW)
        self.close()

    def _has_all(self) -> None:
        community = self.open()._community(COHORT.made.id)
        lost = [seq for actor, seq in self.told.items() if community.history.at(actor, seq) is None]
        assert not lost, "what was called stored is not here"
        assert self.receipts <= community.receipts.keys()
        log = self._closed  # on a full disk it may not learn before the next start that it was right
        closed = {closing.change for closing in (*log.closings(), *log.unsure())}
        for change in COHORT.removal:
            assert change.hash not in community.history or change.hash in closed

    # -- a connection ------------------------------------------------------------------------------------

    def connect(self, machine: Machine, role: Role = "member") -> int:
        """Somebody comes in; the number of their connection."""
        self._numbers += 1
        number = self._numbers
        self.open()
        self.step(Opened(number, "192.0.2.7"))
        (challenge,) = self.step(Frame(number, encode(Join("somebody"))))
        assert isinstance(challenge, Challenge)
        made = COHORT.made.id
        self.id = self.id or challenge.relay
        signed = proof_message(challenge.relay, challenge.nonce, made, machine.actor, role, ADDRESS)
        mac = host_mac(self._folder.hosting_key, signed) if role == "host" else None
        proof = Proof(made, machine.actor, role, ADDRESS, machine.identity.sign(signed), mac=mac)
        heard = self.step(Frame(number, encode(proof)))
        assert any(isinstance(message, Peer) for message in heard), heard
        heard = self.step(Frame(number, encode(Have({}))))
        assert any(isinstance(message, Done | Page) for message in heard), heard
        return number

    def page(self, number: int, changes: Sequence[Change]) -> None:
        """Somebody brings changes, and is told what of them is stored."""
        page = Page(page_body(COHORT.sealed(changes)), n=1)
        for message in self.step(Frame(number, encode(page))):
            if isinstance(message, Stored):
                self.told.update(message.through)

    def leave(self, number: int) -> None:
        """The connection is over."""
        self.step(Closed(number))


# -- what is done ----------------------------------------------------------------------------------------


def starts(relay: Relay) -> None:
    relay.open()
    relay.close()


def with_key(*pages: Sequence[Change]) -> Callable[[Relay], None]:
    """Somebody who holds the hosting key brings these."""

    def act(relay: Relay) -> None:
        number = relay.connect(COHORT.founder, "host")
        for page in pages:
            relay.page(number, page)
        relay.leave(number)

    return act


def brings(who: Machine, *pages: Sequence[Change]) -> Callable[[Relay], None]:
    """A member brings these, page by page."""

    def act(relay: Relay) -> None:
        number = relay.connect(who)
        for page in pages:
            relay.page(number, page)
        relay.leave(number)

    return act


def signs(who: Machine) -> Callable[[Relay], None]:
    """A member signs for what is there."""

    def act(relay: Relay) -> None:
        number = relay.connect(who)
        heads = relay.open()._community(COHORT.made.id).history.heads()
        message = receipt_message(COHORT.made.id, who.actor, NOW, heads)
        receipt = Receipt(who.actor, heads, NOW, who.identity.sign(message))
        relay.step(Frame(number, encode(receipt)))
        relay.receipts.add(who.actor)
        relay.leave(number)

    return act


# -- where it begins -------------------------------------------------------------------------------------


def _scene(*acts: Callable[[Relay], None], image: Image | None = None) -> Scene:
    return Scene(lambda disk: Relay(disk, acts), image or Image({}))


def scenes(folder: Path) -> dict[str, Scene]:
    """Every way in which a relay writes, by name."""
    hosted = _after(folder, Image({}), with_key(COHORT.begin))
    whole = _after(folder, hosted, with_key(COHORT.words, COHORT.removal))
    emptied = Image({path: entry for path, entry in whole.entries.items() if "relay.db" not in path})
    older = {path: entry for path, entry in hosted.entries.items() if "relay.db" in path}
    put_back = Image({**emptied.entries, **older})
    by_one = [[change] for change in COHORT.words]
    rest = (COHORT.words, COHORT.removal)
    founder = signs(COHORT.founder)
    everybody = [signs(who) for who in (COHORT.ann, COHORT.ben, COHORT.cleo)]
    return {
        "a relay starts": _scene(starts),
        "a relay is given a community": _scene(with_key(COHORT.begin), founder),
        "a relay stores pages and receipts": _scene(brings(COHORT.ann, *by_one), *everybody, image=hosted),
        "a relay shuts somebody out": _scene(brings(COHORT.founder, *rest), founder, image=hosted),
        "a relay was emptied": _scene(with_key(COHORT.begin, *rest), founder, image=emptied),
        "a relay was put back": _scene(
            brings(COHORT.founder, *rest), founder, signs(COHORT.ann), image=put_back
        ),
    }


def _after(folder: Path, image: Image, act: Callable[[Relay], None]) -> Image:
    disk = VirtualDisk(folder / "relay")
    disk.roll_back(image)
    Relay(disk, (act,)).play()
    disk.kill_all()
    return disk.snapshot()
