"""Exports: Markdown that reads well, JSON that is complete, and folders that are treated with care."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from moot_client.export import write
from moot_client.export.names import paths, slug
from moot_client.home import Place
from moot_client.store.store import Store
from moot_client.views.rows import records
from moot_shared.errors import InputError, StorageError
from moot_shared.kinds import Issue
from tests.views.sheet import ANN, BEN, CAT, Sheet

PLACE = Place(Path("nowhere"), b"\x01" * 32, "Northern cohort", "", "Ann", ANN)
HOSTILE = "# [x](javascript:1) <script>alert(1)</script> \x1b[31m | *b* `c`\n```"


@pytest.fixture
def sheet() -> Sheet:
    sheet = Sheet()
    sheet.record(ANN, "community", 1, name="Northern cohort", purpose=[["1@00", "We meet.", ANN, False]])
    key = sheet.record(
        ANN, "issue", 10, title="Handover: <b>facts</b> get lost",
        body=[["1@00", "Told in the corridor.", ANN, True], ["2@00", "Told at the door.", BEN, True]],
        others={"level": [["organisation", BEN]]}, later=5,
    )  # fmt: skip
    sheet.say(BEN, "vote", key, dots=3, why="It costs us")
    sheet.say(CAT, "vote", key, dots=0)
    sheet.say(BEN, "comment", f"{key}/01A", text="I see this too", mood="new field")
    review = sheet.record(BEN, "review", 11, title="The pilot", issue=key)
    sheet.say(CAT, "note", f"{review}/next", text="Shorter")
    sheet.say(CAT, "note", f"{review}/happened", text="It was long")
    sheet.say(ANN, "note", f"{review}/next", text="The same again")
    lesson = sheet.record(CAT, "lesson", 12, statement="Read it back", source=review)
    sheet.say(ANN, "use", f"{lesson}/01A", state="tried", where="Line 3")
    sheet.record(CAT, "experiment", 13, title="From the future", body=[["1@00", "Words", CAT, False]])
    sheet.say(CAT, "ballot", f"{key}/1", choice="yes")
    sheet.db.execute("INSERT INTO statement VALUES (?,?,'vote',?,?,5,'not json','[\"x\"]',9)", (
        f"{ANN}/vote/{key}", ANN, key, key,
    ))  # fmt: skip
    return sheet


def exported(sheet: Sheet, folder: Path, format: str = "markdown") -> dict[str, str]:
    return {name: (folder / name).read_text() for name in write(sheet.db, PLACE, folder, format)}


def test_markdown_reads_well(sheet: Sheet, tmp_path: Path) -> None:
    files = exported(sheet, tmp_path / "out")
    assert sorted(name.partition("/")[0] for name in files) == [
        "README.md",
        "activity.svg",
        "agenda.svg",
        "issues",
        "lessons",
        "members.md",
        "newer-experiment",
        "reviews",
    ]
    index = files["README.md"]
    assert index.startswith("# Northern cohort\n\n> We meet.\n")
    assert "## Reviews\n\n- [The pilot](reviews/the-pilot-" in index
    assert ") - tried\n" in index
    issue = next(text for name, text in files.items() if name.startswith("issues/"))
    assert issue.startswith("# Handover: \\<b\\>facts\\</b\\> get lost\n")
    for words in (
        "*Ann, at the same time:*\n\n> Told in the corridor.",
        "- Level, by Ben: organisation",
        "## Votes\n",
        "**Ben 1970-01-01**\n\nDots: 3\n\nWhy:\n\n> It costs us\n",
        "I see this too",
        '"mood": "new field"',
        "## ballot (made with a newer Moot)",
        '"later": 5',
        "not json",
    ):
        assert words in issue
    assert issue.count("**Cat") == 1  # the ballot; the vote that was taken back says nothing
    review = next(text for name, text in files.items() if name.startswith("reviews/"))
    assert review.index("It was long") < review.index("Shorter")
    assert "- Issue: [Handover: \\<b\\>facts\\</b\\> get lost](../issues/" in review
    newer = next(text for name, text in files.items() if name.startswith("newer-"))
    assert '"body": "Words"' in newer
    assert "- Role: convenor" in files["members.md"]


def test_links_between_files_lead_somewhere(sheet: Sheet, tmp_path: Path) -> None:
    files = exported(sheet, tmp_path)
    for name, text in files.items():
        for target in (part.split(")")[0] for part in text.split("](")[1:]):
            assert ((tmp_path / name).parent / target).resolve().is_file(), (name, target)


def test_json_is_complete(sheet: Sheet, tmp_path: Path) -> None:
    whole = json.loads(exported(sheet, tmp_path, "json")["community.json"])
    assert (whole["format"], whole["version"], whole["community"]["id"]) == ("moot-export", 1, "01" * 32)
    by_kind = {record["kind"]: record for record in whole["records"]}
    assert set(by_kind) == {"community", "issue", "review", "lesson", "experiment"}
    issue = by_kind["issue"]
    assert issue["fields"]["later"] == 5
    assert issue["fields"]["body"] == "Told in the corridor.\n\nTold at the door."
    assert [p["doubled"] for p in issue["paragraphs"]["body"]] == [True, True]
    assert issue["other_versions"] == {"level": [{"value": "organisation", "author": BEN}]}
    assert by_kind["experiment"]["fields"]["body"] == "Words"
    (count,) = sheet.db.execute("SELECT count(*) FROM statement").fetchone()
    assert len(whole["statements"]) == count
    comment = next(s for s in whole["statements"] if s["kind"] == "comment")
    assert comment["fields"] == {"text": "I see this too", "mood": "new field"}
    assert json.loads(comment["text"])["mood"] == "new field"
    broken = next(s for s in whole["statements"] if s["text"] == "not json")
    assert (broken["fields"], broken["others"]) == ({}, ["x"])
    assert [m["name"] for m in whole["members"]] == ["Ann", "Ben", "Cat"]


def test_hostile_words_neither_steer_a_terminal_nor_run_in_a_browser(tmp_path: Path) -> None:
    sheet = Sheet()
    key = sheet.record(ANN, "issue", 10, title=HOSTILE, body=HOSTILE, now=HOSTILE)
    sheet.say(BEN, "comment", f"{key}/01A", text=HOSTILE)
    sheet.say(BEN, "profile", "me", name=HOSTILE, about=HOSTILE)
    sheet.say(BEN, "ballot", f"{key}/1", text=HOSTILE)
    for name, text in exported(sheet, tmp_path).items():
        assert "\x1b" not in text
        outside_code = "".join(text.split("```json")[::2])
        assert "<script" not in outside_code.replace("\\<", ""), name
    issue = next(tmp_path.glob("issues/*.md")).read_text()
    assert issue.startswith("# # \\[x\\](javascript:1) \\<script\\>")


def test_file_names_are_safe_and_never_two_alike() -> None:
    assert slug("../../etc/passwd\0") == "etc-passwd"
    assert slug("Über „Qualität“ & Co.") == "uber-qualitat-co"
    assert slug("👩‍👩‍👧") == ""
    assert len(slug("x" * 500)) == 48
    sheet = Sheet()
    sheet.record(ANN, "issue", 10, title="Same")
    sheet.record(BEN, "issue", 10, title="Same")
    sheet.record(BEN, "issue", 12, title="👩‍👩‍👧")
    named = paths(stored.row for stored in records(sheet.db, Issue))
    assert len({path.casefold() for path in named.values()}) == 3
    assert all(path.isascii() and ".." not in path for path in named.values())


def test_an_export_can_be_made_again_in_the_same_folder(sheet: Sheet, tmp_path: Path) -> None:
    first = exported(sheet, tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    sheet.db.execute(
        "UPDATE record SET value = replace(value, 'The pilot', 'The trial') WHERE kind = 'review'"
    )
    second = exported(sheet, tmp_path)
    assert exported(sheet, tmp_path, "json")
    there = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert there == {*second, "community.json", "notes.txt", ".moot-export.json"}
    assert set(first) - set(second)


def test_somebody_elses_folder_is_left_alone(sheet: Sheet, tmp_path: Path) -> None:
    (tmp_path / "thesis.md").write_text("years of work")
    with pytest.raises(InputError, match="something else in it"):
        exported(sheet, tmp_path)
    with pytest.raises(InputError, match="is a file"):
        exported(sheet, tmp_path / "thesis.md")
    exported(sheet, tmp_path / "out")
    other = Place(Path("nowhere"), b"\x02" * 32, "Other", "", "Ann", ANN)
    with pytest.raises(InputError, match="another community"):
        write(sheet.db, other, tmp_path / "out")
    (tmp_path / "out" / ".moot-export.json").write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        exported(sheet, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["thesis.md"]


def test_a_list_that_names_files_elsewhere_removes_nothing(sheet: Sheet, tmp_path: Path) -> None:
    (tmp_path / "keep.md").write_text("keep")
    out = tmp_path / "out"
    exported(sheet, out)
    listed = json.loads((out / ".moot-export.json").read_text())
    listed["files"]["markdown"] += ["../keep.md", "/etc/passwd", "issues/../../keep.md"]
    (out / ".moot-export.json").write_text(json.dumps(listed))
    exported(sheet, out)
    assert (tmp_path / "keep.md").read_text() == "keep"


def test_a_disk_that_takes_nothing_is_a_sentence_and_leaves_no_half_file(
    sheet: Sheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        exported(sheet, tmp_path / "out")
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


def test_the_kept_community_exports(tmp_path: Path) -> None:
    kept = next((Path(__file__).parents[1] / "fixtures").glob("**/store.db"), None)
    if kept is None:
        pytest.skip("no kept community in this checkout")
    copy = tmp_path / "store.db"
    copy.write_bytes(kept.read_bytes())
    db: sqlite3.Connection = Store(copy).reader()
    for name in ("markdown", "json"):
        assert write(db, PLACE, tmp_path / name, name)
