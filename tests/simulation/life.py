"""What happens to people and machines beside writing: joining, leaving, second machines, backups, losses."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moot_client.home import Home
from moot_client.replica.commands import MakeInvite, Say, to_json
from moot_client.replica.founding import prepare_join
from moot_client.replica.replica import Replica
from moot_client.store import inbox
from moot_client.sync.ways import keep_invite, ways
from moot_client.views.rows import statements
from moot_shared.errors import InputError, MootError, StorageError
from moot_shared.identity import Identity
from moot_shared.kinds import HomeRelay
from moot_shared.trust.lines import InviteLine, parse_line
from tests.simulation.acts import something
from tests.simulation.machine import Machine
from tests.simulation.relays import RelayHost
from tests.simulation.trouble import When

if TYPE_CHECKING:
    from tests.simulation.world import World


class Life:
    """Chooses what happens next; each method is one kind of thing."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.schedule.dice
        self._born = 0
        self._copies: dict[RelayHost, Path] = {}

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
            (2, self._removed_after_the_copy),
            (3, self._sleeps),
            (1, self._copied),
        ]
        if len(self._world.relays) > 1:
            likely += [(8, self._moves), (1, self._gone_for_ever)]
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
        relay = self._relay()
        if relay.alive:
            relay.disk.die_at(relay.disk.steps + self._dice.randint(1, 40), self._dice.choice(list(When)))

    def _relay(self) -> RelayHost:
        return self._dice.choice(self._world.relays)

    def _disk_is_full(self, machine: Machine) -> None:
        if machine.alive and machine.disk:
            self._world.tell(f"{machine.name}'s disk is full")
            machine.disk.full_from(machine.disk.steps + self._dice.randint(0, 20))
            self._world.schedule.after(self._dice.randint(1_000, 20_000), machine.disk.mend)

    def _relays_disk_is_full(self, machine: Machine) -> None:
        relay = self._relay()
        if relay.alive:
            self._world.tell(f"{relay.url}'s disk is full")
            relay.disk.full_from(relay.disk.steps + self._dice.randint(0, 20))
            self._world.schedule.after(self._dice.randint(1_000, 20_000), relay.disk.mend)

    def _begin_again(self, machine: Machine) -> None:
        """It is opened again, and somebody may type before it has heard from the relay."""
        machine.start()
        if self._dice.random() < 0.5:
            self._world.act(machine)

    def _relay_dies(self, machine: Machine) -> None:
        relay = self._relay()
        if relay.alive:
            self._world.tell(f"{relay.url} dies")
            relay.die()
            if relay not in self._copies or self._dice.random() < 0.5:
                self._copy(relay)
            self._world.relay_back_after(self._dice.randint(10, 40_000), relay)

    def _copy(self, relay: RelayHost) -> None:
        """Of a relay that does not run."""
        self._copies[relay] = self._world.folder / f"{relay.folder.name}.copy"
        shutil.copyfile(relay.folder / "relay.db", self._copies[relay])

    def _sleeps(self, machine: Machine) -> None:
        """A lid is closed: for a moment in which nothing is read, or for minutes."""
        if machine.alive:
            ms = self._dice.choice((self._dice.randint(500, 8_000), self._dice.randint(20_000, 150_000)))
            self._world.tell(f"{machine.name} sleeps for {ms / 1000:.0f} s")
            machine.sleep(ms)

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

    def _say(self, machine: Machine, kind: str, subject: str, values: dict[str, Any]) -> None:
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
        relay = self._relay()
        if relay in self._copies and not relay.alive and not relay.gone:
            self._put_back(relay)

    def _put_back(self, relay: RelayHost) -> None:
        self._world.tell(f"{relay.url}'s database is put back from an older copy")
        self._wipe(relay)
        shutil.copyfile(self._copies[relay], relay.folder / "relay.db")
        self._host(relay)  # it may be a copy of an empty one

    def _relay_is_emptied(self, machine: Machine) -> None:
        relay = self._relay()
        if not relay.alive and not relay.gone:
            self._world.tell(f"{relay.url}'s database is gone")
            self._wipe(relay)
            self._host(relay)

    def _wipe(self, relay: RelayHost) -> None:
        relay.promised.clear()
        for path in relay.folder.glob("relay.db*"):
            path.unlink()

    def _host(self, relay: RelayHost) -> None:
        """The founder brings the community there, where it was."""
        founder = self._world.machine(self._world.founder)
        if founder.replica is None or relay.url in ways(founder.replica).all:
            founder.host(relay.url)

    def _removed_after_the_copy(self, machine: Machine) -> None:
        """Somebody is removed, and then the relay is put back to before it."""
        relay = self._world.relays[0]
        founder = self._world.machine(self._world.founder)
        if founder.alive:
            relay = self._world.relay
        if not relay.alive or self._founders(machine):
            return
        self._world.tell(f"{relay.url} is copied")
        relay.die()
        self._copy(relay)
        self._world.relay_back_after(10, relay)
        later = self._world.schedule.after
        when = self._dice.randint(1_000, 10_000)
        later(when, lambda: self._removal(machine))

        def restored() -> None:
            if relay.alive:
                relay.die()
                self._put_back(relay)
                self._world.relay_back_after(self._dice.randint(10, 5_000), relay)

        later(when + self._dice.randint(2_000, 20_000), restored)

    def _copied(self, machine: Machine) -> None:
        """A machine's folder goes on in two places at once."""
        if self._born > 2 or self._founders(machine):
            return
        machine.die()
        self._born += 1
        name = f"{machine.name}-copy{self._born}"
        self._world.tell(f"{machine.name} is copied to {name}, and both go on")
        shutil.copytree(machine.home, self._world.folder / name)
        twin = self._world.add_machine(name, self._world.folder / name)
        twin.device += 1
        for each in (machine, twin):
            self._world.schedule.after(self._dice.randint(10, 20_000), each.start)

    # -- the community moves -----------------------------------------------------------------------

    def _moves(self, machine: Machine) -> None:
        """A convenor with the hosting key puts the community on the other relay, and says so."""
        founder = self._world.machine(self._world.founder)
        convenor = machine if self._convenes(machine) else founder
        if convenor.may_speak:
            assert convenor.replica
            home = convenor.replica.relay_url()
            self._move(convenor, next(relay for relay in self._world.relays if relay.url != home))

    def _convenes(self, machine: Machine) -> bool:
        if not machine.may_speak:
            return False
        assert machine.replica
        role = "SELECT role FROM member WHERE key = ? AND NOT removed"
        return machine.replica.reader().execute(role, (machine.place.key_text,)).fetchone() == ("convenor",)

    def _move(self, convenor: Machine, relay: RelayHost) -> None:
        if relay.gone:
            return
        self._world.tell(f"{convenor.name} puts the community on {relay.url}")

        def say() -> None:
            if self._convenes(convenor):
                assert convenor.replica
                said = [home.row.n for home in statements(convenor.replica.reader(), HomeRelay)]
                values = {"n": 1 + max(said, default=0), "url": relay.url}
                self._say(convenor, "relay", "home", values)

        convenor.host(relay.url, say)

    def _gone_for_ever(self, machine: Machine) -> None:
        """A relay after a move, or before one; the other one stays."""
        relay = self._relay()
        if not any(each.gone for each in self._world.relays):
            self._world.tell(f"{relay.url} is gone for ever")
            relay.die()
            relay.gone = True
            for each in self._world.machines:
                each.hosts.pop(relay.url, None)

    def home_is_somewhere(self) -> None:
        """Where the home is gone for ever, the founder brings the community to what is left."""
        founder = self._world.machine(self._world.founder)
        if founder.alive and self._world.relay.gone:
            self._move(founder, next(relay for relay in self._world.relays if not relay.gone))

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
