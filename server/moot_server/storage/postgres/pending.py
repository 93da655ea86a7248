"""What a transaction adds, until it goes out with the commit; and the locks that it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg.types.numeric import Int8

from moot_server.events import Elsewhere
from moot_server.storage.postgres.link import Connection
from moot_shared.errors import StorageError
from moot_shared.format.change import Change
from moot_shared.format.outline import Outline
from moot_shared.trust.facts import Fact
from moot_shared.trust.seal import WINDOW, Sealed
from moot_shared.wire.messages import Receipt

CHANNEL = "moot"
HELD = """
SELECT c, (SELECT coalesce(max(position), 0) FROM change WHERE community = c),
    (SELECT coalesce(max(noted), 0) FROM receipt WHERE community = c),
    EXISTS (SELECT FROM restored WHERE community = c)
FROM unnest(%s::bytea[]) AS c
"""
CHANGES = """
INSERT INTO change SELECT c, p, h, a, s, f, l, d, b, nullif(e, '') FROM unnest(%b::bytea[], %b::int8[],
    %b::bytea[], %b::bytea[], %b::int8[], %b::int8[], %b::int8[], %b::bytea[], %b::bytea[], %b::bytea[])
    AS new (c, p, h, a, s, f, l, d, b, e)
"""
FACTS = """
INSERT INTO fact SELECT * FROM unnest(%b::bytea[], %b::int8[], %b::int8[], %b::text[], %b::bytea[],
    %b::bytea[], %b::int8[], %b::bytea[], %b::bytea[])
"""
RECEIPTS = """
INSERT INTO receipt SELECT * FROM unnest(%b::bytea[], %b::bytea[], %b::bytea[], %b::int8[], %b::bytea[],
    %b::int8[]) ON CONFLICT (community, actor) DO UPDATE SET heads = excluded.heads, at = excluded.at,
    signature = excluded.signature, noted = excluded.noted
"""
THIN = f"""
UPDATE change SET seal = NULL WHERE community = %s AND position BETWEEN %s AND %s AND seal IS NOT NULL
    AND EXISTS (SELECT FROM change AS later WHERE later.community = change.community
        AND later.actor = change.actor AND later.seq > change.seq AND later.seal IS NOT NULL
        AND (later.position - 1) / {WINDOW} = (change.position - 1) / {WINDOW})
"""
NOTIFY = f"SELECT pg_notify('{CHANNEL}', word) FROM unnest(%s::text[]) AS word"


@dataclass(slots=True)
class Held:
    """A community whose lock is held: how much of it is stored, and what was added since counted in."""

    changes: int
    noted: int
    restored: bool
    stored: int
    """Changes that were there when seals were last thinned."""


@dataclass(slots=True)
class Pending:
    """One transaction."""

    held: dict[bytes, Held] = field(default_factory=dict)
    rows: dict[tuple[bytes, bytes], Sealed] = field(default_factory=dict)
    """All that were added, by community and hash."""
    touched: set[bytes] = field(default_factory=set)
    """Communities of which others are told."""
    marked: set[bytes] = field(default_factory=set)
    """Those of them that wait for a convenor from now on, or do so no more."""
    _changes: list[tuple[Any, ...]] = field(default_factory=list)
    _facts: list[tuple[Any, ...]] = field(default_factory=list)
    _receipts: dict[tuple[bytes, bytes], tuple[Any, ...]] = field(default_factory=dict)

    def hold(self, connection: Connection, communities: Sequence[bytes]) -> None:
        """Wait for the locks of communities, in their order, and see how much there is."""
        for lock in sorted({lock_of(community) for community in communities}):
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (Int8(lock),))
        cursor = connection.cursor(binary=True).execute(HELD, (list(communities),))  # after the locks
        for community, changes, noted, restored in cursor:
            self.held[community] = Held(changes, noted, restored, changes)

    def add_change(
        self, community: bytes, change: Change | Outline, seal: bytes | None, facts: Iterable[Fact]
    ) -> None:
        """Append a change to a community that is held."""
        held = self.held[community]
        held.changes += 1
        self.rows[community, change.hash] = Sealed(change.raw, seal)
        self._changes.append(
            (
                community, held.changes, change.hash, change.actor, change.seq, change.start_op,
                change.last_op, b"".join(change.deps), change.raw, seal or b"",
            )
        )  # fmt: skip
        for ordinal, f in enumerate(facts):
            subject, payload = f.subject.encode(), f.payload.encode()
            place = (community, held.changes, ordinal)
            self._facts.append((*place, f.kind, f.author, f.actor, f.seq, subject, payload))
        self.touched.add(community)

    def set_receipt(self, community: bytes, receipt: Receipt) -> None:
        """Replace a machine's receipt in a community that is held."""
        held = self.held[community]
        held.noted += 1
        self._receipts[community, receipt.actor] = (
            community, receipt.actor, b"".join(receipt.heads), receipt.at, receipt.signature, held.noted,
        )  # fmt: skip
        self.touched.add(community)

    def flush(self, connection: Connection) -> None:
        """Send what was added."""
        if not (self._changes or self._receipts):
            return
        with connection.pipeline():
            for sql, rows in (
                (CHANGES, self._changes),
                (FACTS, self._facts),
                (RECEIPTS, list(self._receipts.values())),
            ):
                if rows:
                    connection.execute(sql, _columns(rows))
            if self._changes:
                self._thin(connection)
        self._changes, self._facts, self._receipts = [], [], {}

    def _thin(self, connection: Connection) -> None:
        """Keep one seal of each author in a full window of changes: it vouches for the earlier ones."""
        for community, held in self.held.items():
            first, last = (n // WINDOW * WINDOW for n in (held.stored, held.changes))
            if first < last:
                connection.execute(THIN, (community, Int8(first + 1), Int8(last)))
                held.stored = held.changes

    def _word(self, token: str, community: bytes) -> str:
        """Who says it, of which community, and how much there is of it where that is all that has changed."""
        held = self.held.get(community)
        told = f" {held.changes} {held.noted}" if held and community not in self.marked else ""
        return f"{token} {community.hex()}{told}"

    def commit(self, connection: Connection, token: str) -> None:
        """Send the rest, tell the others, and see it on disk."""
        with connection.pipeline():
            self.flush(connection)
            if self.touched:
                connection.execute(NOTIFY, ([self._word(token, each) for each in sorted(self.touched)],))
            done = connection.execute("COMMIT")
        if done.statusmessage != "COMMIT":  # something failed before, and whoever met it went on
            raise StorageError("The database has not stored this. It is tried again.")


def heard(word: str) -> tuple[str, Elsewhere]:
    """Who says it, and what. A word that cannot be read may mean anything, anywhere."""
    try:
        token, community, *told = word.split()
        changes, noted = map(int, told) if told else (0, 0)
        return token, Elsewhere(bytes.fromhex(community), (changes, noted) if told else None)
    except ValueError:
        return "", Elsewhere()


def lock_of(community: bytes) -> int:
    """The lock of a community. Two may have the same one: then they wait for each other, and no more."""
    return int.from_bytes(community[:8], "big", signed=True)


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows as arrays, one a column."""
    columns = ([*column] for column in zip(*rows, strict=True))
    return [[Int8(value) for value in c] if isinstance(c[0], int) else c for c in columns]
