"""All that JavaScript automerge can write is read, and means here what it means there."""

from __future__ import annotations

from typing import Any

import pytest

from moot_shared.errors import FormatError
from moot_shared.format.change import Action, ValueKind, decode_change
from moot_shared.format.chunk import DEFLATED, DOCUMENT, chunk_type
from moot_shared.format.document import decode_document
from moot_shared.format.sync import Version, decode_sync_message, encode_sync_message
from moot_shared.limits import Limits
from tests.helpers.binding import loaded
from tests.helpers.encoding import again
from tests.helpers.javascript import general, unbase64

DOCUMENTS: dict[str, dict[str, Any]] = general()["documents"]
TALKS: dict[str, dict[str, Any]] = general()["conversations"]
READS_AUTHORS = Limits(change_extra_bytes=64)


def hexed(hashes: tuple[bytes, ...]) -> list[str]:
    return [each.hex() for each in hashes]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_change_that_javascript_writes_is_read_in_its_one_form(name: str) -> None:
    told = DOCUMENTS[name]
    changes = [decode_change(unbase64(chunk)) for chunk in told["changes"]]
    assert [[c.seq, c.start_op, c.time, c.message or None, len(c.operations)] for c in changes] == [
        [seq, start, time, message or None, count] for seq, start, time, message, count in told["rows"]
    ]
    assert {c.hash.hex() for c in changes} - {dep.hex() for c in changes for dep in c.deps} == {
        *told["heads"]
    }
    assert all(again(c) == c.raw for c in changes)


def test_between_them_they_do_everything_that_can_be_done() -> None:
    chunks = [chunk for told in DOCUMENTS.values() for chunk in told["changes"]]
    operations = [o for chunk in chunks for o in decode_change(unbase64(chunk)).operations]
    assert {o.action for o in operations} == set(Action) - {Action.MAKE_TABLE}
    assert {o.kind for o in operations} == set(ValueKind) - {ValueKind.UNKNOWN}
    assert {o.mark.name for o in operations if o.mark} == {"bold", "link", "when", "size", None}


def test_a_table_of_older_writers_is_read() -> None:
    table, row, value = decode_change(unbase64(general()["encoded"]["table"])).operations
    assert (table.action, row.obj, value.obj, value.value) == (Action.MAKE_TABLE, table.id, row.id, 3)


def test_who_an_actor_is_follows_the_operations_and_is_read_only_where_there_is_room_for_it() -> None:
    raw = unbase64(general()["encoded"]["authored"])
    assert decode_change(raw, READS_AUTHORS).extra == b"\x01\x10" + b"\xcc" * 16
    with pytest.raises(FormatError, match="something follows"):
        decode_change(raw)


def test_a_change_that_comes_deflated_is_the_change_that_comes_plain() -> None:
    for packed, plain in zip(general()["deflated"], DOCUMENTS["long"]["changes"], strict=True):
        assert chunk_type(unbase64(packed)) == DEFLATED
        assert decode_change(unbase64(packed)) == decode_change(unbase64(plain))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_that_javascript_saves_is_taken_apart_as_the_binding_does(name: str) -> None:
    told = DOCUMENTS[name]
    raw = unbase64(told["saved"])
    found = decode_document(raw)
    changes, heads = loaded(raw)
    assert set(found.heads) == heads == {bytes.fromhex(head) for head in told["heads"]}
    assert set(found.actors) == {change.actor_id for change in changes}
    assert sorted((c.actor, c.seq, c.last_op) for c in found.changes) == sorted(
        (c.actor_id, c.seq, c.max_op) for c in changes
    )
    rows = [decode_change(unbase64(chunk)) for chunk in told["changes"]]
    places = [(row.actor, row.seq) for row in rows]
    by_hash = {row.hash: (row.actor, row.seq) for row in rows}
    for change in found.changes:
        row = rows[places.index((change.actor, change.seq))]
        assert (change.time, change.message, change.extra) == (row.time, row.message, b"")
        made_on = {(found.changes[at].actor, found.changes[at].seq) for at in change.deps}
        assert made_on == {by_hash[dep] for dep in row.deps}


@pytest.mark.parametrize("name", TALKS)
def test_every_message_of_two_javascript_peers_is_read_and_written_again_the_same(name: str) -> None:
    hashes = [bytes.fromhex(each) for each in TALKS[name]["hashes"]]
    for told in TALKS[name]["messages"]:
        raw = unbase64(told["data"])
        read = decode_sync_message(raw)
        assert encode_sync_message(read) == raw
        assert (hexed(read.heads), hexed(read.need)) == (told["heads"], told["need"])
        assert [hexed(have.last_sync) for have in read.have] == told["last_sync"]
        assert b"".join(read.chunks) == b"".join(map(unbase64, told["changes"]))
        for piece in read.chunks:
            if chunk_type(piece) == DOCUMENT:
                decode_document(piece)
            else:
                assert decode_change(piece).hash in hashes


@pytest.mark.parametrize("name", TALKS)
def test_a_peers_filter_holds_what_it_has_since_last_time_and_little_else(name: str) -> None:
    hashes = [bytes.fromhex(each) for each in TALKS[name]["hashes"]]
    for told in TALKS[name]["messages"]:
        read = decode_sync_message(unbase64(told["data"]))
        had = {hashes[at] for at in told["has"]}
        (have,) = read.have
        if not have.last_sync:
            assert have.filter.entries == len(had)
            assert all(each in have.filter for each in had)
        found = {each for each in hashes if each in have.filter}
        assert len(found) >= have.filter.entries
        assert len(found - had) <= 3


def test_peers_of_both_versions_and_whole_documents_are_among_them() -> None:
    read = [decode_sync_message(unbase64(m["data"])) for talk in TALKS.values() for m in talk["messages"]]
    assert {message.version for message in read} == {Version.ONE, Version.TWO}
    assert {message.takes_documents for message in read} == {True, False}
    assert any(message.read_only for message in read)
    assert any(message.need for message in read)
    assert any(chunk_type(piece) == DOCUMENT for message in read for piece in message.chunks)
