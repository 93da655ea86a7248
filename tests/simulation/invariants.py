"""What must hold when the world is quiet, whatever happened before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_client.replica.acts import op_id, standing_elements
from moot_client.replica.replica import Replica
from moot_client.replica.verify import derived_rows, verify
from moot_client.store.changes import split
from moot_client.views.standing import standing
from moot_shared.trust.history import History
from moot_shared.trust.roster import roster_at
from tests.simulation.belonging import check_who_is_out
from tests.simulation.forgery import FORGED
from tests.simulation.machine import Machine

if TYPE_CHECKING:
    from tests.simulation.world import World

Decision = tuple[tuple[bytes, str | None], ...]
"""Who belongs, and as what."""


def who_is_here(world: World) -> list[Machine]:
    """The machines of those who belong, as the home relay knows: all of them have the same in the end."""
    community = world.relay.core._community(world.machine(world.founder).place.community)
    log = world.relay.core._door._restored
    return [
        machine
        for machine in world.machines
        if community.roster.role(machine.key) is not None
        and not log.shut_out(community.id, machine.key)  # by a removal that all who had it have lost
        and not world.left_behind(machine)
    ]


def check(world: World, *, closely: bool = False) -> None:
    """AssertionError, with what is the matter; `closely` proves one store from its rows as well."""
    community = world.relay.core._community(world.machine(world.founder).place.community)
    roster, here = community.roster, who_is_here(world)
    assert world.machine(world.founder) in here
    one = world.schedule.dice.choice(here)
    _same_everywhere(here, community.history)
    check_who_is_out(community.history, roster)
    _what_was_decided_stands(world.decided, community.history)
    _what_was_decided_stands(world.decided, _open(one)._writer.history)
    _nothing_is_missing(world, here)
    _claims_are_true(here, community.history)
    _receipts_are_true(here)
    _secrets_are_kept(world)
    if closely:
        replica = _open(one)
        with one.moot:
            findings = verify(replica.store, replica.community)
        assert findings.good, findings.troubles
        _rows_are_the_documents(replica)


def _open(machine: Machine) -> Replica:
    assert machine.replica, f"{machine.name} did not come back"
    return machine.replica


def _same_everywhere(machines: list[Machine], history: History) -> None:
    first: dict[str, list[str]] = {}
    found: dict[bool, list[str]] = {}
    for machine in machines:
        heads = _open(machine).heads()
        assert heads == history.heads(), (
            f"{machine.name} and the relay do not have the same ({machine.trouble})"
        )
        rows = derived_rows(_open(machine).reader())
        words = rows.pop("found")
        assert rows == (first := first or rows), f"{machine.name} shows other rows"
        # What search finds follows from the kinds that a Moot knows as well.
        assert words == found.setdefault(machine.newer, words), f"{machine.name} finds other words"


def _what_was_decided_stands(decided: dict[bytes, Decision], history: History) -> None:
    """Who belonged, and as what, where a change was made: the same whoever works it out, and ever after."""
    known: dict[int, Decision] = {}
    for actor in history.actors():
        last = history.last(actor)
        for seq in range(1, last.seq + 1 if last else 1):
            entry = history.at(actor, seq)
            if entry is None:
                continue
            roster = roster_at(history, history.clock(entry.deps))
            if id(roster) not in known:
                known[id(roster)] = tuple((key, roster.role(key)) for key in sorted(roster.members))
            now = known[id(roster)]
            assert decided.setdefault(entry.hash, now) == now, "what was decided has changed"


def _said(machine: Machine) -> bytes:
    """Everything that is said, as it is on a machine."""
    return b"".join(chunk for (chunk,) in _open(machine).store.db.execute("SELECT bytes FROM change"))


def _nothing_is_missing(world: World, here: list[Machine]) -> None:
    """Every word that was said to be on a machine is in everybody's history, or there in a draft."""
    chunks = _said(world.machine(world.founder))
    assert FORGED.encode() not in chunks, "words are in the name of somebody who never said them"
    own: dict[str, str] = {}
    for word, name in world.words.items():
        if word.encode() in chunks or word in world.fragile:
            continue
        if word in world.machine(name).denied:
            continue
        if name not in own:
            own[name] = _kept_on(world.machine(name), belongs=world.machine(name) in here)
        assert word in own[name], f"{word}, which {name} typed, is lost"


def _kept_on(machine: Machine, *, belongs: bool) -> str:
    """What only this machine has: drafts, and the unsent words of somebody who no longer belongs."""
    drafts = [fields for (fields,) in _open(machine).store.read("SELECT fields FROM draft")]
    return "\n".join(drafts + ([] if belongs else [_said(machine).decode("utf-8", "replace")]))


def _claims_are_true(machines: list[Machine], history: History) -> None:
    """What machines say that the relay has stored, it has; and nobody is left with something to do."""
    for machine in machines:
        for actor, seq in _open(machine).store.read("SELECT actor, seq FROM stored"):
            assert history.at(actor, seq), f"{machine.name} says that the relay has what it has not"
        replica = _open(machine)
        assert not standing(replica.reader(), replica.me).elsewhere, f"{machine.name} speaks of another relay"
        assert machine.settled, f"{machine.name} is never done ({machine.trouble})"


def _rows_are_the_documents(replica: Replica) -> None:
    """What screens read is what Automerge makes of the same changes."""
    document, db = replica._writer.document, replica.reader()
    said = document.entries(replica._writer.history.said_id)
    rows = dict(db.execute("SELECT key, value FROM statement").fetchall())
    assert rows == said, "what is shown as said is not what the document says"
    for list_id, name in db.execute("SELECT id, name FROM object WHERE id != record AND record != ''"):
        texts = document.texts(op_id(list_id))
        order, standing, _ = standing_elements(db, list_id)
        assert [standing[element] for element in order] == texts, f"{name} is not what the document says"


def _receipts_are_true(machines: list[Machine]) -> None:
    """Whoever signed for having something has it."""
    by_actor = {_open(machine).actor: machine for machine in machines}
    for machine in machines:
        for actor, heads in _open(machine).store.read("SELECT actor, heads FROM receipt"):
            holder = by_actor.get(actor)
            if holder is not None:
                known = _open(holder)._writer.history
                assert all(h in known for h in split(heads)), f"{holder.name} signed for what it has not"


def _secrets_are_kept(world: World) -> None:
    """What was typed and not said is on its machine, and nowhere else."""
    if not world.secrets:
        return
    stores = {path for path in world.folder.rglob("*.db*") if path.is_file()}
    for path in stores:
        content = path.read_bytes()
        for secret, name in world.secrets.items():
            if secret.encode() in content:
                assert f"/{name}" in str(path), (
                    f"{secret}, a draft of {name}, is in {path.name} of somebody else"
                )
