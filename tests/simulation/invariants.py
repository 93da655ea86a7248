"""What must hold when the world is quiet, whatever happened before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_client.replica.replica import Replica
from moot_client.replica.verify import derived_rows, verify

if TYPE_CHECKING:
    from tests.simulation.world import World


def check(world: World, *, closely: bool = False) -> None:
    """AssertionError, with what is the matter; `closely` proves one store from its rows as well."""
    replicas = [machine.replica for machine in world.machines if machine.replica]
    assert len(replicas) == len(world.machines), "somebody did not come back"
    _same_everywhere(world, replicas)
    _nothing_is_missing(world, replicas)
    _claims_are_true(world, replicas)
    if closely:
        replica = world.schedule.dice.choice(replicas)
        findings = verify(replica.store, replica.community)
        assert findings.good, findings.troubles


def _same_everywhere(world: World, replicas: list[Replica]) -> None:
    community = world.relay.core._community(replicas[0].community)
    heads = community.history.heads()
    for machine, replica in zip(world.machines, replicas, strict=True):
        assert replica.heads() == heads, (
            f"{machine.name} and the relay do not have the same ({machine.trouble})"
        )
    first = derived_rows(replicas[0].reader())
    for machine, replica in list(zip(world.machines, replicas, strict=True))[1:]:
        assert derived_rows(replica.reader()) == first, f"{machine.name} shows other rows"


def _nothing_is_missing(world: World, replicas: list[Replica]) -> None:
    """Every word that was said to be on a machine is in everybody's history, or in a draft there."""
    chunks = b"".join(chunk for (chunk,) in replicas[0].store.db.execute("SELECT bytes FROM change"))
    for word, name in world.words.items():
        if word.encode() not in chunks:
            machine = next(machine for machine in world.machines if machine.name == name)
            assert machine.replica
            drafts = machine.replica.store.read("SELECT fields FROM draft")
            assert any(word in fields for (fields,) in drafts), f"{word}, which {name} typed, is lost"


def _claims_are_true(world: World, replicas: list[Replica]) -> None:
    """What machines say that the relay has stored, it has; whom they say to have everything, has it."""
    history = world.relay.core._community(replicas[0].community).history
    for machine, replica in zip(world.machines, replicas, strict=True):
        for actor, seq in replica.store.read("SELECT actor, seq FROM stored"):
            assert history.at(actor, seq), f"{machine.name} says that the relay has what it has not"
        assert machine.settled, f"{machine.name} is never done"
