"""What the relay did not take is in sight: on the status line, in the details, and as a draft to copy."""

from __future__ import annotations

from tests.helpers import cohort
from tests.tui.stage import Sample, opened, replica_of, settled, shown


async def test_a_refused_change_is_shown_with_its_reason_and_its_words(sample: Sample) -> None:
    app = sample.app("today")
    async with opened(app) as pilot:
        replica = replica_of(app)
        cohort.issue(replica, "Too much for the relay", body="A long story.")
        (refused,) = replica.heads()
        replica.note_refused(refused, "document full", "The community is full.", 1)
        await settled(pilot)
        assert "1 change of yours not accepted, S shows why" in shown(app)
        await pilot.press("G")
        await settled(pilot)
        assert "Not accepted: Too much for the relay" in shown(app)
        await pilot.press("S")
        await settled(pilot)
        assert "The community is full." in shown(app)
        assert "A long story." in shown(app)
