from __future__ import annotations

import pytest

from moot_client.views.find import Ids, record_key
from moot_client.views.search import search
from moot_shared.errors import InputError, NotFound
from moot_shared.ids import RecordKey
from tests.views.sheet import ANN, Sheet


@pytest.fixture
def sheet() -> Sheet:
    sheet = Sheet()
    for number, title in ((0x1111 << 64, "One"), (0x2222 << 64, "Two"), ((0x2222 << 64) + 1, "Like two")):
        sheet.record(ANN, "issue", number, title=title)
    return sheet


def test_short_ids_are_unique_and_lead_back(sheet: Sheet) -> None:
    ids = Ids(sheet.db)
    keys = [key for (key,) in sheet.db.execute("SELECT key FROM record")]
    short = {ids.short(RecordKey.parse(key).handle): key for key in keys}
    assert len(short) == 3
    assert {len(prefix) for prefix in short} == {4, 16}
    for prefix, key in short.items():
        assert record_key(sheet.db, prefix) == key
        assert record_key(sheet.db, f" #{prefix.upper()} ", "issue") == key
        assert record_key(sheet.db, key) == key


def test_an_ambiguous_prefix_names_the_candidates(sheet: Sheet) -> None:
    with pytest.raises(InputError, match=r"‘Two’.*‘Like two’.*few more characters"):
        record_key(sheet.db, RecordKey.parse(search(sheet.db, ANN, "like").hits[0].key).handle[:6])


@pytest.mark.parametrize("wanted", ["zzzz", "%", "_", "issue/zz", "\x1b[31m", "long" * 500])
def test_an_unknown_id_says_what_lists_them(sheet: Sheet, wanted: str) -> None:
    with pytest.raises(NotFound, match="moot issues") as trouble:
        record_key(sheet.db, wanted, "issue")
    assert "\x1b" not in str(trouble.value)
    assert len(str(trouble.value)) < 150


def test_an_id_of_another_kind_says_so(sheet: Sheet) -> None:
    key = sheet.record(ANN, "review", 5 << 70, title="Look back")
    with pytest.raises(NotFound, match="is the id of a review, and this needs an issue"):
        record_key(sheet.db, RecordKey.parse(key).handle, "issue")


def test_an_empty_id_asks_for_one(sheet: Sheet) -> None:
    with pytest.raises(InputError, match="Say which one"):
        record_key(sheet.db, " ")
