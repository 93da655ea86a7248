"""A community that is full on its relay: nothing is lost, reading goes on, and who belongs can be settled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from moot_client.store import standing
from moot_client.sync.credentials import Credentials
from moot_client.sync.events import AlmostFull, Held, Synced
from moot_client.sync.once import exchange, exchange_at
from moot_client.sync.trouble import RelayRefused
from moot_client.tui.company.syncing import Link, after
from moot_client.views.standing import standing as standing_of
from moot_shared.limits import DEFAULT
from tests.helpers.cohort import issue, rows
from tests.helpers.network import HOSTING_KEY, Client, Relay, run
from tests.helpers.patience import PATIENT
from tests.helpers.relay_here import relay_here


def with_limits(relay: Relay, **limits: int) -> None:
    relay.crash()
    relay.limits = replace(DEFAULT, **limits)
    relay.start()


def with_room_for(relay: Relay, replica: Replica, operations: int) -> None:
    """Start the relay again with room for so many operations more."""
    here, _ = relay.store.size(replica.community)
    with_limits(relay, document_operations=here + operations)


def test_what_does_not_fit_stays_with_its_writer_who_goes_on_reading(
    cohort: list[Replica], relay: Relay
) -> None:
    mara, joon, ines = cohort
    with_room_for(relay, mara, 6)
    joons, inas = Client(joon, relay), Client(ines, relay)
    run(joons, inas)
    issue(joon, "Too long to fit", body="One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.")
    run(joons, inas)
    (held,) = joons.said(Held)
    assert isinstance(held, Held)
    assert held.code == "document full"
    assert "stays on your machine" in held.text
    assert "moot export" in held.text
    assert joons.trouble is None
    assert joons.said(Synced)[1:] == []  # not said again: not everything is everywhere
    assert standing.refused(joon.store) == set()
    assert standing_of(joon.reader(), joon.me).waiting > 0
    ines.do(Say("profile", "me", {"name": "Inés"}))  # one operation
    run(joons, inas)
    assert inas.said(Held) == []
    assert joons.settled()
    assert joon.version()[ines.actor] == ines.version()[ines.actor]
    issue(joon, "And on they go")
    run(joons, inas)
    assert len(joons.said(Held)) == 1
    assert joons.trouble is None

    with_limits(relay)  # whoever runs it has raised the limit
    again, other = Client(joon, relay), Client(ines, relay)
    run(again, other)
    assert again.settled()
    assert again.session.held is None
    assert rows(joon) == rows(ines)


def test_who_belongs_can_be_settled_in_a_full_community(cohort: list[Replica], relay: Relay) -> None:
    mara, joon, ines = cohort
    here, _ = relay.store.size(mara.community)
    with_limits(relay, document_operations=here)
    maras, joons, inas = (Client(replica, relay) for replica in cohort)
    run(maras, joons, inas)
    for number in range(5):
        issue(mara, f"Number {number}", body="One.\n\nTwo.")
    run(maras, joons, inas)
    assert maras.said(Held)
    mara.do(Say("removal", joon.me, {"why": ""}))  # on top of what did not fit
    run(maras, joons, inas)
    assert joons.code == "removed"
    assert maras.session.held is None
    assert maras.settled()
    assert mara.heads() == ines.heads()
    ines.do(Say("removal", ines.me, {"why": "I have moved"}))
    run(inas)
    assert not relay.core._communities[mara.community].roster.may_connect(ines.identity.public_key, relay.now)


def test_nobody_more_joins_a_community_in_which_enough_have_written(
    cohort: list[Replica], relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, joon, _ = cohort
    _, actors = relay.store.size(mara.community)
    with_limits(relay, document_actors=actors)
    client = Client(joon, relay)
    run(client)
    issue(joon)
    run(client)
    assert client.settled()  # who has written before goes on
    assert client.said(Held) == []


def test_from_four_fifths_on_its_members_are_told(cohort: list[Replica], relay: Relay) -> None:
    joon = cohort[1]
    here, _ = relay.store.size(joon.community)
    for room in (here * 2, round(here / 0.9)):
        with_limits(relay, document_operations=room)
        client = Client(joon, relay)
        run(client)
        percent = 100 * here // room
        assert client.said(AlmostFull) == ([AlmostFull(percent)] if percent >= 80 else [])


async def test_a_sync_says_that_it_is_almost_full_and_that_it_is(
    cohort: list[Replica], tmp_path: Path
) -> None:
    mara = cohort[0]
    async with relay_here(tmp_path / "relay") as relay:
        await exchange_at(mara, relay.url, Credentials("host", hosting_key=HOSTING_KEY), PATIENT)
        operations, _ = relay.store.size(mara.community)
    async with relay_here(
        tmp_path / "relay", limits=replace(DEFAULT, document_operations=operations)
    ) as relay:
        mara.set_relay_url(relay.url)
        assert "100 % of it is taken" in (await exchange(mara, PATIENT)).note
        issue(mara, "Two\n", body="One.\n\n" * 30)
        with pytest.raises(RelayRefused, match="This community is full") as caught:
            await exchange(mara, PATIENT)
    assert "safe on this machine" in str(caught.value)
    assert caught.value.code == "document full"


def test_the_interface_keeps_what_members_should_know_beside_the_connection() -> None:
    link = Link(connected=True, url="ws://relay")
    assert after(link, AlmostFull(85), 0).note.endswith("(moot export).")
    assert after(link, Held("document full", "It is full."), 0).note == "It is full."
    assert after(link, Held("document full", "It is full."), 0).connected
