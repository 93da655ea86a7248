"""An edited text as steps: it comes out as typed, and what others did meanwhile is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moot_client.replica.prose import Step, steps

WORDS = st.sampled_from(["one", "two", "three", "four"])
TEXT = st.lists(WORDS, max_size=5)


def applied(order: list[tuple[str, str]], found: list[Step]) -> list[tuple[str, str]]:
    """Elements and texts after the steps, carried out as a document does."""
    result = list(order)
    for step in found:
        if step.insert:
            index, text = step.insert
            assert 0 <= index <= len(result)
            result.insert(index, ("new", text))
        for index in step.delete:
            result.pop(index)
    return result


@given(TEXT, TEXT)
def test_an_edit_of_what_stands_comes_out_as_it_was_typed(before: list[str], after: list[str]) -> None:
    order = [(f"{n}", text) for n, text in enumerate(before)]
    found = steps([e for e, _ in order], order, after)
    assert [text for _, text in applied(order, found)] == after


@pytest.mark.slow
@given(TEXT, TEXT, st.data())
def test_what_others_took_out_or_put_in_meanwhile_is_as_they_left_it(
    before: list[str], after: list[str], data: st.DataObject
) -> None:
    base = [(f"{n}", text) for n, text in enumerate(before)]
    order = [pair for pair in base if data.draw(st.booleans())]
    theirs = data.draw(st.lists(st.integers(0, len(order)), max_size=3))
    for number, place in enumerate(theirs):
        order.insert(place, (f"their {number}", "theirs"))
    found = steps([e for e, _ in order], base, after)
    result = applied(order, found)
    assert [e for e, _ in result if e.startswith("their")] == [e for e, _ in order if e.startswith("their")]
    assert {e for e, _ in result} <= {e for e, _ in order} | {"new"}
    typed_anew = [text for text in after if text not in before]
    assert [text for e, text in result if e == "new" and text not in before] == typed_anew
    kept = [e for e, _ in result if e in dict(base)]
    assert kept == [e for e, _ in order if e in kept]
