"""What people type to order their words is shown in order, and nothing that they wrote gets lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from moot_client.tui.looks.lightly import Part, lightly, parts
from moot_client.tui.looks.sheet import Block, lay_out
from moot_client.tui.looks.signs import FULL, PLAIN, Signs
from moot_shared.text import shown


def drawn(words: str, width: int = 60, signs: Signs = FULL) -> list[str]:
    blocks = [Block("", part.words, hang=part.lead) for part in parts(words)]
    return [line.plain.strip() for line in lay_out(blocks, width, signs).lines]


def styles(words: str) -> dict[str, str]:
    (part,) = parts(words)
    return {part.words.plain[span.start : span.end]: str(span.style) for span in part.words.spans}


def test_bullets_and_numbers_hang() -> None:
    words = (
        "Three things:\n- one that is quite long and goes on to the next line\n  - under it\n2. two\n> said"
    )
    lines = [
        line.plain for line in lay_out([Block("", p.words, hang=p.lead) for p in parts(words)], 52).lines
    ]
    assert [line.rstrip() for line in lines] == [
        "  Three things:",
        "  • one that is quite long and goes on to the next",
        "    line",
        "    • under it",
        "  2. two",
        "  │ said",
    ]
    assert drawn("- one", signs=PLAIN) == ["- one"]


def test_headings_and_what_is_stressed_stand_out() -> None:
    assert styles("# A title") == {"A title": "bold"}
    assert styles("**never** and *now* and _then_ and `code`") == {
        "never": "bold",
        "now": "italic",
        "then": "italic",
        "code": "$accent",
    }


def test_figures_names_and_markup_are_as_they_were_typed() -> None:
    for words in (
        "2*3*4 = 24",
        "2 * 3 * 4",
        "snake_case_name and __init__",
        "<b>no</b> &amp; <script>alert(1)</script>",
        "| a | b |",
        "![a picture](file:///etc/passwd",
        "#7 is the issue",
        "-5 degrees, 3.5 hours",
        "[bold]no markup[/bold]",
        "a ** b ** c",
    ):
        assert [part.words.plain for part in parts(words)] == [words]
        assert not any(part.lead for part in parts(words))


def test_a_link_says_where_it_leads_and_leads_nowhere() -> None:
    (part,) = parts("see [the list](https://example.org/a) and [x](javascript:alert(1))")
    assert part.words.plain == "see the list (https://example.org/a) and [x](javascript:alert(1))"
    assert all("link" not in str(span.style) and "click" not in str(span.style) for span in part.words.spans)


def test_what_stands_in_a_fence_is_as_it_was_typed() -> None:
    words = "```\n- **one**\n# two\n```\n- three"
    assert drawn(words) == ["```", "- **one**", "# two", "```", "• three"]


@given(st.text(alphabet="*_`[]()#->~ab1. \n\x1b\u202e", max_size=200))
def test_no_letter_is_lost_and_nothing_steers(words: str) -> None:
    whole = lightly(words).plain
    assert [c for c in whole if c in "ab1."] == [c for c in shown(words) if c in "ab1."]
    assert "\x1b" not in whole
    assert "\u202e" not in whole


def test_marks_without_end_cost_what_plain_words_cost() -> None:
    for mark in ("*a ", "**a ", "[", "_a", "[a](", ">", "- ", "` "):
        found = list(parts(mark * (50_000 // len(mark))))
        assert found
        assert all(isinstance(part, Part) for part in found)
