"""Who is here, with two real relay processes over one real database; and what is called across, by hand."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from moot_client.replica.replica import Replica
from moot_client.sync.conversation import Means
from moot_client.sync.events import Here, Present, Synced
from moot_client.sync.joining import host
from moot_server.events import Call, Called
from moot_server.storage.postgres import calling
from moot_server.storage.postgres.calling import Calling
from moot_server.storage.postgres.listening import listen
from moot_server.storage.postgres.store import PostgresStore
from moot_shared.ids import KEY_BYTES
from moot_shared.wire.presence import WRITING, Whereabouts
from tests.helpers.cohort import Cohort
from tests.helpers.patience import PATIENCE_S
from tests.helpers.postgres import Postgres
from tests.helpers.present import led_to
from tests.helpers.relay_process import RelayProcess, environment
from tests.helpers.watched import MEANS, running

REVIEW = "review/01J9ZZZZZZZZZZZZZZZZZZZZZZ/somebody"
HERE, WRITES = Whereabouts(), Whereabouts(at=REVIEW, doing=WRITING)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'moot'"


@dataclass(frozen=True)
class Town:
    """Four members, two relays over one database, under the first one's name."""

    members: list[Replica]
    here: RelayProcess
    there: RelayProcess
    database: str

    def means(self, relay: RelayProcess) -> Means:
        """What leads a machine to one of them."""
        return replace(MEANS, dial=led_to(relay.url).dial)


@pytest.fixture(scope="module")
def town(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder, url = tmp_path_factory.mktemp("town"), postgres.database()
    shared = ("--database", url)
    with (
        Cohort(folder / "members", size=4) as members,
        RelayProcess(folder / "here", options=shared) as here,
        RelayProcess(folder / "there", options=(*shared, "--name", here.url.removeprefix("ws://"))) as there,
    ):
        members[0].become_writer()
        host(members[0], here.url, here.hosting_key)
        for member in members[1:]:
            member.set_relay_url(here.url)
        yield Town(members, here, there, url)


def held_anywhere(town: Town, postgres: Postgres, session: bytes) -> list[str]:
    """The tables and files that hold what a word was said in."""
    names = [name for (name,) in postgres.ask(TABLES, town.database)]
    hexed = session.hex()
    found = [
        name
        for name in names
        if postgres.ask(
            f"SELECT 1 FROM moot.{name} AS row WHERE strpos(row::text, '{hexed}') > 0", town.database
        )
    ]
    folders = [relay.folder for relay in (town.here, town.there)]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return found + [file.name for file in files if session in file.read_bytes()]


@pytest.mark.slow
async def test_members_at_two_processes_see_each_other_come_write_and_leave(
    town: Town, postgres: Postgres
) -> None:
    mara, joon, *_ = town.members
    async with running(mara, means=town.means(town.here)) as of_mara:
        await of_mara.until(Synced)
        of_mara.engine.i_am(HERE)
        async with running(joon, means=town.means(town.there)) as of_joon:
            assert await of_joon.until(Present) == Present((Here(mara.actor),)), "who was here before"
            of_joon.engine.i_am(WRITES)
            assert await of_mara.until(Present) == Present((Here(joon.actor, REVIEW),))
            of_joon.engine.i_am(HERE)
            assert await of_mara.until(Present) == Present((Here(joon.actor),))
            session = of_joon.engine._company._session.encode()
        assert await of_mara.until(Present) == Present(()), "with a word of goodbye"
    assert held_anywhere(town, postgres, session) == []


@asynccontextmanager
async def a_machine_that_is_here(member: Replica, relay: RelayProcess) -> AsyncIterator[Process]:
    """A process of its own; the member's replica in this one lets go of its file for good."""
    home = member.place.folder.parents[1]
    member.close()
    process = await create_subprocess_exec(
        sys.executable, "-m", "tests.helpers.present", str(home), relay.url, REVIEW,
        stdin=PIPE, env=environment(),
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.slow
async def test_words_cross_again_after_the_databases_connections_were_cut_and_nobody_is_let_go(
    town: Town, postgres: Postgres
) -> None:
    mara, joon, ines, _ = town.members
    async with (
        running(mara, means=town.means(town.here)) as afar,
        running(ines, means=town.means(town.there)) as beside,
        running(joon, means=town.means(town.there)) as speaker,
    ):
        for each in (afar, beside, speaker):
            await each.until(Synced)
        postgres.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = current_database() AND query LIKE '%{calling.CHANNEL}%'"
            " AND pid <> pg_backend_pid()",
            town.database,
        )
        speaker.engine.i_am(WRITES)
        assert await beside.until(Present) == Present((Here(joon.actor, REVIEW),)), "at once"
        heard = asyncio.create_task(afar.until(Present))
        while not heard.done():
            for where in (HERE, WRITES):
                speaker.engine.i_am(where)
                await beside.until(Present)
        assert [other.actor for other in heard.result().others] == [joon.actor]


@pytest.mark.slow
async def test_whose_machine_was_killed_is_here_no_longer_and_is_shown_to_nobody_who_comes(
    town: Town,
) -> None:
    mara, joon, ines, tariq = town.members
    killed = tariq.identity.public_key
    async with running(mara, means=town.means(town.here)) as of_mara:
        await of_mara.until(Synced)
        async with a_machine_that_is_here(tariq, town.there) as machine:
            (shown,) = (await of_mara.until(Present)).others
            assert (shown.actor[:KEY_BYTES], shown.writing) == (killed, REVIEW)
            machine.kill()
            assert await of_mara.until(Present) == Present(()), "by the farewell that came with the word"
        async with running(ines, means=town.means(town.there)) as beside:
            await beside.until(Synced)
            beside.engine.i_am(HERE)
            assert await of_mara.until(Present) == Present((Here(ines.actor),))
            async with running(joon, means=town.means(town.here)) as newcomer:
                assert await newcomer.until(Present) == Present((Here(ines.actor),))


# -- what is called across, by hand ------------------------------------------------------------------------


class Heard:
    """What a process is called."""

    def __init__(self) -> None:
        self.words: list[bytes] = []
        self._more = asyncio.Event()

    async def __call__(self, called: Called) -> None:
        self.words += called.words
        self._more.set()

    async def until(self, word: bytes) -> None:
        """Wait for it."""
        async with asyncio.timeout(PATIENCE_S):
            while word not in self.words:
                self._more.clear()
                await self._more.wait()


def said(number: int, *, asks: bool = False, size: int = 8) -> Call:
    return Call(b"about %d" % number, number.to_bytes(size, "big"), asks=asks)


async def test_calls_are_heard_by_the_other_and_not_by_oneself_and_what_is_no_call_by_nobody(
    postgres: Postgres,
) -> None:
    url = postgres.database()
    stores = [PostgresStore(url) for _ in range(2)]
    ends = [Calling(url, store.token, lambda: True) for store in stores]
    heard = [Heard() for _ in ends]
    async with asyncio.TaskGroup() as group:
        tasks = [
            task
            for store, end, hear in zip(stores, ends, heard, strict=True)
            for task in (
                group.create_task(listen(url, store, lambda _: None, end)),
                group.create_task(end.run(hear)),
            )
        ]
        await until_both_listen(url, postgres)
        for junk in ("", "another", "another not-base64", "another ++++ ====", "more words than one"):
            await asyncio.to_thread(postgres.ask, f"SELECT pg_notify('{calling.CHANNEL}', '{junk}')", url)
        ends[0].call(said(1))
        await heard[1].until(said(1).word)
        ends[1].call(said(2))
        await heard[0].until(said(2).word)
        for task in tasks:
            task.cancel()
    assert said(1).word not in heard[0].words
    assert said(2).word not in heard[1].words
    for store in stores:
        store.close()


async def until_both_listen(url: str, postgres: Postgres) -> None:
    """Each says LISTEN for its second channel last."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        f" AND query = 'LISTEN {calling.CHANNEL}'"
    )
    async with asyncio.timeout(PATIENCE_S):
        while (await asyncio.to_thread(postgres.ask, asked, url))[0][0] < 2:
            pass


class Quiet:
    """One end, its clock in the test's hand, and nothing that it is connected to."""

    def __init__(self, *, anybody: bool = True) -> None:
        self.now = 0.0
        self.end = Calling("postgresql://nowhere/nothing", "me", lambda: anybody, lambda: self.now)
        self.end.listens()

    def words(self) -> list[bytes]:
        """What goes out now."""
        lines = [line.split(" ") for line in self.end.next()]
        assert all(len(" ".join(line)) < 8_000 for line in lines)
        assert len(lines) <= calling.MOST_AT_ONCE
        return [b64decode(word) for line in lines for word in line[1:]]


def test_of_what_one_machine_says_the_last_goes_out_and_all_of_it_in_few_notifications() -> None:
    one = Quiet()
    for count in range(300):
        one.end.call(Call(b"mara", b"%d" % count))
        one.end.call(said(count % 100, size=500))
    lines = one.end.next()
    assert len(lines) == calling.MOST_AT_ONCE
    rest = one.words()
    assert len(rest) + sum(line.count(" ") for line in lines) <= 101
    everything = [b64decode(word) for line in lines for word in line.split(" ")[1:]] + rest
    while more := one.words():
        everything += more
    assert everything.count(b"299") == 1
    assert len(everything) == 101


def test_what_waits_is_bounded_and_what_waited_too_long_is_not_said() -> None:
    one = Quiet()
    one.end.call(said(0, size=6_000))
    assert one.words() == [], "more than a notification holds"
    for number in range(5_000):
        one.end.call(said(number))
    found = []
    while more := one.words():
        found += more
    assert found == [said(number).word for number in range(4_000, 5_000)]
    one.end.call(said(1))
    one.now += calling.STALE_S + 1
    assert one.words() == []


@pytest.mark.slow
def test_where_nobody_else_is_heard_only_questions_go_out_and_a_sign_now_and_then() -> None:
    one, nobody = Quiet(), Quiet(anybody=False)
    assert one.end.next() == ["me"], "to others who may be there"
    assert nobody.end.next() == []
    one.now = calling.ALONE_S + 1
    signs = 0
    for number in range(60):  # a second each
        one.end.call(said(number))
        lines = one.end.next()
        assert all(line == "me" for line in lines)
        signs += len(lines)
        one.now += 1
    assert signs == 60 / calling.HERE_S
    one.end.call(said(1, asks=True))
    assert one.words() == [said(1).word]
    one.end.hear("another")
    one.end.call(said(2))
    assert one.words() == [said(2).word]
