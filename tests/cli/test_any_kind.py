"""A kind that is declared and no more has commands at once: nothing is written twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from moot_shared.kinds import RECORDS, Record
from moot_shared.kinds.fields import Choice, Line, Prose
from tests.cli.shell import Shell


@pytest.fixture(autouse=True)
def _offers() -> Iterator[None]:
    """The example of docs/architecture.md."""

    class Offer(Record, name="offer", place="people"):
        """Something that a member can share with others."""

        title = Line("I can share", required=True, search=True)
        how = Choice("How", ("talk", "shadowing", "document", "demo"))
        about = Prose("More about it", search=True)

    yield
    del RECORDS[Offer.name_of_kind]


@pytest.mark.slow
def test_a_new_kind_is_listed_added_shown_edited_archived_found_and_exported(ann: Shell) -> None:
    assert "No offers here yet" in ann.seen("offers").good().out
    short = ann.id("offer", "add", "Running a case clinic", "--how", "shadow", "--about", "One.\n\nTwo.")
    assert ann.seen("offers").good().out.splitlines() == [
        "id    how        offer",
        f"{short}  shadowing  Running a case clinic",
    ]
    ann("offer", "edit", short, "--how", "demo").good()
    ann("comment", short, "Yes please").good()
    page = ann("offer", "show", short, "--json").good().json
    assert (page["how"], page["about"], page["comments"][0]["text"]) == ("demo", "One.\n\nTwo.", "Yes please")
    shown = ann("offer", "show", short).good().out
    assert "How: demo" in shown
    assert "More about it\n  One.\n\n  Two." in shown
    assert "Running a case clinic" in ann("find", "clinic").out
    ann("export", str(ann.home / "out")).good()
    assert "- How: demo" in next((ann.home / "out" / "offers").glob("*.md")).read_text()
    assert "is changed, and archived" in ann("offer", "archive", short).good().out
    assert ann("offers", "--json").json == []
    assert len(ann("offers", "--archived", "--json").json) == 1


def test_its_bad_input_is_as_clear_as_any(ann: Shell) -> None:
    assert "I can share is empty" in ann("offer", "add").refused()
    assert "How is one of: talk" in ann("offer", "add", "x", "--how", "telepathy").refused()
    assert "no offer whose id begins" in ann("offer", "show", "zzzz").refused()
