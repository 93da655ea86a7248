"""Proof of a whole store from its rows: hashes, chains, seals, the roster, and rows equal to a rebuild."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from moot_client import lines
from moot_client.projection import project
from moot_client.replica.membership import write_members
from moot_client.store import changes, schema
from moot_client.store.store import Store
from moot_shared.errors import MootError
from moot_shared.format.change import Change, decode_change
from moot_shared.trust.admission import admit
from moot_shared.trust.history import History
from moot_shared.trust.seal import check_seal

COMPARED = {
    "fact": "kind, author, actor, seq, subject, payload",
    "member": "*",
    "person": "*",
    "invite": "*",
    "object": "*",
    "cell": "*",
    "element": "*",
    "record": "id, key, kind, handle, creator, created, changed, changed_by, archived, value, others",
    "statement": "key, author, kind, subject, about, said, value, others",
    "issue_line": "key, id, title, level, kind, status, archived, closed, question, living, doubled, "
    "versions, changed, dots, hours, voters, comments",
    "review_line": "key, id, title, about, form, issue, issue_title, ending, archived, ended, doubled, "
    "versions, changed, shared",
    "lesson_line": "key, id, statement, source, source_title, archived, doubled, versions, changed, "
    "state, applied, uses",
    "ballot": "*",
    "purse": "*",
    "share": "*",
    "used": "*",
    "tie": "*",
    "basis": "*",
    "found": "key, kind, trim(title || char(10) || words, char(10))",
}
"""Each derived table, and those of its columns that must be equal on every machine."""


@dataclass(frozen=True, slots=True)
class Findings:
    """How much was looked at, and every sentence about what is not as it must be."""

    changes: int
    seals: int
    members: int
    troubles: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether everything is as it must be."""
        return not self.troubles


def verify(store: Store, community: bytes) -> Findings:
    """Read the store as a stranger would, trusting nothing but the community's id."""
    db = store.reader()
    rows = db.execute("SELECT hash, actor, seq, deps, bytes, seal FROM change ORDER BY position").fetchall()
    troubles: list[str] = []
    chunks: dict[bytes, bytes] = {}
    history = History(chunks.__getitem__)
    rebuilt = _empty()
    runs: dict[bytes, list[Change]] = {}
    seals: dict[bytes, bytes] = {}
    for number, (change_hash, actor, seq, deps, chunk, seal) in enumerate(rows, 1):
        try:
            change = decode_change(chunk)
            told = (change.hash, change.actor, change.seq, b"".join(change.deps))
            if told != (change_hash, actor, seq, deps):
                troubles.append(f"Change {number} is filed under another name than its own.")
            admit(change, history, seal=None, seal_needed=False)
        except MootError as error:
            troubles.append(f"Change {number}: {error}")
            continue
        chunks[change.hash] = chunk
        history.add(change)
        project(rebuilt, change, changes.insert(rebuilt, change, seal), follow=False)
        runs.setdefault(actor, []).append(change)
        if seal is not None:
            seals[change.hash] = seal
    if history.community != community:
        troubles.append("These are not the changes of this community.")
    troubles += _bad_seals(runs, seals, community)
    if history.community:
        write_members(rebuilt, history)
        lines.make_anew(rebuilt, lines.lines_of(rebuilt), 0)
        troubles += _different(db, rebuilt)
    if not troubles and not _same(changes.history(db), history):
        troubles.append("The index of the changes does not follow from them. It can be rebuilt.")
    members = rebuilt.execute("SELECT count(*) FROM member").fetchone()[0]
    return Findings(len(rows), len(seals), members, tuple(troubles))


def _same(one: History, other: History) -> bool:
    """Whether two histories know the same changes in the same way."""
    length = len(other)
    return (
        len(one) == length
        and one.heads() == other.heads()
        and one.ancestry.chains == other.ancestry.chains
        and one.ancestry.columns(0, length) == other.ancestry.columns(0, length)
    )


def _empty() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript("".join(schema.ALL))
    return db


def _bad_seals(runs: dict[bytes, list[Change]], seals: dict[bytes, bytes], community: bytes) -> list[str]:
    """Every seal, not only the last of each run: each is checked as the end of what came before it."""
    troubles = []
    for run in runs.values():
        sealed = [end for end, change in enumerate(run, 1) if change.hash in seals]
        if not sealed or sealed[-1] != len(run):
            troubles.append("The newest changes of a member bear no seal.")
        for end in sealed:
            try:
                check_seal(run[end - 1], seals[run[end - 1].hash], community)
            except MootError as error:
                troubles.append(f"A seal does not hold: {error}")
    return troubles


def derived_rows(db: sqlite3.Connection) -> dict[str, list[str]]:
    """Every derived table's rows as text, sorted: equal on every machine that has the same changes."""
    return {t: sorted(map(repr, db.execute(f"SELECT {columns} FROM {t}"))) for t, columns in COMPARED.items()}


def _different(db: sqlite3.Connection, rebuilt: sqlite3.Connection) -> list[str]:
    here, anew = derived_rows(db), derived_rows(rebuilt)
    return [
        f"What is shown does not follow from the changes (table {table}). It can be rebuilt."
        for table in COMPARED
        if here[table] != anew[table]
    ]
