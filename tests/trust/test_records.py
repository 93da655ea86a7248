"""Records: structure only grows, texts are never hidden, values are ones that everybody can read."""

from __future__ import annotations

import math

import pytest

from moot_shared.format.change import HEAD, Action, OpId, Scalar, ValueKind
from tests.helpers.community import ULID, Community, Machine, here, insert, op, put, refused


def test_anyone_makes_records_and_edits_those_of_others(moot: Community, ann: Machine, bob: Machine) -> None:
    change, record, body = moot.record(ann)
    title, one, two = (change.operations[at].id for at in (1, 3, 4))
    edited = moot.write(
        bob,
        put(record, "title", "Handover loses names", title),
        put(record, "yet-to-come", True),
        insert(body, one, "One and a half."),
        op(Action.DELETE, body, one, pred=[one]),
        put(body, two, "Two, better.", two),
        insert(body, here(2), "One and three quarters."),
    )
    moot.write(ann, put(body, two, "Two, best.", edited.operations[4].id))


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("issue/" + ULID + "/{you}", "not yours"),
        ("issue/" + ULID, "record"),
        ("issue/" + ULID.replace("J", "I") + "/{me}", "record"),
        ("issue/8" + ULID[1:] + "/{me}", "record"),
        ("issue/" + ULID.lower() + "/{me}", "record"),
        ("Issue/" + ULID + "/{me}", "record"),
        ("/" + ULID + "/{me}", "record"),
        ("issue/" + ULID + "/{me}/x", "record"),
        ("issue/" + ULID + "/{me}\n", "record"),
    ],
)
def test_a_records_name_has_a_kind_a_ulid_and_its_maker(
    moot: Community, ann: Machine, bob: Machine, key: str, code: str
) -> None:
    made = moot.make(ann, op(Action.MAKE_MAP, moot.records, key.format(me=ann.text, you=bob.text)))
    refused(moot, made, code)


def test_records_are_added_and_nothing_else(moot: Community, ann: Machine) -> None:
    change, record, _ = moot.record(ann)
    key = change.operations[0].key
    for odd in (
        put(moot.records, key, "gone", record),
        put(moot.records, key, "gone"),
        op(Action.DELETE, moot.records, key, pred=[record]),
        op(Action.MAKE_MAP, moot.records, key, pred=[record]),
        op(Action.MAKE_LIST, moot.records, key),
        op(Action.MAKE_TEXT, moot.records, key),
    ):
        refused(moot, moot.make(ann, odd), "record")
    twice = op(Action.MAKE_MAP, moot.records, f"issue/{ULID[:-1]}1/{ann.text}")
    refused(moot, moot.make(ann, twice, twice), "record")


def test_plain_values_are_taken_out_where_they_stand(moot: Community, ann: Machine, bob: Machine) -> None:
    """Some programs choose among several people's values by taking out the others."""
    _, record, body = moot.record(ann)
    title = OpId(body.counter - 1, body.actor)
    moot.write(bob, op(Action.DELETE, record, "title", pred=[title]))
    refused(moot, moot.make(bob, op(Action.DELETE, record, "level", pred=[title])), "replaced")
    refused(moot, moot.make(bob, op(Action.DELETE, record, "title", pred=[body])), "replaced")


def test_nothing_takes_the_place_of_a_text(moot: Community, ann: Machine) -> None:
    _, record, body = moot.record(ann)
    for odd in (
        put(record, "body", "short"),
        put(record, "body", "short", body),
        op(Action.DELETE, record, "body", pred=[body]),
        op(Action.MAKE_LIST, record, "body", pred=[body]),
        op(Action.MAKE_LIST, record, "later"),
        op(Action.MAKE_MAP, record, "deeper"),
        op(Action.MAKE_TEXT, record, "deeper"),
        op(Action.INCREMENT, record, "title", 1, pred=[OpId(body.counter - 1, body.actor)]),
    ):
        refused(moot, moot.make(ann, odd), "structure")


def test_a_records_texts_are_made_with_it_each_in_a_place_of_its_own(moot: Community, ann: Machine) -> None:
    record = op(Action.MAKE_MAP, moot.records, f"issue/{ULID}/{ann.text}")
    body = op(Action.MAKE_LIST, here(0), "body")
    moot.admit(moot.make(ann, record, body, op(Action.MAKE_LIST, here(0), "plan")))
    refused(moot, moot.make(ann, record, body, body), "structure")
    refused(moot, moot.make(ann, record, put(here(0), "body", "x"), body), "structure")
    refused(moot, moot.make(ann, record, body, put(here(0), "body", "x")), "structure")
    refused(moot, moot.make(ann, record, body, op(Action.MAKE_LIST, here(1), HEAD, insert=True)), "element")


def test_a_field_replaces_what_stood_in_the_same_field_of_the_same_record(
    moot: Community, ann: Machine
) -> None:
    change, record, _ = moot.record(ann)
    other, _, _ = moot.record(ann, ULID[:-1] + "1")
    title, elsewhere = change.operations[1].id, other.operations[1].id
    refused(moot, moot.make(ann, put(record, "title", "x", elsewhere)), "replaced")
    refused(moot, moot.make(ann, put(record, "other", "x", title)), "replaced")
    refused(moot, moot.make(ann, put(record, "title", "x", record)), "replaced")
    refused(moot, moot.make(ann, put(record, "", "x")), "key")


def test_paragraphs_are_texts_that_replace_themselves_alone(moot: Community, ann: Machine) -> None:
    change, record, body = moot.record(ann)
    other, _, _ = moot.record(ann, ULID[:-1] + "1")
    one, two, elsewhere = change.operations[3].id, change.operations[4].id, other.operations[3].id
    for odd in (
        insert(body, HEAD, 7),
        put(body, one, 7, one),
        put(body, one, "x"),
        insert(body, elsewhere, "x"),
        put(body, elsewhere, "x", elsewhere),
        insert(body, record, "x"),
        put(body, "title", "x"),
        op(Action.MAKE_MAP, body, one, insert=True),
        op(Action.MAKE_LIST, body, one, pred=[one]),
        op(Action.INCREMENT, body, one, 1, pred=[one]),
        op(Action.MARK, body, one, True, insert=True),
    ):
        refused(moot, moot.make(ann, odd), "element")
    refused(moot, moot.make(ann, put(body, one, "x", two)), "replaced")
    refused(moot, moot.make(ann, op(Action.DELETE, body, one, pred=[one, two])), "replaced")


def test_nothing_happens_at_the_root(moot: Community, ann: Machine) -> None:
    said = moot.said
    for who in (ann, moot.founder):
        for odd in (
            put(None, "moot", 2, kind=ValueKind.UINT),
            put(None, "said", "gone", said),
            op(Action.DELETE, None, "said", pred=[said]),
            op(Action.MAKE_MAP, None, "more"),
        ):
            refused(moot, moot.make(who, odd), "root")


def test_what_is_written_into_is_a_record_or_its_text(moot: Community, ann: Machine) -> None:
    change, record, _ = moot.record(ann)
    refused(moot, moot.make(ann, put(change.operations[1].id, "x", 1)), "container")
    refused(moot, moot.make(ann, put(OpId(1, moot.founder.actor), "x", 1)), "container")
    refused(moot, moot.make(ann, put(OpId(record.counter, moot.founder.actor), "x", 1)), "unknown")
    refused(moot, moot.make(ann, put(OpId(record.counter, bytes(40)), "x", 1)), "unknown")


def test_what_is_named_was_there_when_the_change_was_made(
    moot: Community, ann: Machine, bob: Machine
) -> None:
    before = [moot.history.change(h) for h in moot.history.heads()]
    change, record, body = moot.record(ann)
    long_aside = [moot.write(bob, *[moot.saying(bob, "vote", str(n), {}) for n in range(9)], on=before)]
    for odd in (
        put(record, "title", "x"),
        insert(body, HEAD, "x"),
        moot.saying(bob, "vote", "x", {}, change.operations[1].id),
    ):
        made = moot.make(bob, odd, on=long_aside)
        refused(moot, made, "unknown")
    moot.write(bob, put(record, "title", "x", change.operations[1].id))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, None),
        (True, None),
        (False, None),
        (1 << 53, None),
        (-(1 << 53), None),
        (0.5, None),
        ("x", None),
        (b"x", None),
        (7, ValueKind.UINT),
        (0, ValueKind.TIMESTAMP),
        (253_402_300_799_999, ValueKind.TIMESTAMP),
    ],
)
def test_plain_values_are_taken(moot: Community, ann: Machine, value: Scalar, kind: ValueKind | None) -> None:
    _, record, _ = moot.record(ann)
    moot.write(ann, put(record, "field", value, kind=kind))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (5, ValueKind.COUNTER),
        (b"x", ValueKind.UNKNOWN),
        (-1, ValueKind.TIMESTAMP),
        (1 << 53, ValueKind.TIMESTAMP),
        (math.nan, None),
        (math.inf, None),
        ((1 << 53) + 1, None),
        (-(1 << 60), None),
        (1 << 63, ValueKind.UINT),
    ],
)
def test_values_that_not_everyone_can_read_are_refused(
    moot: Community, ann: Machine, value: Scalar, kind: ValueKind | None
) -> None:
    _, record, _ = moot.record(ann)
    refused(moot, moot.make(ann, put(record, "field", value, kind=kind)), "value")
