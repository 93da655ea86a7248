"""What people do with a document at a relay, with the JavaScript client as it comes from npm."""

from __future__ import annotations

from tests.javascript.conftest import Opens, Relay

TEXT = "The quick brown fox jumps over the lazy dog."


def test_what_one_creates_another_finds(relay: Relay, opens: Opens) -> None:
    mara, joon = opens("mara", relay), opens("joon", relay)
    value = {"title": "Handover", "votes": {"mara": 3}, "steps": ["one", "two"]}
    document = mara("create", value=value)
    mara("stored", document=document)
    assert joon("find", document=document) == {"value": value}


def test_edits_of_both_reach_both(relay: Relay, opens: Opens) -> None:
    mara, joon = opens("mara", relay), opens("joon", relay)
    document = mara("create", value={"list": []})
    mara("stored", document=document)
    joon("find", document=document)
    for number in range(5):
        mara.change(document, ["put", [f"mara {number}"], number])
        joon.change(document, ["put", [f"joon {number}"], number])
        joon.sees(document, number, f"mara {number}")
        mara.sees(document, number, f"joon {number}")
    joon("until", document=document, heads=mara("heads", document=document))
    assert mara.read(document) == joon.read(document)


def test_ten_who_write_at_once_end_with_the_same(relay: Relay, opens: Opens) -> None:
    first = opens("writer", relay)
    document = first("create", value={})
    first("stored", document=document)
    writers = [first, *(opens("writer", relay) for _ in range(9))]
    for writer in writers:
        writer("find", document=document)
    for number, writer in enumerate(writers):
        edits = [[["put", [f"{number}"], step]] for step in range(20)]
        writer("changes", document=document, all=edits)
    for writer in writers:
        for number in range(len(writers)):
            writer.sees(document, 19, f"{number}")
    assert len({str(sorted(writer.read(document).items())) for writer in writers}) == 1


def test_text_is_written_by_two_at_once(relay: Relay, opens: Opens) -> None:
    mara, joon = opens("mara", relay), opens("joon", relay)
    document = mara("create", value={"text": TEXT, "other": "begun"})
    mara("stored", document=document)
    joon("find", document=document)
    mara.change(document, ["splice", ["text"], 4, 5, "slow"])
    joon.change(document, ["updateText", ["text"], TEXT.replace("lazy", "sleeping")])
    joon.change(document, ["updateText", ["other"], "begun, and gone on with 引き継ぎ 🦊"])
    both = TEXT.replace("quick", "slow").replace("lazy", "sleeping")
    for each in (mara, joon):
        each.sees(document, both, "text")
        each.sees(document, "begun, and gone on with 引き継ぎ 🦊", "other")


def test_marks_and_blocks_come_along(relay: Relay, opens: Opens) -> None:
    mara, joon = opens("mara", relay), opens("joon", relay)
    document = mara("create", value={"text": TEXT})
    mara("stored", document=document)
    joon("find", document=document)
    range_of = {"start": 4, "end": 9, "expand": "both"}
    heads = mara.change(
        document,
        ["mark", ["text"], range_of, "bold", True],
        ["mark", ["text"], range_of | {"expand": "none"}, "link", "https://example.org"],
        ["unmark", ["text"], {"start": 4, "end": 6, "expand": "after"}, "bold"],
        ["splitBlock", ["text"], 20, {"type": {"immutable": "paragraph"}, "parents": [], "attrs": {}}],
    )
    joon("until", document=document, heads=heads)
    marks = joon("marks", document=document, path=["text"])
    assert marks == mara("marks", document=document, path=["text"])
    assert {(mark["name"], mark["start"], mark["end"]) for mark in marks} >= {("bold", 6, 9), ("link", 4, 9)}


def test_counters_add_up(relay: Relay, opens: Opens) -> None:
    mara, joon = opens("mara", relay), opens("joon", relay)
    document = mara("create", value={"dots": {"counter": 5}})
    mara("stored", document=document)
    joon("find", document=document)
    mara.change(document, ["add", ["dots"], 3])
    joon.change(document, ["add", ["dots"], -10])
    for each in (mara, joon):
        each.sees(document, {"counter": -2}, "dots")


def test_values_of_every_kind_arrive_as_they_were(relay: Relay, opens: Opens) -> None:
    mara, joon = opens("mara", relay), opens("joon", relay)
    value = {
        "nothing": None,
        "yes": True,
        "no": False,
        "large": 2**53 - 1,
        "small": -(2**53) + 1,
        "half": 0.5,
        "date": {"date": 1_770_000_000_000},
        "early": {"date": -1},
        "bytes": {"bytes": "AP+A"},
        "no bytes": {"bytes": ""},
        "text": "Übergabe 引き継ぎ 🗒️",
        "immutable": {"immutable": "a scalar"},
        "deep": {"a": {"b": [1, [2, [3, {"c": None}]]]}},
        "": "a key of nothing",
    }
    document = mara("create", value=value)
    mara("stored", document=document)
    assert joon("find", document=document) == {"value": value}


def test_a_table_from_an_older_library_passes(relay: Relay, opens: Opens) -> None:
    mara, joon = opens("mara", relay), opens("joon", relay)
    document = mara("create", table="table")
    mara.change(document, ["put", ["more"], "written since"])
    heads = mara("stored", document=document)
    joon("find", document=document)
    joon("until", document=document, heads=heads)
    assert joon.read(document) == {"table": [], "more": "written since"} == mara.read(document)


def test_things_are_put_deleted_and_inserted(relay: Relay, opens: Opens) -> None:
    mara, joon = opens("mara", relay), opens("joon", relay)
    document = mara("create", value={"list": [1, 2, 3], "map": {"a": 1, "b": 2}})
    mara("stored", document=document)
    joon("find", document=document)
    mara.change(document, ["insert", ["list"], 1, ["x", {"date": 0}]], ["delete", ["map", "a"]])
    joon.change(document, ["delete", ["list", 0]], ["put", ["map", "c"], {"d": [True]}])
    for each in (mara, joon):
        each.sees(document, ["x", {"date": 0}, 2, 3], "list")
        each.sees(document, {"b": 2, "c": {"d": [True]}}, "map")
