"""What happens to people and machines beside writing: joining, leaving, second machines, backups, losses."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from moot_client.home import Home
from moot_client.replica.commands import MakeInvite, Say, to_json
from moot_client.replica.founding import prepare_join
from moot_client.replica.replica import Replica
from moot_client.store import inbox
from moot_client.sync.ways import keep_invite
from moot_shared.errors import InputError, MootError, StorageError
from moot_shared.identity import Identity
from moot_shared.trust.lines import InviteLine, parse_line
from tests.simulation.acts import something
from tests.simulation.machine import Machine
from tests.simulation.relays import ADDRESS
from tests.simulation.trouble import When

if TYPE_CHECKING:
    from tests.simulation.world import World


class Life:
    """Chooses what happens next; each method is one kind of thing."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.schedule.dice
        self._born = 0
        self._relay_copy: Path | None = None

    def happen(self) -> None:
        """Something, if it can happen now."""
        likely: list[tuple[int, Callable[[Machine], None]]] = [
            (4, self._connection_breaks),
            (6, self._machine_dies),
            (3, self._relay_dies),
            (2, self._clock_jumps),
            (5, self._dies_in_the_middle),
            (3, self._relay_dies_in_the_middle),
            (2, self._disk_is_full),
            (1, self._relays_disk_is_full),
            (2, self._newcomer),
            (1, self._second_machine),
            (1, self._leaving),
            (1, self._removal),
            (1, self._naming),
            (2, self._other_process),
            (2, self._draft),
            (1, self._relay_is_put_back),
            (1, self._relay_is_emptied),
        ]
        weights, deeds = zip(*likely, strict=True)
        (deed,) = self._dice.choices(deeds, weights)
        machine = self._dice.choice(self._world.machines)
        try:
            deed(machine)
        except StorageError as error:
            self._world.tell(f"{machine.name} is told: {error}")

    # -- the usual ---------------------------------------------------------------------------------

    def _connection_breaks(self, machine: Machine) -> None:
        if machine.wire:
            self._world.tell(f"{machine.name}'s connection breaks")
            machine.wire.cut(unnoticed=self._dice.random() < 0.5)

    def _machine_dies(self, machine: Machine) -> None:
        if machine.alive:
            self._world.tell(f"{machine.name} dies")
            machine.die()
            self.backup(machine)
            self._world.schedule.after(self._dice.randint(10, 60_000), lambda: self._begin_again(machine))

    def _dies_in_the_middle(self, machine: Machine) -> None:
        """Before, after or within one of the next writes to its disk."""
        if machine.alive and machine.disk:
            when = self._dice.choice(list(When))
            machine.disk.die_at(machine.disk.steps + self._dice.randint(1, 60), when)

    def _relay_dies_in_the_middle(self, machine: Machine) -> None:
        relay = self._world.relay
        if relay.alive:
            relay.disk.die_at(relay.disk.steps + self._dice.randint(1, 40), self._dice.choice(list(When)))

    def _disk_is_full(self, machine: Machine) -> None:
        if machine.alive and machine.disk:
            self._world.tell(f"{machine.name}'s disk is full")
            machine.disk.full_from(machine.disk.steps + self._dice.randint(0, 20))
            self._world.schedule.after(self._dice.randint(1_000, 20_000), machine.disk.mend)

    def _relays_disk_is_full(self, machine: Machine) -> None:
        relay = self._world.relay
        if relay.alive:
            self._world.tell("the relay's disk is full")
            relay.disk.full_from(relay.disk.steps + self._dice.randint(0, 20))
            self._world.schedule.after(self._dice.randint(1_000, 20_000), relay.disk.mend)

    def _begin_again(self, machine: Machine) -> None:
        """It is opened again, and somebody may type before it has heard from the relay."""
        machine.start()
        if self._dice.random() < 0.5:
            self._world.act(machine)

    def _relay_dies(self, machine: Machine) -> None:
        relay = self._world.relay
        if relay.alive:
            self._world.tell("the relay dies")
            relay.die()
            if self._relay_copy is None or self._dice.random() < 0.5:
                self._relay_copy = self._world.folder / "relay.copy"
                shutil.copyfile(relay.folder / "relay.db", self._relay_copy)
            self._world.schedule.after(self._dice.randint(10, 40_000), self._world.relay_back)

    def _clock_jumps(self, machine: Machine) -> None:
        machine.skew = self._dice.randint(-365, 365) * 24 * 3_600_000
        self._world.tell(f"{machine.name}'s clock jumps")

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
        home = self._prepared(name, line.community, identity, name.title())
        self._appear(name, home, lambda replica: keep_invite(replica, line.secret))

    def _second_machine(self, machine: Machine) -> None:
        if not machine.may_speak or self._born > 2:
            return
        self._born += 1
        name = f"{machine.name}-{self._born}"
        self._world.tell(f"{machine.name} has a second machine: {name}")
        home = self._prepared(name, machine.place.community, machine.place.identity(), "")
        self._appear(name, home, lambda replica: None)

    def _prepared(self, name: str, community: bytes, identity: Identity, called: str) -> Path:
        home = self._world.folder / name
        prepare_join(Home(home), community, identity, called, "Northern cohort", f"ws://{ADDRESS}")
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
            self._say(machine, "removal", machine.place.key_text, {"why": "I move on"})

    def _founders(self, machine: Machine) -> bool:
        return machine.key == self._world.machine(self._world.founder).key

    def _removal(self, machine: Machine) -> None:
        if not self._founders(machine):
            founder = self._world.machine(self._world.founder)
            self._say(founder, "removal", machine.place.key_text, {"why": ""})

    def _naming(self, machine: Machine) -> None:
        founder = self._world.machine(self._world.founder)
        about = f"{machine.place.key_text}/{founder.place.key_text}/"
        self._say(founder, "role", about, {"role": "convenor"})

    def _say(self, machine: Machine, kind: str, subject: str, values: dict[str, str]) -> None:
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

    def _draft(self, machine: Machine) -> None:
        if machine.alive:
            assert machine.replica
            secret = "secret" + self._world.people.token()
            machine.replica.save_draft("issue", secret, {"title": secret})
            self._world.secrets[secret] = machine.name

    # -- backups and losses ------------------------------------------------------------------------

    def _relay_is_put_back(self, machine: Machine) -> None:
        relay = self._world.relay
        if self._relay_copy and not relay.alive:
            self._world.tell("the relay's database is put back from an older copy")
            self._wipe()
            shutil.copyfile(self._relay_copy, relay.folder / "relay.db")
            self._world.relay_lost = True
            self._world.machine(self._world.founder).hosting = True  # it may be a copy of an empty one

    def _relay_is_emptied(self, machine: Machine) -> None:
        relay = self._world.relay
        if not relay.alive:
            self._world.tell("the relay's database is gone")
            self._wipe()
            self._world.relay_lost = True
            self._world.machine(self._world.founder).hosting = True

    def _wipe(self) -> None:
        self._world.relay.promised.clear()
        for path in self._world.relay.folder.glob("relay.db*"):
            path.unlink()

    def backup(self, machine: Machine) -> None:
        """Of a machine that is off: a copy of its folder now, or one of earlier put back."""
        folder, copy = machine.place.folder, self._world.folder / f"{machine.name}.copy"
        chance = self._dice.random()
        if not copy.exists() and chance < 0.6:
            shutil.copytree(folder, copy)
            machine.since_copy = []
        elif copy.exists() and chance < 0.6:
            self._world.tell(f"{machine.name}'s folder is put back from a copy")
            self._world.fragile |= set(machine.since_copy)
            machine.since_copy = []
            if chance < 0.3:
                shutil.rmtree(folder)
                shutil.copytree(copy, folder)
                machine.device += 1
            else:
                _write_over(copy, folder)


def _write_over(copy: Path, folder: Path) -> None:
    """As a disk that is rolled back: the same files, with what they held before."""
    for path in folder.iterdir():
        before = copy / path.name
        if before.exists():
            path.write_bytes(before.read_bytes())
        else:
            path.unlink()
