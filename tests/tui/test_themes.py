"""Words can be told from their ground, in every theme and wherever they stand."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from moot_client.tui.looks.themes import ALL, CONTRAST, CONTRAST_LIGHT, GROUNDS, WORDS


def _light(color: Color) -> float:
    """WCAG's relative luminance."""
    parts = [part / 255 for part in color.rgb]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """WCAG's contrast between two colours."""
    low, high = sorted(_light(Color.parse(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ALL.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("words", [*WORDS, "text-disabled"])
def test_words_stand_out_from_their_ground(theme: Theme, words: str, ground: str) -> None:
    colors = {**theme.to_color_system().generate(), **theme.variables}
    assert ratio(colors[words], colors[ground]) >= (7 if theme in (CONTRAST, CONTRAST_LIGHT) else 4.5)


@pytest.mark.parametrize("theme", [CONTRAST, CONTRAST_LIGHT], ids=lambda theme: theme.name)
def test_in_high_contrast_lines_are_seen_too(theme: Theme) -> None:
    for line in (theme.panel, theme.variables["border"]):
        assert ratio(str(line), str(theme.background)) >= 3
