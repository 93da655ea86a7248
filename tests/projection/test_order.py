"""Rows that follow from changes alone are what Automerge reads from the whole document."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moot_client.projection import project
from moot_client.projection.order import name
from moot_client.replica.acts import standing_elements
from moot_client.replica.founding import genesis
from moot_client.store import schema
from moot_shared.document import Document, Edit
from moot_shared.format.change import OpId, decode_change
from moot_shared.ids import encode_bytes

ACTORS = [bytes([n]) * 32 + bytes(8) for n in (7, 3, 5)]
RECORD = "issue/00000000000000000000000000/" + encode_bytes(ACTORS[0][:32])


class Machine:
    """One member's document and rows, without trust: what is tested here is the merge alone."""

    def __init__(self, actor: bytes) -> None:
        self.document = Document(actor)
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.executescript("".join(schema.ALL))
        self.chunks: list[bytes] = []

    def keep(self, chunk: bytes) -> None:
        self.chunks.append(chunk)
        project(self.db, decode_change(chunk), len(self.chunks))

    def take(self, chunks: list[bytes]) -> None:
        new = [chunk for chunk in chunks if chunk not in self.chunks]
        self.document.apply(new)
        for chunk in new:
            self.keep(chunk)


def begin() -> tuple[list[Machine], OpId]:
    machines = [Machine(actor) for actor in ACTORS]
    first = machines[0].document.edit(genesis)
    made: list[OpId] = []

    def record(edit: Edit) -> None:
        issue = edit.make_map(OpId(2, ACTORS[0]), RECORD)
        made.append(edit.make_list(issue, "body"))
        edit.insert(made[0], 0, "one")
        edit.insert(made[0], 1, "two")

    machines[0].keep(first or b"")
    machines[0].keep(machines[0].document.edit(record) or b"")
    for machine in machines[1:]:
        machine.take(machines[0].chunks)
    return machines, made[0]


edits = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["insert", "replace", "delete", "take"]),
        st.integers(0, 5),
        st.integers(0, 2),
    ),
    max_size=25,
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(edits)
def test_a_list_reads_in_the_rows_as_it_reads_in_the_document(
    script: list[tuple[int, str, int, int]],
) -> None:
    machines, body = begin()
    for step, (who, what, where, other) in enumerate(script):
        machine = machines[who]
        length = len(machine.document.texts(body))

        def write(
            edit: Edit, what: str = what, at: int = where, length: int = length, step: int = step
        ) -> None:
            if what == "insert" or length == 0:
                edit.insert(body, min(at, length), f"words {step}")
            elif what == "replace":
                edit.insert(body, at % length + 1, f"words {step}")
                edit.delete(body, at % length)
            else:
                edit.delete(body, at % length)

        if what == "take":
            machine.take(machines[other].chunks)
        else:
            chunk = machine.document.edit(write)
            assert chunk
            machine.keep(chunk)
        order, texts, _ = standing_elements(machine.db, name(*body))
        assert [texts[element] for element in order] == machine.document.texts(body)
    for machine in machines:
        for other_machine in machines:
            machine.take(other_machine.chunks)
    rows = {tuple(m.db.execute("SELECT value, others FROM record").fetchall()) for m in machines}
    assert len(rows) == 1
