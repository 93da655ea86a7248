"""A community, its relay and an attacker in one process: small, fast, and open to a weakened rule.

The same attacks as over real sockets, at the two places that hold a change to the rules: the relay's core
and a member's replica. `weaken` rewrites one line of one rule for the length of a test.
"""

from __future__ import annotations

import inspect
import json
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import FunctionType

import pytest

from moot_client.replica.commands import MakeInvite, Say
from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_shared.format.change import Change, Operation
from moot_shared.identity import Identity
from moot_shared.trust.lines import InviteLine, parse_line
from moot_shared.trust.seal import Sealed
from moot_shared.wire.address import address_of
from moot_shared.wire.messages import Challenge, Join, Page, Peer, Proof, Refusal
from moot_shared.wire.signed import proof_message
from tests.helpers.attacker import Attacker
from tests.helpers.cohort import founder, issue, joiner, settle, vote
from tests.helpers.community import Machine, person, put
from tests.helpers.network import Client, Relay, Socket, hosted, run
from tests.helpers.wire import LetGo, page_body

URL = "ws://relay.example"


class Scene:
    """Mara founded, Joon and Ted joined; Ted's client is modified."""

    def __init__(self, folder: Path) -> None:
        self.mara = founder(folder / "mara")
        self.joon = joiner(folder / "joon", self.mara, "Joon", seed=11)
        ted = joiner(folder / "ted", self.mara, "Ted", seed=12)
        self.issue = issue(self.mara, "Handover loses facts", body="One.\n\nTwo.")
        for replica in (self.joon, ted):
            settle(self.mara, replica)
            vote(replica, self.issue, 4)
        settle(self.mara, self.joon, ted)
        self.relay = Relay(folder / "relay")
        hosted(self.relay, self.mara)
        self.ted = self.somebody(Machine(ted.identity, 99))
        ted.close()

    def close(self) -> None:
        """Let go of every store."""
        self.relay.crash()
        for replica in (self.mara, self.joon):
            replica.close()

    def somebody(self, machine: Machine) -> Attacker:
        """A machine moved by hand, with everything that Mara has."""
        attacker = Attacker(URL, machine, self.mara.community)
        for sealed in self.mara.lacking({}):
            attacker.seals[attacker.moot.take(sealed.chunk).hash] = sealed.seal or b""
        return attacker

    def stranger(self, name: str) -> Attacker:
        """A key of nobody's, with everything that Mara has."""
        return self.somebody(person(name))

    def inside(self, key: str) -> list[Operation]:
        """Every operation that was made at a key, in order."""
        return [o for c in self.ted.moot.changes() for o in c.operations if o.key == key]

    # -- what honest members do ----------------------------------------------------------------------

    def sync(self, replica: Replica) -> None:
        """Everything goes out and comes in."""
        client = Client(replica, self.relay)
        run(client)
        assert client.trouble is None, client.trouble
        client.socket.close()

    def invite(self, **terms: object) -> Identity:
        """The key of an invite that the relay knows."""
        line = parse_line(self.mara.do(MakeInvite(**terms)))  # type: ignore[arg-type]
        assert isinstance(line, InviteLine)
        self.sync(self.mara)
        return Identity.from_seed(line.secret)

    # -- what an attacker does -----------------------------------------------------------------------

    def enter(
        self, who: Attacker, role: str = "member", invite: Identity | None = None, url: str = URL
    ) -> Socket:
        """Come in; LetGo if not let in."""
        socket = self.relay.open()
        socket.send(Join("somebody"))
        (challenge,) = socket.heard()
        assert isinstance(challenge, Challenge)
        actor, address = who.machine.actor, address_of(url)
        signed = proof_message(challenge.relay, challenge.nonce, who.community, actor, role, address)
        socket.send(
            Proof(
                community=who.community,
                actor=actor,
                role=role,
                address=address,
                signature=who.machine.identity.sign(signed),
                invite=invite.public_key if invite else None,
                invite_signature=invite.sign(signed) if invite else None,
            )
        )
        (answer,) = socket.heard()
        if isinstance(answer, Peer):
            return socket
        assert isinstance(answer, Refusal)
        raise LetGo(answer.code)

    def knock(
        self, who: Attacker, role: str = "member", invite: Identity | None = None, url: str = URL
    ) -> str:
        """Why the relay does not let somebody in; '' where it does."""
        try:
            self.enter(who, role, invite, url).close()
        except LetGo as end:
            return end.code
        return ""

    def by_relay(self, *carried: Sealed) -> list[str]:
        """What the relay says to a batch that Ted brings."""
        socket = self.enter(self.ted)
        socket.send(Page(page_body(carried), n=1))
        codes = [message.code for message in socket.heard() if isinstance(message, Refusal)]
        socket.close()
        return codes

    def by_joon(self, *carried: Sealed) -> list[str]:
        """What Joon's replica says to a batch that a relay let through."""
        return [refused.code for refused in self.joon.receive(carried).refused]

    def refused(self, code: str, *changes: Change | Sealed) -> None:
        """Both refuse every one of these, for this reason."""
        carried = [each if isinstance(each, Sealed) else self.ted.sealed(each) for each in changes]
        assert self.by_relay(*carried) == [code] * len(carried)
        assert self.by_joon(*carried) == [code] * len(carried)

    def taken(self, *carried: Sealed) -> None:
        """Both take all of these."""
        assert self.by_relay(*carried) == self.by_joon(*carried) == []

    def speak(self, who: Attacker, *operations: Operation) -> None:
        """Something that the rules allow, brought by Ted."""
        change = who.make(*operations)
        self.taken(who.sealed(change))
        for each in {id(who): who, id(self.ted): self.ted}.values():
            each.moot.take(change.raw)

    def remove_ted(self) -> None:
        """Mara removes Ted, and everybody hears of it."""
        self.mara.do(Say("removal", self.ted.key, {"why": "left"}))
        for replica in (self.mara, self.joon):
            self.sync(replica)

    # -- the check that ends every attack ------------------------------------------------------------

    def check(self) -> None:
        """Everybody has the same, Joon's vote and the texts stand, and both stores prove what they hold."""
        for replica in (self.mara, self.joon, self.mara):
            self.sync(replica)
        assert self.mara.heads() == self.joon.heads()
        for replica in (self.mara, self.joon):
            (said,) = replica.reader().execute(
                "SELECT value FROM statement WHERE key = ?", (f"{self.joon.me}/vote/{self.issue}",)
            ).fetchone()  # fmt: skip
            assert json.loads(said)["dots"] == 4
            assert verify(replica.store, replica.community).good


def weaken(monkeypatch: pytest.MonkeyPatch, rule: Callable[..., object], old: str, new: str) -> None:
    """Rewrite one place in the source of a function or method, wherever it is known by its name."""
    assert isinstance(rule, FunctionType)
    source = textwrap.dedent(inspect.getsource(rule))
    assert source.count(old) == 1, f"{rule.__qualname__} is written differently now: weaken its new form"
    made: dict[str, object] = {}
    exec(compile(source.replace(old, new), f"<weakened {rule.__qualname__}>", "exec"), rule.__globals__, made)
    owner, _, name = rule.__qualname__.rpartition(".")
    if owner:
        monkeypatch.setattr(rule.__globals__[owner], name, made[name])
        return
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get(name) is rule:
            monkeypatch.setattr(module, name, made[name])


def note(scene: Scene, text: str = "{}") -> Operation:
    """A harmless statement of Ted's."""
    return put(scene.ted.moot.said, f"{scene.ted.key}/note/x", text)
