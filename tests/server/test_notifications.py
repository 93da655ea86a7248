"""What tells a relay that another one over the same database has stored something."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from moot_server.events import Elsewhere
from moot_server.storage.postgres.listening import listen
from moot_server.storage.postgres.store import PostgresStore
from moot_shared.trust.facts import facts_of
from tests.helpers.community import Community, person
from tests.helpers.patience import PATIENCE_S
from tests.helpers.postgres import Postgres


class Heard:
    """What a relay is told."""

    def __init__(self) -> None:
        self.words: list[bytes | None] = []
        self._news = asyncio.Event()

    def __call__(self, said: Elsewhere) -> None:
        self.words.append(said.community)
        if said.community is not None:
            assert said.told is not None
        self._news.set()

    async def word(self, community: bytes | None) -> list[bytes | None]:
        """Wait until this is said; all that was, and it is forgotten."""
        async with asyncio.timeout(PATIENCE_S):
            while community not in self.words:
                self._news.clear()
                await self._news.wait()
        words, self.words = self.words, []
        return words


@asynccontextmanager
async def heard_by(url: str, store: PostgresStore) -> AsyncIterator[Heard]:
    heard = Heard()
    task = asyncio.create_task(listen(url, store, heard))
    try:
        await heard.word(None)
        yield heard
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def keep(store: PostgresStore, made: Community) -> None:
    with store.transaction([made.id]):
        for entry in made.history.missing_from({}):
            change = made.history.change(entry.hash)
            store.add_change(made.id, change, None, facts_of(change))


async def test_a_commit_is_heard_by_the_others_and_one_that_failed_by_nobody(postgres: Postgres) -> None:
    url = postgres.database()
    one, other = PostgresStore(url), PostgresStore(url)
    first, second = Community(), Community(founder=person("zoe"))
    async with heard_by(url, one) as heard:
        with suppress(KeyboardInterrupt), other.transaction([second.id]):
            other.add_change(second.id, second.genesis, None, ())
            raise KeyboardInterrupt
        keep(one, second)  # its own
        keep(other, first)
        assert await heard.word(first.id) == [first.id]
    one.close()
    other.close()


async def test_after_a_lost_connection_everything_is_looked_at_again(postgres: Postgres) -> None:
    url = postgres.database()
    store = PostgresStore(url)
    async with heard_by(url, store) as heard:
        postgres.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'",
            url,
        )
        await heard.word(None)
        store.link.missed.set()  # as after a commit of which nobody knows what became
        await heard.word(None)
    store.close()


async def test_a_word_that_no_relay_of_this_version_says_has_all_looked_at_and_ends_nothing(
    postgres: Postgres,
) -> None:
    url = postgres.database()
    one, other = PostgresStore(url), PostgresStore(url)
    made = Community()
    async with heard_by(url, one) as heard:
        for word in ("v2:something newer", "", "token not-hex", f"token {made.id.hex()} 1", "a b c d e"):
            await asyncio.to_thread(postgres.ask, f"NOTIFY moot, '{word}'", url)
            await heard.word(None)
        keep(other, made)
        await heard.word(made.id)
    for store in (one, other):
        store.close()
