"""What happens to relays: they die, forget, are put back - and the community moves between them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from moot_client.sync.ways import ways
from moot_client.views.rows import statements
from moot_shared.kinds import HomeRelay
from tests.simulation.machine import Machine
from tests.simulation.relays import RelayHost
from tests.simulation.trouble import When

if TYPE_CHECKING:
    from tests.simulation.life import Deeds
    from tests.simulation.world import World


class Hosting:
    """Each method is one kind of thing."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.schedule.dice
        self._copies: dict[RelayHost, Path] = {}

    @property
    def deeds(self) -> Deeds:
        """All that can happen in this world, with how likely they are."""
        deeds: Deeds = [
            (3, self._relay_dies),
            (3, self._relay_dies_in_the_middle),
            (1, self._relays_disk_is_full),
            (1, self._relay_is_put_back),
            (1, self._relay_is_emptied),
            (2, self._removed_after_the_copy),
            (2, self._is_late),
        ]
        return [*deeds, (8, self._moves), (1, self._gone_for_ever)] if len(self._world.relays) > 1 else deeds

    def _relay(self) -> RelayHost:
        return self._dice.choice(self._world.relays)

    def _relay_dies(self, machine: Machine) -> None:
        relay = self._relay()
        if relay.alive:
            self._world.tell(f"{relay.url} dies")
            relay.die()
            if relay not in self._copies or self._dice.random() < 0.5:
                self._copy(relay)
            self._world.relay_back_after(self._dice.randint(10, 40_000), relay)

    def _relay_dies_in_the_middle(self, machine: Machine) -> None:
        relay = self._relay()
        if relay.alive:
            relay.disk.die_at(relay.disk.steps + self._dice.randint(1, 40), self._dice.choice(list(When)))

    def _relays_disk_is_full(self, machine: Machine) -> None:
        relay = self._relay()
        if relay.alive:
            self._world.tell(f"{relay.url}'s disk is full")
            relay.disk.full_from(relay.disk.steps + self._dice.randint(0, 20))
            self._world.schedule.after(self._dice.randint(1_000, 20_000), relay.disk.mend)

    def _copy(self, relay: RelayHost) -> None:
        """Of a relay that does not run."""
        self._copies[relay] = self._world.folder / f"{relay.folder.name}.copy"
        shutil.copyfile(relay.folder / "relay.db", self._copies[relay])

    def _is_late(self, machine: Machine) -> None:
        """A relay may keep things back and send them late: they come before what they are built on."""
        relay = self._relay()
        self._world.tell(f"{relay.url} sends some of what is new late")
        relay.late = self._dice.randint(1, 4)

    # -- put back, or emptied ----------------------------------------------------------------------

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
        if not relay.alive or machine.key == founder.key:
            return
        self._world.tell(f"{relay.url} is copied")
        relay.die()
        self._copy(relay)
        self._world.relay_back_after(10, relay)
        later = self._world.schedule.after
        when = self._dice.randint(1_000, 10_000)
        later(when, lambda: self._world.life.remove(machine))

        def restored() -> None:
            if relay.alive:
                relay.die()
                self._put_back(relay)
                back = self._dice.randint(10, 5_000)
                self._world.relay_back_after(back, relay)
                for _ in range(3):  # whoever was removed is the first to try
                    later(back + self._dice.randint(0, 2_000), machine.hurry)

        later(when + self._dice.randint(2_000, 20_000), restored)

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
        row = machine.replica.reader().execute(role, (machine.place.key_text,)).fetchone()
        return row is not None and row[0] == "convenor"

    def _move(self, convenor: Machine, relay: RelayHost) -> None:
        if relay.gone:
            return
        self._world.tell(f"{convenor.name} puts the community on {relay.url}")

        def say() -> None:
            if self._convenes(convenor):
                assert convenor.replica
                said = [home.row.n for home in statements(convenor.replica.reader(), HomeRelay)]
                values = {"n": 1 + max(said, default=0), "url": relay.url}
                self._world.life.say(convenor, "relay", "home", values)

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

    def settle(self) -> None:
        """A relay waits for a removal that all have lost, or for a convenor who lives elsewhere by now.

        Whoever runs it settles that, with its hosting key.
        """
        founder = self._world.machine(self._world.founder)
        for relay in self._world.relays:
            if relay.alive and relay.core._door._restored.waits(founder.place.community):
                self._host(relay)

    def home_is_somewhere(self) -> None:
        """Where the home is gone for ever, the founder brings the community to what is left."""
        founder = self._world.machine(self._world.founder)
        if founder.alive and not founder.hosts and self._world.relay.gone:
            self._move(founder, next(relay for relay in self._world.relays if not relay.gone))
