from __future__ import annotations

from moot_client.views.standing import STORED_BY, standing
from tests.views.sheet import ACTORS, ANN, BEN, Sheet

A, B = ACTORS["ann"], ACTORS["ben"]
OLD = A[:32] + b"\1" * 8


def chain() -> Sheet:
    """ann's old machine, then ann 1, ben 1 (after it), ann 2 and ann 3 on top."""
    sheet = Sheet(ANN, BEN)
    sheet.db.execute("DELETE FROM change")
    sheet._seq.clear()
    sheet.change(ANN, actor=OLD)
    sheet.change(ANN, (sheet.hash_of(OLD, 1),))
    sheet.change(BEN, (sheet.hash_of(A, 1),))
    sheet.change(ANN, (sheet.hash_of(B, 1),))
    sheet.change(ANN, (sheet.hash_of(A, 2),))
    return sheet


def receipt(sheet: Sheet, *heads: bytes) -> int:
    sheet.db.execute("INSERT OR REPLACE INTO receipt VALUES (?,?,7,x'')", (B, b"".join(heads)))
    (holder,) = standing(sheet.db, ANN).holders
    assert (holder.member.label, holder.at) == ("Ben", 7)
    return holder.lacks


def test_nothing_is_called_stored_before_the_relay_said_so() -> None:
    sheet = chain()
    view = standing(sheet.db, ANN)
    assert (view.changes, view.waiting, view.stored_at, view.relay) == (5, 4, None, "")
    sheet.db.execute("INSERT INTO stored VALUES (?, 2, 99), (?, 1, 100)", (A, B))
    view = standing(sheet.db, ANN)
    assert (view.waiting, view.stored_at) == (2, 99)


def test_what_an_earlier_relay_has_stored_is_said_of_that_one() -> None:
    sheet = chain()
    sheet.db.execute("INSERT INTO stored VALUES (?, 2, 99)", (A,))
    sheet.db.execute("INSERT INTO own VALUES ('relay', 'ws://new.example')")
    assert standing(sheet.db, ANN).elsewhere == ""
    sheet.db.execute("INSERT INTO own VALUES (?, 'ws://old.example')", (STORED_BY,))
    view = standing(sheet.db, ANN)
    assert (view.relay, view.elsewhere) == ("ws://new.example", "ws://old.example")
    sheet.db.execute("UPDATE own SET value = 'ws://new.example' WHERE name = ?", (STORED_BY,))
    assert standing(sheet.db, ANN).elsewhere == ""


def test_a_receipt_counts_for_what_its_heads_are_built_on() -> None:
    sheet = chain()
    assert receipt(sheet, sheet.hash_of(A, 3)) == 0
    assert receipt(sheet, sheet.hash_of(B, 1)) == 2
    assert receipt(sheet, sheet.hash_of(OLD, 1)) == 3
    assert receipt(sheet, sheet.hash_of(OLD, 1), sheet.hash_of(A, 2)) == 1


def test_heads_that_are_not_here_never_make_a_claim_larger() -> None:
    sheet = chain()
    assert receipt(sheet, b"\x09" * 32) == 4
    assert receipt(sheet) == 4


def test_a_change_of_mine_that_was_refused_is_shown_and_somebody_elses_is_not() -> None:
    sheet = chain()
    sheet.db.execute("INSERT INTO refused VALUES (?, 'late', 'It was late.', 3, ?)", (b"mine", b"bytes"))
    sheet.db.execute("INSERT INTO refused VALUES (?, 'late', 'Theirs was late.', 4, NULL)", (b"theirs",))
    view = standing(sheet.db, ANN)
    assert [(refusal.reason, refusal.at) for refusal in view.refused] == [("It was late.", 3)]


def test_the_home_relay_is_what_a_convenor_said_last() -> None:
    sheet = chain()
    sheet.say(ANN, "relay", "home", n=2, url="wss://new")
    sheet.say(BEN, "relay", "home", n=9, url="wss://not-a-convenor")
    assert standing(sheet.db, ANN).relay == "wss://new"
