"""What has to hold when nothing dies any more: everybody comes to have the same, and it can be proved."""

from __future__ import annotations

from collections.abc import Sequence

from moot_client.replica.verify import derived_rows, verify
from tests.survival.ledger import Ledger, log_of, words_in
from tests.survival.member import Member
from tests.survival.relay import Relay
from tests.survival.watch import Failed, Watch

PROVED = 4
"""How many members' stores are proved from their bytes at the end; all are compared."""


async def at_peace(members: Sequence[Member], watch: Watch) -> None:
    """Until everybody is connected and has everything."""
    for member in members:
        member.hurry()
    first = members[0].replica
    await watch.until(
        lambda: all(m.online and m.replica.heads() == first.heads() for m in members),
        "everybody is connected and has the same",
    )


def check(members: Sequence[Member], relay: Relay, ledger: Ledger) -> None:
    """Failed where something was lost, or where two of them differ. The relay has been stopped."""
    with relay.disk() as db:
        log, said = log_of(db), words_in(db)
    proved = {members[number].name for number in range(0, len(members), max(1, len(members) // PROVED))}
    rows = derived_rows(members[0].replica.reader())
    for member in members:
        ledger.hold(member.name, member.key, log, member.log())
        if member.log() != log:
            raise Failed(f"{member.name} and the relay do not have the same.")
        if derived_rows(member.replica.reader()) != rows:
            raise Failed(f"{member.name} shows other rows than {members[0].name}.")
        if member.name in proved:
            findings = verify(member.replica.store, member.replica.community)
            if not findings.good:
                raise Failed(f"What {member.name} has cannot be proved: {findings.troubles[0]}")
    for word, name in ledger.words.items():
        if word.encode() not in said:
            raise Failed(f"{word}, which {name} said, is lost.")
