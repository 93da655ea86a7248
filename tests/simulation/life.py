"""What happens to people and machines beside writing: joining, leaving, second machines, scripts, drafts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moot_client.home import Home
from moot_client.replica.commands import MakeInvite, Say, to_json
from moot_client.replica.founding import prepare_join
from moot_client.replica.replica import Replica
from moot_client.store import inbox
from moot_client.sync.ways import keep_invite
from moot_shared.errors import InputError, MootError, StorageError
from moot_shared.identity import Identity
from moot_shared.trust.lines import InviteLine, parse_line
from tests.helpers.drafts import save_draft
from tests.simulation.acts import something
from tests.simulation.hosting import Hosting
from tests.simulation.machine import Machine
from tests.simulation.mishaps import Mishaps
from tests.simulation.privacy import SECRET

if TYPE_CHECKING:
    from tests.simulation.world import World

Deeds = list[tuple[int, Callable[[Machine], None]]]
"""What can happen, to or around a machine, and how likely each is."""


class Life:
    """Chooses what happens next; each method is one kind of thing."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.schedule.dice
        self._born = 0
        self.hosting = Hosting(world)
        self.mishaps = Mishaps(world)

    def happen(self) -> None:
        """Something, if it can happen now."""
        people: Deeds = [
            (2, self._newcomer),
            (1, self._second_machine),
            (1, self._leaving),
            (1, self.remove),
            (1, self._naming),
            (2, self._other_process),
            (2, self._draft),
            (1, self._forgery),
        ]
        likely = self.mishaps.deeds + self.hosting.deeds + people
        weights, deeds = zip(*likely, strict=True)
        (deed,) = self._dice.choices(deeds, weights)
        machine = self._dice.choice(self._world.machines)
        try:
            deed(machine)
        except StorageError as error:
            self._world.tell(f"{machine.name} is told: {error}")

    # -- people come and go ------------------------------------------------------------------------

    def _newcomer(self, machine: Machine) -> None:
        if not machine.may_speak or self._born > 2:
            return
        assert machine.replica
        line = parse_line(machine.replica.do(MakeInvite(uses=None)))
        assert isinstance(line, InviteLine)
        machine.pump()
        self._born += 1
        name = f"new{self._born}"
        identity = Identity(self._dice.randbytes(32))
        self._world.tell(f"{machine.name} invites {name}")
        home = self._prepared(name, line.community, identity, name.title(), line.url)
        self._appear(name, home, lambda replica: keep_invite(replica, line.secret))

    def _second_machine(self, machine: Machine) -> None:
        if not machine.may_speak or self._born > 2:
            return
        self._born += 1
        name = f"{machine.name}-{self._born}"
        self._world.tell(f"{machine.name} has a second machine: {name}")
        assert machine.replica
        place, url = machine.place, machine.replica.relay_url()
        home = self._prepared(name, place.community, place.identity(), "", url)
        self._appear(name, home, lambda replica: None)

    def _prepared(self, name: str, community: bytes, identity: Identity, called: str, url: str) -> Path:
        home = self._world.folder / name
        prepare_join(Home(home), community, identity, called, "Northern cohort", url)
        return home

    def _appear(self, name: str, home: Path, prepare: Callable[[Replica], None]) -> None:
        (place,) = Home(home).places()
        replica = Replica.open(place)
        prepare(replica)
        replica.close()
        machine = self._world.add_machine(name, home)
        self._world.schedule.after(self._dice.randint(10, 20_000), machine.start)

    def _leaving(self, machine: Machine) -> None:
        if not self._founders(machine):
            self.say(machine, "removal", machine.place.key_text, {"why": "I move on"})

    def _founders(self, machine: Machine) -> bool:
        return machine.key == self._world.machine(self._world.founder).key

    def remove(self, machine: Machine) -> None:
        """The founder ends somebody's membership."""
        if not self._founders(machine):
            founder = self._world.machine(self._world.founder)
            self.say(founder, "removal", machine.place.key_text, {"why": ""})

    def _naming(self, machine: Machine) -> None:
        founder = self._world.machine(self._world.founder)
        about = f"{machine.place.key_text}/{founder.place.key_text}/"
        self.say(founder, "role", about, {"role": "convenor"})

    def say(self, machine: Machine, kind: str, subject: str, values: dict[str, Any]) -> None:
        """A statement, if somebody can make it now."""
        if not machine.may_speak:
            return
        assert machine.replica
        try:
            machine.replica.do(Say(kind, subject, values))
        except MootError as error:
            self._world.tell(f"{machine.name} would say {kind}, and is told: {error}")
            return
        self._world.tell(f"{machine.name} says {kind} about {subject[:4]}")
        machine.pump()

    # -- this machine ------------------------------------------------------------------------------

    def _other_process(self, machine: Machine) -> None:
        """A script asks for something by the inbox, and waits for the answer."""
        if not machine.may_speak:
            return
        assert machine.replica
        act = something(self._world.people, machine.replica)
        script = Replica.open(machine.place, machine.outside)
        number = inbox.ask(script.store, to_json(act.command), self._world.schedule.now)

        def look() -> None:
            if machine.replica is not None:
                with suppress(StorageError):
                    machine.replica.serve_inbox()
                machine.pump()
            try:
                done, _ = inbox.take(script.store, number)
            except (InputError, StorageError):
                done = False
            if done:
                self._world.typed(machine, act)
            else:
                with suppress(StorageError):
                    inbox.withdraw(script.store, number)
            script.close()

        self._world.schedule.after(self._dice.randint(1, 2_000), look)

    def _forgery(self, machine: Machine) -> None:
        machine.forges = machine.may_speak

    def _draft(self, machine: Machine) -> None:
        if machine.alive:
            assert machine.replica
            secret = SECRET + self._world.people.token()
            save_draft(machine.replica, "issue", secret, {"title": secret})
            self._world.secrets[secret] = machine.name
