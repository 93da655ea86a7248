"""Members who are here at once see one another come, write and leave; and find a relay that is back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Create, MakeInvite
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.events import Event, Here, Offline, Online, Present, Progress, Synced
from moot_client.sync.joining import host, join
from moot_client.sync.once import sync_once
from moot_client.sync.progress import LEAST, Measure
from moot_client.sync.session import Session
from moot_client.sync.surroundings import Surroundings
from moot_shared.wire import presence
from moot_shared.wire.messages import Challenge, Done, Have, Join, Peer
from moot_shared.wire.presence import WRITING, Whereabouts
from tests.helpers.network import MEMBER
from tests.helpers.relay_process import RelayProcess
from tests.helpers.watched import Watched, running
from tests.helpers.wire import Wire


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[RelayProcess]:
    with RelayProcess(tmp_path / "relay") as relay:
        yield relay


@pytest.fixture
def pair(tmp_path: Path, relay: RelayProcess) -> Iterator[list[Replica]]:
    """Mara and Joon, who belong to a community at the relay."""
    mara = Replica.open(found_community(Home(tmp_path / "mara"), "Northern cohort", "Mara"))
    host(mara, relay.url, relay.hosting_key)
    line = mara.do(MakeInvite(uses=1))
    sync_once(mara)
    joon = Replica.open(join(Home(tmp_path / "joon"), line, "Joon"))
    yield [mara, joon]
    mara.close()
    joon.close()


def nowhere(*folders: Path, words: bytes) -> bool:
    """Whether no file in these folders holds some words."""
    return not any(
        words in file.read_bytes() for folder in folders for file in folder.rglob("*") if file.is_file()
    )


@pytest.mark.slow
async def test_two_see_each_other_come_write_and_leave(
    pair: list[Replica], relay: RelayProcess, tmp_path: Path
) -> None:
    mara, joon = pair
    review = str(await asyncio.to_thread(mara.do, Create("review", {"title": "The March audit"})))
    async with running(mara) as of_mara:
        await of_mara.until(Synced)
        of_mara.engine.i_am(Whereabouts())
        async with running(joon) as of_joon:
            of_joon.engine.i_am(Whereabouts())
            assert await of_joon.until(Present) == Present((Here(mara.actor),)), "who was here before"
            assert await of_mara.until(Present) == Present((Here(joon.actor),))
            of_joon.engine.i_am(Whereabouts(at=review, doing=WRITING))
            assert await of_mara.until(Present) == Present((Here(joon.actor, review),))
            of_joon.engine.i_am(Whereabouts())
            assert await of_mara.until(Present) == Present((Here(joon.actor),))
        assert await of_mara.until(Present) == Present(()), "with a word of goodbye"
        session = of_joon.engine._company._session.encode()
    assert nowhere(relay.folder, mara.place.folder, joon.place.folder, words=session)


@pytest.mark.slow
async def test_who_is_killed_is_here_no_longer_once_the_relay_knows(
    pair: list[Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, joon = pair
    monkeypatch.setattr(Session, "goodbye", lambda _: None)  # the process is gone, and says nothing
    async with running(mara) as of_mara:
        of_mara.engine.i_am(Whereabouts())
        async with running(joon) as of_joon:
            of_joon.engine.i_am(Whereabouts())
            assert await of_mara.until(Present) == Present((Here(joon.actor),))
        assert await of_mara.until(Present) == Present(())


@pytest.mark.slow
async def test_nobody_sees_who_does_not_want_to_be_seen(pair: list[Replica]) -> None:
    mara, joon = pair
    async with running(mara) as of_mara, running(joon) as of_joon:
        of_mara.engine.i_am(Whereabouts())
        of_joon.engine.i_am(Whereabouts())
        await of_mara.until(Present)
        await of_joon.until(Present)
        of_joon.engine.i_am(None)
        assert await of_mara.until(Present) == Present(())
        of_mara.engine.i_am(Whereabouts(at="review/x/y", doing=WRITING))
        assert await of_joon.until(Present) == Present((Here(mara.actor, "review/x/y"),)), "and yet they see"


@pytest.mark.slow
async def test_a_forged_word_and_a_flood_of_them_change_nothing_for_others(
    pair: list[Replica], relay: RelayProcess
) -> None:
    mara, joon = pair
    async with running(mara) as of_mara:
        of_mara.engine.i_am(Whereabouts())
        await of_mara.until(Synced)
        with Wire(relay.url) as wire:
            await asyncio.to_thread(_come_in, wire, joon)
            claims = Whereabouts(at="review/x/y", doing=WRITING)
            forged = presence.say(claims, mara.community, bytes(40), joon.identity, "s", 1)
            for _ in range(100):
                wire.say(forged)
            await asyncio.to_thread(mara.do, Create("issue", {"title": "Handover loses facts"}))
            await of_mara.until(Synced)
            heard = await _said_until_heard(wire, joon, of_mara, claims)
            assert heard == Present((Here(joon.actor, "review/x/y"),)), "the first one that was believed"


async def _said_until_heard(wire: Wire, who: Replica, other: Watched, where: Whereabouts) -> Present:
    heard = asyncio.create_task(other.until(Present))
    count = 0
    while not heard.done():
        count += 1
        wire.say(presence.say(where, who.community, who.actor, who.identity, "s", count))
        await asyncio.wait((heard,), timeout=0.5)
    return heard.result()  # type: ignore[no-any-return]


def _come_in(wire: Wire, replica: Replica) -> None:
    wire.say(Join("somebody"))
    wire.say(MEMBER.proof(replica, wire.url, wire.hear(Challenge)))
    wire.hear(Peer)
    wire.say(Have(replica.version()))
    wire.hear(Done)


@pytest.mark.slow
async def test_a_relay_that_is_back_is_found_at_once_where_the_network_changed_somebody_slept_or_asks(
    pair: list[Replica], relay: RelayProcess
) -> None:
    """Each would otherwise wait for an hour."""
    out, wall = [("192.0.2.7",)], [1_000.0]
    around = Surroundings(lambda: out[0], lambda: wall[0], lambda: 0.0)
    async with running(pair[0], around) as mara:
        await mara.until(Synced)
        changes: tuple[Callable[[], None], ...] = (
            lambda: out.__setitem__(0, ("198.51.100.4",)),
            lambda: wall.__setitem__(0, wall[0] + 600.0),
            mara.engine.check,
        )
        for change in changes:
            relay.kill()
            await mara.until(Offline)
            relay.start()
            change()
            await mara.until(Online)
            await mara.until(Synced)


@pytest.mark.slow
async def test_a_connection_that_no_longer_answers_is_given_up_at_once_when_somebody_asks(
    pair: list[Replica], relay: RelayProcess
) -> None:
    """As after a sleep: the relay is there again, and knows nothing of the old socket."""
    import signal

    async with running(pair[0]) as mara:
        await mara.until(Synced)
        relay.process.send_signal(signal.SIGSTOP)
        mara.engine.check()
        offline = await mara.until(Offline)
        assert "has ended" in offline.reason or "broke off" in offline.reason
        relay.process.send_signal(signal.SIGCONT)
        mara.engine.check()
        await mara.until(Synced)


def test_a_way_out_that_is_lost_is_no_reason_to_try_and_a_new_one_is() -> None:
    out: list[tuple[str, ...]] = [("192.0.2.7",)]
    around = Surroundings(lambda: out[0], lambda: 0.0, lambda: 0.0)
    assert not around.changed()
    out[0] = ()
    assert not around.changed()
    out[0] = ("192.0.2.7",)
    assert around.changed()
    assert not around.changed()


def test_a_clock_that_is_set_by_a_little_is_no_sleep() -> None:
    wall = [0.0]
    around = Surroundings(lambda: (), lambda: wall[0], lambda: 0.0)
    wall[0] = 5.0
    assert not around.changed()
    wall[0] = -3600.0
    assert not around.changed()
    wall[0] = 0.0
    assert around.changed()


def test_progress_is_told_in_real_numbers_of_what_is_large_only() -> None:
    one, two = b"1" * 40, b"2" * 40
    measure = Measure()
    assert measure.begin({one: (LEAST, b"")}, {}) == []
    assert measure.came(lambda: {one: (10, b"")}) == measure.all_came() == []
    measure = Measure()
    begun = measure.begin({one: (1_000, b""), two: (300, b"")}, {one: (200, b"")})
    assert begun == [Progress(200, 1_300, sending=False)]
    assert measure.came(lambda: {one: (700, b"")}) == [Progress(700, 1_300, sending=False)]
    more = {one: (1_200, b""), two: (300, b"")}
    assert measure.came(lambda: more) == [Progress(1_300, 1_300, sending=False)], "others write meanwhile"
    assert measure.all_came() == [Progress(1_300, 1_300, sending=False)]
    assert measure.came(lambda: more) == measure.all_came() == [], "from then on it is as ever"
    measure = Measure()
    assert measure.begin({}, {one: (2_000, b"")}) == [Progress(0, 2_000, sending=True)]
    assert measure.left(lambda: 500) == [Progress(1_500, 2_000, sending=True)]
    assert measure.left(lambda: 600) == [Progress(1_500, 2_000, sending=True)], "written here meanwhile"
    assert measure.left(lambda: 0) == [Progress(2_000, 2_000, sending=True)]
    assert measure.left(lambda: 7) == []


def test_whoever_is_cut_off_reads_on_where_they_were_and_of_all_there_is() -> None:
    one, mine = b"1" * 40, b"2" * 40
    theirs = {one: (10_000, b"")}
    before, after = Measure(), Measure()
    before.begin(theirs, {})
    assert before.came(lambda: {one: (7_500, b"")}) == [Progress(7_500, 10_000, sending=False)]
    assert after.begin(theirs, {one: (7_500, b"")}) == [Progress(7_500, 10_000, sending=False)]
    assert after.came(dict) == [Progress(7_500, 10_000, sending=False)], "it never jumps back"
    before, after = Measure(), Measure()
    before.begin({}, {mine: (3_000, b"")})
    assert before.left(lambda: 1_000) == [Progress(2_000, 3_000, sending=True)]
    assert after.begin({mine: (2_000, b"")}, {mine: (3_000, b"")}) == [Progress(2_000, 3_000, sending=True)]


@pytest.mark.slow
def test_a_first_sync_and_a_large_backlog_tell_how_far_they_are(
    tmp_path: Path, relay: RelayProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moot_client.sync.progress.LEAST", 10)
    mara = Replica.open(found_community(Home(tmp_path / "mara"), "Northern cohort", "Mara"))
    mara.set_relay_url(relay.url)
    for number in range(25):
        mara.do(Create("issue", {"title": f"Issue {number}"}))
    line = mara.do(MakeInvite(uses=1))
    told: list[Event] = []
    host(mara, relay.url, relay.hosting_key, report=told.append)
    going = [event for event in told if isinstance(event, Progress)]
    total = sum(seq for seq, _ in mara.version().values())
    assert [event.done for event in going] == sorted(event.done for event in going)
    assert going[0] == Progress(0, total, sending=True)
    assert going[-1] == Progress(total, total, sending=True)
    told.clear()
    joon = Replica.open(join(Home(tmp_path / "joon"), line, "Joon", report=told.append))
    coming = [event for event in told if isinstance(event, Progress)]
    assert coming[0] == Progress(0, total, sending=False)
    assert coming[-1] == Progress(total, total, sending=False)
    mara.close()
    joon.close()
