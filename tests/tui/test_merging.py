"""What others wrote while somebody edits the same text: nobody's words are lost, no cursor moves."""

from __future__ import annotations

from collections import Counter
from itertools import product
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moot_client.replica.prose import steps
from moot_client.tui.forms.carried import place_after, runs_between
from moot_client.tui.forms.merging import Merged, Seen, merge, pieces
from moot_shared.kinds import Paragraph
from moot_shared.text import paragraphs

WORDS = st.lists(st.sampled_from(["who", "came", "late", "again.", "Nobody"]), min_size=1, max_size=4)
PARAGRAPH = WORDS.map(" ".join)
GAP = st.sampled_from(["\n\n", "\n\n\n", "\n  \n", "\n\n  "])
EDGE = st.sampled_from(["", "\n", "\n\n", "  "])


@st.composite
def listed(draw: st.DrawFn, name: str = "e") -> tuple[Paragraph, ...]:
    """A prose field as it stands."""
    texts = draw(st.lists(PARAGRAPH, max_size=5))
    return tuple(Paragraph(f"{name}{n}", text, "joon") for n, text in enumerate(texts))


@st.composite
def rewritten(draw: st.DrawFn, before: tuple[Paragraph, ...], name: str) -> tuple[Paragraph, ...]:
    """A prose field after others took paragraphs out, put others in, rewrote some."""
    after: list[Paragraph] = []
    for n, paragraph in enumerate(before):
        what = draw(st.sampled_from(["same", "same", "other", "gone", "more"]))
        after += [paragraph] if what in ("same", "more") else []
        after += [Paragraph(f"{name}{n}", draw(PARAGRAPH), "ines")] if what in ("other", "more") else []
    after += [Paragraph(f"{name}end", draw(PARAGRAPH), "ines")] if draw(st.booleans()) else []
    return tuple(after)


@st.composite
def typed_over(draw: st.DrawFn, text: str) -> str:
    """A text after I rewrote it here and there, with the white space that people leave."""
    mine: list[str] = []
    for paragraph in paragraphs(text):
        what = draw(st.sampled_from(["same", "same", "other", "gone", "more"]))
        mine += [paragraph] if what in ("same", "more") else []
        mine += [f"my {draw(PARAGRAPH)}"] if what in ("other", "more") else []
    mine += [f"my {draw(PARAGRAPH)}"] if draw(st.booleans()) else []
    words = draw(EDGE)
    for n, paragraph in enumerate(mine):
        words += (draw(GAP) if n else "") + paragraph
    return words + draw(EDGE)


def kept(merged: Merged) -> list[Paragraph]:
    """What stands once the text has been kept."""
    order = list(merged.seen.paragraphs)
    base = [(p.element, p.text) for p in merged.seen.base]
    for step in steps([p.element for p in order], base, paragraphs(merged.text)):
        if step.insert:
            order.insert(step.insert[0], Paragraph(f"new {len(order)}", step.insert[1], "me"))
        for index in step.delete:
            order.pop(index)
    return order


def mine_of(seen: Seen, text: str) -> Counter[str]:
    """What I wrote: the paragraphs that were not there."""
    return Counter(p for p in paragraphs(text) if p.startswith("my "))


@pytest.mark.slow
@given(listed(), st.data())
def test_my_words_are_never_lost(before: tuple[Paragraph, ...], data: st.DataObject) -> None:
    seen = Seen(before)
    text = data.draw(typed_over(seen.text))
    merged = merge(seen, text, data.draw(rewritten(before, "f")))
    assert mine_of(seen, merged.text) == mine_of(seen, text)
    assert not mine_of(seen, text) - mine_of(seen, "\n\n".join(p.text for p in kept(merged)))


@pytest.mark.slow
@given(listed(), st.data())
def test_what_others_wrote_is_in_the_text_or_beside_it_and_stands_when_mine_is_kept(
    before: tuple[Paragraph, ...], data: st.DataObject
) -> None:
    seen = Seen(before)
    text = data.draw(typed_over(seen.text))
    standing = data.draw(rewritten(before, "f"))
    merged = merge(seen, text, standing)
    theirs = [p for p in standing if p.element.startswith("f")]
    beside = [p for p in theirs if p.element in merged.seen.beside]
    shown = Counter(paragraphs(merged.text)) + Counter(p.text for p in beside)
    assert not Counter(p.text for p in theirs) - shown
    stands = kept(merged)
    assert [p.text for p in stands if p.element not in merged.seen.beside] == list(paragraphs(merged.text))
    assert {p.element for p in beside} <= {p.element for p in stands}


@pytest.mark.slow
@given(listed(), st.data())
def test_what_i_did_not_touch_is_as_the_others_have_it(
    before: tuple[Paragraph, ...], data: st.DataObject
) -> None:
    seen = Seen(before)
    standing = data.draw(rewritten(before, "f"))
    merged = merge(seen, seen.text, standing)
    assert paragraphs(merged.text) == tuple(p.text for p in standing)
    assert merged.seen == Seen(standing)


@pytest.mark.slow
@given(listed(), st.data())
def test_where_others_did_nothing_nothing_moves(before: tuple[Paragraph, ...], data: st.DataObject) -> None:
    seen = Seen(before)
    text = data.draw(typed_over(seen.text))
    assert merge(seen, text, before).text == text
    merged = merge(seen, text, data.draw(rewritten(before, "f")))
    assert merge(merged.seen, merged.text, merged.seen.paragraphs) == Merged(
        merged.text, merged.seen, merge(merged.seen, merged.text, merged.seen.paragraphs).runs, ()
    )


@pytest.mark.slow
@given(listed(), st.data())
def test_a_cursor_in_my_words_stays_in_the_same_place_of_the_same_word(
    before: tuple[Paragraph, ...], data: st.DataObject
) -> None:
    seen = Seen(before)
    text = data.draw(typed_over(seen.text))
    merged = merge(seen, text, data.draw(rewritten(before, "f")))
    for piece in pieces(text):
        if not piece.words.startswith("my "):
            continue
        for place in range(piece.start, piece.end + 1):
            after = place_after(merged.runs, text, place)
            begins = after - (place - piece.start)
            assert merged.text[begins : begins + len(piece.words)] == piece.words


@pytest.mark.slow
@given(listed(), st.data())
def test_a_cursor_on_an_empty_line_at_the_end_stays_on_an_empty_line(
    before: tuple[Paragraph, ...], data: st.DataObject
) -> None:
    seen = Seen(before)
    text = data.draw(typed_over(seen.text)).rstrip() + "\n\n"
    merged = merge(seen, text, data.draw(rewritten(before, "f")))
    after = place_after(merged.runs, text, len(text))
    row = merged.text.count("\n", 0, after)
    assert not merged.text.split("\n")[row].strip()


@pytest.mark.slow
@given(listed(), st.data())
def test_others_go_on_writing_and_both_sides_words_still_stand(
    before: tuple[Paragraph, ...], data: st.DataObject
) -> None:
    seen = Seen(before)
    text = data.draw(typed_over(seen.text))
    standing = data.draw(rewritten(before, "f"))
    first = merge(seen, text, standing)
    standing = data.draw(rewritten(standing, "g"))
    second = merge(first.seen, first.text, standing)
    assert mine_of(seen, second.text) == mine_of(seen, text)
    stands = Counter(p.text for p in kept(second))
    assert not Counter(p.text for p in standing if p.element.startswith("g")) - stands
    assert not mine_of(seen, text) - stands


@pytest.mark.slow
@given(listed(), st.data())
def test_the_hunks_turn_the_old_text_into_the_new_one(
    before: tuple[Paragraph, ...], data: st.DataObject
) -> None:
    seen = Seen(before)
    text = data.draw(typed_over(seen.text))
    merged = merge(seen, text, data.draw(rewritten(before, "f")))
    for hunk in reversed(merged.hunks):
        text = text[: hunk.start] + hunk.words + text[hunk.end :]
    assert text == merged.text


@given(st.text(alphabet="ab \n\t.", max_size=40))
def test_pieces_are_the_paragraphs_of_a_text(text: str) -> None:
    assert tuple(piece.words for piece in pieces(text)) == paragraphs(text)
    assert all(text[piece.start : piece.end] == piece.words for piece in pieces(text))


def test_a_word_that_was_put_in_before_the_cursor_pushes_it_on() -> None:
    old, new = "It is worst on Mondays.", "It is by far worst on cold Mondays."
    runs = runs_between(old, new)
    assert new[place_after(runs, old, old.index("Mon") + 3) :] == "days."
    assert new[place_after(runs, old, old.index("worst")) :] == "worst on cold Mondays."
    assert place_after(runs, old, len(old)) == len(new)


def test_both_rewrote_one_paragraph_and_others_one_beside_it() -> None:
    seen = Seen((Paragraph("a", "First.", "joon"), Paragraph("b", "Second.", "joon")))
    standing = (Paragraph("x", "First, theirs.", "joon"), Paragraph("y", "Second, theirs.", "joon"))
    merged = merge(seen, "First, mine.\n\nSecond.", standing)
    assert merged.text == "First, mine.\n\nSecond, theirs."
    assert merged.seen.beside == {"x"}
    assert sorted(p.text for p in kept(merged)) == ["First, mine.", "First, theirs.", "Second, theirs."]


@pytest.mark.slow
def test_texts_made_to_be_slow_to_compare_hold_nobody_up() -> None:
    """A member fills a field with one paragraph thousands of times, while somebody edits it."""
    same = tuple(Paragraph(f"a{n}", "a b", "joon") for n in range(12_000))
    other = tuple(Paragraph(f"b{n}", "a b" if n % 3 else "b a", "joon") for n in range(12_000))
    seen = Seen(same)
    text = "my word\n\n" + seen.text.replace("a b", "my own", 1) + "\n\nmy end"
    began = process_time()
    merged = merge(seen, text, other)
    assert mine_of(seen, merged.text) == mine_of(seen, text)
    long = merge(
        Seen((Paragraph("a", "ab " * 8_000, "joon"),)),
        "ab " * 8_000,
        (Paragraph("b", "a b " * 8_000, "joon"),),
    )
    assert long.text.startswith("a b")
    assert process_time() - began < 5, "seconds; minutes without a bound"


def test_a_paragraph_in_which_nothing_but_the_gaps_is_alike_holds_nobody_up() -> None:
    """Each pair of equal words parts the rest in two, thousands of times."""
    gaps = ["".join(gap) for gap in product(" \t\u2003\u2002\u2004\u2005\u2006\u2007\u2008", repeat=4)]
    theirs, others = ("".join(f"{word}{n}{gap}" for n, gap in enumerate(gaps)).strip() for word in "ab")
    began = process_time()
    merged = merge(
        Seen((Paragraph("a", theirs, "joon"),)), theirs + "\n\nmine", (Paragraph("b", others, "joon"),)
    )
    assert merged.text == others + "\n\nmine"
    assert process_time() - began < 3, "tens of seconds without a bound"


@pytest.mark.slow
def test_paragraphs_made_to_be_slow_to_compare_are_kept_all_the_same() -> None:
    before = [(f"e{n}", "same" if n % 2 else f"was {n}") for n in range(1_500)]
    after = [text if n % 2 else f"is {n}" for n, (_, text) in enumerate(before)]
    began = process_time()
    order, texts = [element for element, _ in before], [text for _, text in before]
    for step in steps(order, before, after):
        if step.insert:
            texts.insert(*step.insert)
        for at in step.delete:
            del texts[at]
    assert texts == after
    assert process_time() - began < 8, "half a minute without a bound"
