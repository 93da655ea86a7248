"""What one change costs the disk, counted in steps of SQLite's machine: the same however much there is."""

from __future__ import annotations

from pathlib import Path

from moot_client.replica.commands import Edit, Say
from moot_client.replica.replica import Replica
from tests.helpers.cohort import founder, issue, vote

MORE = 60


def steps(replica: Replica, command: Edit | Say) -> int:
    """How many steps SQLite takes to carry a command out."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    replica.store.db.set_progress_handler(step, 1)
    replica.do(command)
    replica.store.db.set_progress_handler(None, 1)
    return count


def test_a_change_costs_what_it_touches_however_many_records_there_are(tmp_path: Path) -> None:
    replica = founder(tmp_path)
    key = issue(replica, "Handover loses facts", body="It does.\n\nEvery time.")
    vote(replica, key, 1)

    def costs(turn: int) -> list[int]:
        commands = (
            Edit(key, {"title": f"Handover {turn} loses facts"}),
            Edit(key, {"body": f"It does {turn}.\n\nEvery time."}),
            Say("vote", key, {"dots": turn + 1, "why": ""}),
            Say("comment", key + "/", {"text": f"Yes {turn}"}),
        )
        return [steps(replica, command) for command in commands]

    few = costs(1)
    for number in range(MORE):
        issue(replica, f"Something else {number}", body="So it is.")
    many = costs(2)
    replica.close()
    assert all(more < 1.25 * less for less, more in zip(few, many, strict=True)), (few, many)
