"""Viewer links in the interface: among the invites, with what they give away, and taken back there."""

from __future__ import annotations

from contextlib import closing

from moot_client.replica.commands import MakeInvite
from moot_client.replica.replica import Replica
from tests.helpers import cohort
from tests.tui.stage import Sample, opened, settled, shown


async def test_a_link_is_among_the_invites_says_what_it_does_and_is_taken_back(sample: Sample) -> None:
    with closing(Replica.open(sample.home.place(), cohort.outside(49))) as mara:
        mara.do(MakeInvite("view", None, None))
    app = sample.app("people")
    async with opened(app) as pilot:
        await pilot.press("G")
        await settled(pilot)
        assert "a reader, for whoever" in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        text = " ".join(shown(app).split())
        assert "A viewer link" in text
        assert "Whoever has it reads everything" in text
        assert "Came by it" not in text
        await pilot.press("T")
        await settled(pilot)
        assert "keeps what they have read" in " ".join(shown(app).split())
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "taken back by Mara" in shown(app)
