"""The store of relays that share a PostgreSQL database: any number of processes, each with one of these.

A transaction that adds to a community holds that community's lock until it is over, so two processes never
judge what hangs together side by side; `news` brings the one that waited up to the other. Locks are taken in
one order, so that nobody waits in a circle. What is added gathers in memory and goes out with the commit, in
one journey to the database; with it goes a notification, which the others hear if and only if it is stored.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from moot_server.events import Told
from moot_server.storage.postgres import reading
from moot_server.storage.postgres.ahead import Ahead, Row
from moot_server.storage.postgres.asking import Asking, begun
from moot_server.storage.postgres.pending import Pending
from moot_server.storage.postgres.schema import prepare
from moot_server.storage.schema import COMMUNITIES
from moot_server.storage.store import News, Snapshot
from moot_shared.errors import StorageError
from moot_shared.format.change import Change
from moot_shared.format.outline import Outline
from moot_shared.ids import encode_bytes
from moot_shared.trust.facts import Fact
from moot_shared.trust.history import Entry
from moot_shared.trust.seal import Sealed
from moot_shared.wire.messages import Receipt


class PostgresStore(Asking):
    """A connection to the database; see `moot_server.storage.store.Store`. One thread at a time uses it."""

    def __init__(self, url: str) -> None:
        """StorageError says why the database cannot be used, InputError what is wrong with its address."""
        super().__init__(url)
        self._url = url
        self.token = os.urandom(8).hex()
        """By which this store's own notifications are known."""
        self._ahead = Ahead()
        self.committed: Callable[[float], None] = _unheard
        self._noted: dict[bytes, int] = {}  # community -> up to which its receipts were read or written here
        self.link.ask(prepare)
        self._id = self._own("relay")

    def settle(self, kind: str) -> None:
        """Say what this store is for, once for all; StorageError where it is for something else."""
        self._all("INSERT INTO own VALUES ('kind', %s) ON CONFLICT DO NOTHING RETURNING 1", kind.encode())
        if self._own("kind") != kind.encode():
            raise StorageError(
                "This database is of an open relay, and communities are not put there. Give --database "
                "another one, or run it with --open."
                if kind == COMMUNITIES
                else "This database holds communities: it cannot be opened to everybody. Give --database "
                "another one, or leave --open out."
            )

    def relay_id(self) -> bytes:
        return self._id

    def hosting_key(self, fresh: bytes) -> bytes:
        """The one that all relays of this database share; `fresh`, where there is none yet."""
        self._all("INSERT INTO own VALUES ('hosting', %s) ON CONFLICT DO NOTHING RETURNING name", fresh)
        return self._own("hosting")

    def names(self) -> frozenset[str]:
        return frozenset(address for (address,) in self._all("SELECT address FROM name"))

    def close(self) -> None:
        self.link.close()

    def another(self) -> PostgresStore:
        return PostgresStore(self._url)

    def communities(self) -> list[bytes]:
        return [community for (community,) in self._all(reading.COMMUNITIES)]

    def counted(self) -> tuple[int, int]:
        """How many communities and changes there are."""
        ((changes,),) = self._all("SELECT count(*) FROM change")
        return len(self.communities()), changes

    def probe(self) -> None:
        self._all(
            "INSERT INTO own VALUES ('probe', %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            " RETURNING 1",
            os.urandom(16),
        )

    # -- at the door -----------------------------------------------------------------------------------

    def knows_member(self, community: bytes, key: bytes) -> bool:
        # Both questions are always asked, so that the answer takes as long for a community that is not here.
        asked = (community, key, community, community, len(key), key)
        ((joined, first),) = self._all(reading.KNOWS_MEMBER, *asked)
        return bool(joined or first)

    def knows_invite(self, community: bytes, key: bytes) -> bool:
        return bool(self._all(reading.KNOWS_INVITE, community, encode_bytes(key).encode()))

    # -- reading ---------------------------------------------------------------------------------------

    def entries(self, community: bytes) -> Iterator[Entry]:
        after = 0
        while rows := self._all(reading.ENTRIES, community, after):
            yield from (reading.entry(row[1:]) for row in rows)
            after = rows[-1][0]

    def facts(self, community: bytes) -> Iterator[Fact]:
        return map(reading.fact, self._all(reading.FACTS, community, 0))

    def receipts(self, community: bytes) -> Iterator[Receipt]:
        return iter(self._read_receipts(community, self._all(reading.RECEIPTS, community, 0)))

    def row(self, community: bytes, change_hash: bytes) -> Sealed:
        pending = self._pending.rows.get((community, change_hash)) if self._pending else None
        found = pending or self._ahead.get(community, change_hash)
        if found is None:
            asked = self._ahead.how_many(community, change_hash)
            rows: list[Row] = self._all(reading.ROWS, community, community, change_hash, asked + 1)
            if not rows:
                raise KeyError(change_hash)
            self._ahead.brought(community, rows, asked + 1)
            found = Sealed(rows[0][1], rows[0][2])
        return found

    def has_change(self, community: bytes, change_hash: bytes) -> bool:
        return bool(
            self._all("SELECT 1 FROM change WHERE community = %s AND hash = %s", community, change_hash)
        )

    def size(self, community: bytes) -> tuple[int, int]:
        ((operations, actors),) = self._all(reading.SIZE, community)
        return operations, actors

    def restored(self) -> frozenset[bytes]:
        return frozenset(community for (community,) in self._all("SELECT community FROM restored"))

    def snapshot(self, community: bytes) -> Snapshot | None:
        rows = self._all("SELECT heads, chunk, changes FROM snapshot WHERE community = %s", community)
        return next((Snapshot(reading.split(heads), chunk, changes) for heads, chunk, changes in rows), None)

    # -- beside other processes ------------------------------------------------------------------------

    def news(self, community: bytes, changes: int, told: Told | None = None) -> News | None:
        held = self._pending.held.get(community) if self._pending else None
        noted = self._noted.get(community, 0)
        if told is not None and told[0] <= changes and told[1] <= noted:
            return None
        if held is not None and (held.changes, held.noted) == (changes, noted):
            return News(restored=held.restored)
        entries, facts, receipts, restored = self._together(reading.questions(community, changes, noted))
        self._ahead.keep(community, [(row[0], row[6], row[7]) for row in entries if row[6] is not None])
        return News(
            [reading.entry(row[:6]) for row in entries],
            [reading.fact(row) for row in facts],
            self._read_receipts(community, receipts),
            bool(restored),
        )

    # -- writing ---------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self, communities: Iterable[bytes] = ()) -> Iterator[None]:
        assert self._pending is None, "one transaction at a time"
        named = sorted(set(communities))
        self._pending = pending = self.link.ask(lambda connection: begun(connection, named))
        caught_up = {community: held.noted for community, held in pending.held.items()}
        try:
            yield
            began = time.perf_counter()
            self.link.go_on(lambda connection: pending.commit(connection, self.token))
            self.committed(time.perf_counter() - began)
        except BaseException:
            for community in pending.held:
                self._noted.pop(community, None)
            raise
        finally:
            self._pending = None
            self.link.roll_back()
        for (community, change_hash), row in pending.rows.items():
            self._ahead.keep(community, [(change_hash, row.chunk, row.seal)])
        for community, held in pending.held.items():
            if self._noted.get(community, 0) == caught_up.get(community, 0):
                self._noted[community] = held.noted

    def add_change(
        self, community: bytes, change: Change | Outline, seal: bytes | None, facts: Iterable[Fact]
    ) -> None:
        self._writing(community).add_change(community, change, seal, facts)

    def add_name(self, address: str) -> None:
        self._all("INSERT INTO name VALUES (%s) ON CONFLICT DO NOTHING RETURNING 1", address)

    def mark_restored(self, communities: Iterable[bytes] | None = None) -> None:
        if communities is None:
            found = self._all(
                "INSERT INTO restored SELECT DISTINCT community FROM change"
                " ON CONFLICT DO NOTHING RETURNING community"
            )
        else:
            found = self._all(
                "INSERT INTO restored SELECT unnest(%s::bytea[]) ON CONFLICT DO NOTHING RETURNING community",
                sorted(communities),
            )
        self._mark(community for (community,) in found)

    def settle_restored(self, community: bytes) -> None:
        self._all("DELETE FROM restored WHERE community = %s RETURNING 1", community)
        self._mark([community])

    def set_receipt(self, community: bytes, receipt: Receipt) -> None:
        self._writing(community).set_receipt(community, receipt)

    def set_snapshot(self, community: bytes, snapshot: Snapshot) -> None:
        self._all(
            "INSERT INTO snapshot VALUES (%s, %s, %s, %s) ON CONFLICT (community) DO UPDATE"
            " SET heads = excluded.heads, chunk = excluded.chunk, changes = excluded.changes RETURNING 1",
            community, b"".join(snapshot.heads), snapshot.chunk, snapshot.changes,
        )  # fmt: skip

    def _mark(self, communities: Iterable[bytes]) -> None:
        assert self._pending is not None
        marked = set(communities)
        self._pending.touched |= marked
        self._pending.marked |= marked

    def _writing(self, community: bytes) -> Pending:
        pending = self._pending
        assert pending is not None, "changes and receipts are added in a transaction"
        if community not in pending.held:
            self.link.go_on(lambda connection: pending.hold(connection, [community]))
        return pending

    def _read_receipts(self, community: bytes, rows: Iterable[Any]) -> list[Receipt]:
        receipts, noted = [], self._noted.get(community, 0)
        for actor, heads, at, signature, number in rows:
            receipts.append(Receipt(actor, reading.split(heads), at, signature))
            noted = max(noted, number)
        self._noted[community] = noted
        return receipts


def _unheard(_: float) -> None:
    """Where nobody asks how many seconds commits take."""
