"""What people wrote together: containers overwritten, records taken over, values that nobody can read."""

from __future__ import annotations

import pytest

from moot_client.replica.commands import Edit
from moot_client.sync.once import sync_once
from moot_client.views.agenda import agenda
from moot_client.views.people import members
from moot_client.views.rows import record
from moot_shared.format.change import HEAD, Action, OpId, ValueKind
from tests.adversary.stage import BODY, Stage, plays
from tests.helpers.attacker import Attacker
from tests.helpers.cohort import issue, paragraphs, values
from tests.helpers.community import here, insert, op, put

ULID = "01J8ZQ6T3KDWM0000000000000"


def record_of(ted: Attacker, key: str) -> tuple[OpId, OpId]:
    """A record's map, and its body."""
    (made,) = [c for c in ted.pull().changes() if any(o.key == key for o in c.operations)]
    (record,) = [o.id for o in made.operations if o.key == key]
    (body,) = [o.id for o in made.operations if o.key == "body"]
    return record, body


@plays("M3")
def test_nothing_is_put_over_what_people_wrote_together(stage: Stage) -> None:
    ted = stage.attacker()
    record, body = record_of(ted, stage.issue)
    for attempt in (
        put(record, "body", "gone"),
        put(record, "body", "gone", body),
        op(Action.MAKE_LIST, record, "body", pred=[body]),
        op(Action.MAKE_LIST, record, "body"),
        op(Action.MAKE_MAP, record, "body"),
        op(Action.DELETE, record, "body", pred=[body]),
        op(Action.MAKE_LIST, record, "plan of mine"),  # a list that two could make at once
        op(Action.MAKE_MAP, record, "other"),
    ):
        stage.refused(ted, ted.sealed(ted.make(attempt)), code="structure")


@plays("M3")
def test_a_record_is_not_taken_out_or_put_over(stage: Stage) -> None:
    ted = stage.attacker()
    record, _ = record_of(ted, stage.issue)
    for attempt in (
        op(Action.DELETE, ted.moot.records, stage.issue, pred=[record]),
        op(Action.MAKE_MAP, ted.moot.records, stage.issue, pred=[record]),
        put(ted.moot.records, stage.issue, "gone", record),
    ):
        stage.refused(ted, ted.sealed(ted.make(attempt)), code="record")
    shadow = ted.make(op(Action.MAKE_MAP, ted.moot.records, stage.issue))
    stage.refused(ted, ted.sealed(shadow), code="not yours")


@plays("M1")
def test_a_record_is_not_made_in_anothers_name(stage: Stage) -> None:
    ted = stage.attacker()
    ted.pull()
    forged = ted.make(
        op(Action.MAKE_MAP, ted.moot.records, f"issue/{ULID}/{stage.joon.me}"),
        put(here(0), "title", "I resign"),
    )
    stage.refused(ted, ted.sealed(forged), code="not yours")


@plays("M3")
def test_words_in_a_record_of_ones_own_are_not_hidden_by_a_second_record_of_that_name(stage: Stage) -> None:
    """Ted opens an issue, Joon writes into it, and Ted puts an empty one in its place: both are shown."""
    ted = stage.attacker()
    ted.pull()
    key = f"issue/{ULID}/{ted.key}"
    made = ted.make(
        op(Action.MAKE_MAP, ted.moot.records, key),
        put(here(0), "title", "Rosters come late"),
        op(Action.MAKE_LIST, here(0), "body"),
    )
    assert ted.push(ted.sealed(made)) == []
    sync_once(stage.joon)
    stage.joon.do(Edit(key, {"body": "Joon's words."}))
    stage.meet()
    ted.pull()
    again = ted.make(op(Action.MAKE_MAP, ted.moot.records, key), put(here(0), "title", "Nothing here"))
    assert ted.push(ted.sealed(again)) == []
    stage.meet()
    for replica in stage.honest:
        shown = record(replica.reader(), key)
        assert shown
        assert shown.row.title_line == "Nothing here"
        assert str(getattr(shown.row, "body")) == "Joon's words."  # noqa: B009  of whichever kind it is
        assert [version.value for version in shown.row.others["title"]] == ["Rosters come late"]


@plays("M3")
def test_paragraphs_that_somebody_takes_out_are_still_in_everybodys_history(stage: Stage) -> None:
    """Shared texts are shared: anybody may edit them. It is named who did, and the words are brought back."""
    ted = stage.attacker()
    _, body = record_of(ted, stage.issue)
    elements = [o.id for c in ted.moot.changes() for o in c.operations if o.obj == body and o.insert]
    wiped = ted.make(*(op(Action.DELETE, body, element, pred=[element]) for element in elements))
    assert ted.push(ted.sealed(wiped)) == []
    stage.meet()
    for replica in stage.honest:
        assert values(replica, stage.issue)["body"] == ""
        kept = [str(operation.value) for change in ted.moot.changes() for operation in change.operations]
        assert all(paragraph in kept for paragraph in BODY.split("\n\n"))
    stage.joon.do(Edit(stage.issue, {"body": BODY}))
    stage.meet()
    assert paragraphs(stage.mara, stage.issue, "body")[0][2] == stage.joon.me


@plays("M3", "M8")
def test_fields_that_somebody_takes_out_leave_pages_that_can_be_shown_and_mended(stage: Stage) -> None:
    """Every plain value of an issue and of the community itself, and Ted's own vote and profile."""
    ted = stage.attacker()
    ted.pull()
    mine = ted.make(
        ted.moot.saying(ted.machine, "profile", "me", {"name": "Ted"}),
        ted.moot.saying(ted.machine, "vote", stage.issue, {"dots": 5}),
    )
    assert ted.push(ted.sealed(mine)) == []
    ted.pull()
    standing = {(o.obj, o.key): o for c in ted.moot.changes() for o in c.operations if not o.insert}
    records = {o.id for c in ted.moot.changes() for o in c.operations if o.obj == ted.moot.records}
    gone = [
        op(Action.DELETE, obj, key, pred=[o.id])
        for (obj, key), o in standing.items()
        if o.action is Action.PUT
        and (
            obj in records
            or (obj == ted.moot.said and str(key).startswith(ted.key) and "/join/" not in str(key))
        )
    ]
    assert len(gone) > 4
    assert ted.push(ted.sealed(ted.make(*gone))) == []
    stage.meet()
    for replica in stage.honest:
        (row,) = [row for row in agenda(replica.reader(), replica.me).rows if row.key == stage.issue]
        assert row.voters == 3
        assert agenda(replica.reader(), replica.me).budget > 0
        assert members(replica.reader(), replica.me)
    stage.joon.do(Edit(stage.issue, {"title": "Handover loses facts"}))
    stage.meet()
    assert values(stage.mara, stage.issue)["title"] == "Handover loses facts"


@plays("M3")
def test_a_paragraph_is_not_taken_out_from_another_text(stage: Stage) -> None:
    ted = stage.attacker()
    _, body = record_of(ted, stage.issue)
    (element, *_) = [o.id for c in ted.moot.changes() for o in c.operations if o.obj == body and o.insert]
    own = ted.make(
        op(Action.MAKE_MAP, ted.moot.records, f"issue/{ULID}/{ted.key}"),
        op(Action.MAKE_LIST, here(0), "body"),
        insert(here(1), HEAD, "mine"),
        put(here(1), here(2), "mine still", here(2), element),
    )
    stage.refused(ted, ted.sealed(own), code="replaced")


@plays("M8", "H2")
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ValueKind.COUNTER, 1),
        (ValueKind.TIMESTAMP, -(1 << 62)),
        (ValueKind.TIMESTAMP, 1 << 62),
        (ValueKind.UINT, (1 << 64) - 1),
        (ValueKind.INT, -(1 << 63)),
        (ValueKind.FLOAT, float("nan")),
        (ValueKind.FLOAT, float("inf")),
    ],
)
def test_values_at_which_programs_break_are_refused(stage: Stage, kind: ValueKind, value: float) -> None:
    """Reading a counter or a far-off time panics past `except Exception` in the binding."""
    ted = stage.attacker()
    record, _ = record_of(ted, stage.issue)
    odd = ted.make(put(record, "priority", value, kind=kind))
    stage.refused(ted, ted.sealed(odd), code="value")


@plays("M8", "H2")
def test_what_the_rules_do_not_know_is_refused_in_texts_and_fields(stage: Stage) -> None:
    ted = stage.attacker()
    record, body = record_of(ted, stage.issue)
    inside = [o for c in ted.moot.changes() for o in c.operations if o.obj in (record, body)]
    title = next(o.id for o in inside if o.key == "title")
    element = next(o.id for o in inside if o.insert)
    for attempt, code in (
        (op(Action.INCREMENT, record, "title", 5, pred=[title]), "structure"),
        (op(Action.MAKE_TEXT, record, "title"), "structure"),
        (op(Action.MAKE_MAP, body, element, insert=True), "element"),
        (insert(body, HEAD, 5), "element"),
        (put(body, "word", "as if it were a map"), "element"),
        (put(record, element, "as if it were a list"), "key"),
        (insert(body, OpId(1, ted.machine.actor), "after nothing"), "unknown"),
        (put(OpId(5, bytes(40)), "title", "nowhere"), "unknown"),
    ):
        stage.refused(ted, ted.sealed(ted.make(attempt)), code=code)


@plays("M8")
def test_what_somebody_else_has_yet_to_make_is_not_written_to(stage: Stage) -> None:
    """An operation may name only what is among its ancestors, or replicas could not all apply it."""
    ted = stage.attacker()
    before = list(ted.pull().changes())
    later = issue(stage.joon, "Concurrent")
    stage.meet()
    record, _ = record_of(ted, later)
    heads = [c for c in before if not any(c.hash in other.deps for other in before)]
    early = ted.make(put(record, "title", "too early"), on=heads)
    stage.refused(ted, ted.sealed(early), code="unknown")
