from __future__ import annotations

import pytest

from moot_client.views.people import members, people, told_apart
from moot_shared.errors import NotFound
from tests.views.sheet import ANN, BEN, CAT, DAN, Sheet


def test_equal_names_are_told_apart_by_a_little_of_the_key() -> None:
    sheet = Sheet()
    sheet.say(BEN, "profile", "me", name="  Ann\u200b ")
    sheet.say(CAT, "profile", "me", name="ANN")
    assert {member.label for member in members(sheet.db, ANN)} == {
        f"Ann ({ANN[:4]})",
        f"Ann ({BEN[:4]})",
        f"ANN ({CAT[:4]})",
    }


def test_a_key_that_looks_like_an_option_can_be_typed() -> None:
    odd = "-_" + BEN[2:]
    sheet = Sheet(ANN, CAT)
    sheet.db.execute("UPDATE member SET key = ? WHERE key = ?", (odd, CAT))
    assert people(sheet.db, ANN).find(odd[2:8]).key == odd


def test_what_stands_in_brackets_behind_a_name_can_be_typed_as_it_stands() -> None:
    odd = "-_" + BEN[2:]
    assert set(told_apart({odd: "Kim", CAT: "Kim"}).values()) == {f"Kim ({BEN[2:6]})", f"Kim ({CAT[:4]})"}
    sheet = Sheet(ANN, CAT)
    sheet.db.execute("UPDATE member SET key = ? WHERE key = ?", (odd, CAT))
    known = people(sheet.db, ANN)
    assert known[odd].label == f"someone new ({BEN[2:6]})"
    assert known.find(BEN[2:6]).key == odd


def test_any_word_of_a_name_or_its_beginning_finds_a_member() -> None:
    sheet = Sheet()
    sheet.say(BEN, "profile", "me", name="Ben Ökafor")
    sheet.say(CAT, "profile", "me", name="Kaforda")
    known = people(sheet.db, ANN)
    assert {known.find(typed).key for typed in ("ben", "Be", "ökafor", "öka")} == {BEN}
    assert known.find("kafor").key == CAT


def test_nobody_called_so_says_whom_it_might_be_and_takes_nobody_for_them() -> None:
    sheet = Sheet()
    sheet.say(BEN, "profile", "me", name="Ben Okafor")
    known = people(sheet.db, ANN)
    for typed in ("bne", "Bem", "okafro", "kafo", "Ben Smith"):
        with pytest.raises(NotFound, match="Did you mean Ben Okafor"):
            known.find(typed)
    for typed in ("", "x", "Nobody", "\x1b[2J", "b" * 9_000):
        with pytest.raises(NotFound) as told:
            known.find(typed)
        assert "Did you mean" not in str(told.value)
        assert "\x1b" not in str(told.value)
        assert len(str(told.value)) < 150


def test_somebody_who_is_here_and_cannot_be_meant_is_told_apart_from_nobody() -> None:
    sheet = Sheet()
    sheet.say(BEN, "profile", "me", name="Ben")
    sheet.say(CAT, "profile", "me", name="Cat")
    known = people(sheet.db, ANN)
    with pytest.raises(NotFound, match=r"Ben is here, and this is not about them\. It may be: Cat\."):
        known.find("ben", [known[CAT]])
    with pytest.raises(NotFound, match=r"That is you, and this is not about you\. It may be: Cat\."):
        known.find(known[ANN].label, [known[CAT]])


def test_somebody_without_a_name_is_someone_new() -> None:
    sheet = Sheet()
    sheet.say(BEN, "profile", "me", name="\u2066\u200b")
    assert people(sheet.db, ANN)[BEN].label == f"someone new ({BEN[:4]})"
    assert people(sheet.db, ANN)[DAN].label == f"someone new ({DAN[:4]})"


def test_names_cannot_steer_a_terminal() -> None:
    sheet = Sheet()
    sheet.say(BEN, "profile", "me", name="Ben\x1b[31m\nEve")
    assert people(sheet.db, ANN)[BEN].label == "Ben\u241b[31m Eve"


def test_removed_members_come_last_and_are_not_counted() -> None:
    sheet = Sheet()
    sheet.db.execute("UPDATE member SET removed = 1 WHERE key = ?", (ANN,))
    known = people(sheet.db, BEN)
    assert [member.label for member in known] == ["Ben", "Cat", "Ann"]
    assert len(known) == 2
    assert known[BEN].me
    assert known[BEN].invited_by == ANN
