"""Four quiet themes with one accent colour each; `looking` takes all colour out for those who ask for none.

Words are told from their ground by at least 4.5 to 1, in high contrast by 7 to 1, on every ground that
they stand on (tests/tui/test_themes.py measures it).
"""

from __future__ import annotations

from textual.theme import Theme

WORDS = ("foreground", "text-muted", "accent", "text-warning")
GROUNDS = ("background", "surface", "boost", "primary-muted")


def _theme(
    name: str,
    *,
    dark: bool,
    words: tuple[str, str, str, str],
    grounds: tuple[str, str, str, str],
    lines: tuple[str, str, str],
) -> Theme:
    """A theme from its WORDS, its GROUNDS (the page, a field, a field in use, the line that is selected),
    and its lines: a rule, a frame in use, a frame at rest.
    """
    foreground, muted, accent, warning = words
    background, surface, boost, selected = grounds
    rule, border, at_rest = lines
    return Theme(
        name=name,
        primary=accent,
        secondary=accent,
        accent=accent,
        success=accent,
        warning=warning,
        error=warning,
        foreground=foreground,
        background=background,
        surface=surface,
        panel=rule,
        boost=boost,
        dark=dark,
        variables={
            "accent": accent,  # as it was chosen, not rounded
            "foreground": foreground,
            "boost": boost,  # without this, Textual makes it transparent
            "text-muted": muted,
            "text-disabled": muted,
            "text-accent": accent,
            "text-primary": accent,
            "text-warning": warning,
            "text-error": warning,
            "primary-muted": selected,
            "border": border,
            "border-blurred": at_rest,
            "block-cursor-background": selected,
            "block-cursor-foreground": foreground,
            "block-cursor-text-style": "bold",
            "input-cursor-background": foreground,
            "input-cursor-foreground": background,
            "input-selection-background": f"{accent} 35%",
            "scrollbar": rule,
            "scrollbar-background": background,
        },
    )


DARK = _theme(
    "moot",
    dark=True,
    words=("#d9d4c7", "#a19b8e", "#d8a657", "#e0876a"),
    grounds=("#16181b", "#1b1e22", "#24282d", "#302d27"),
    lines=("#3a3e44", "#6b6250", "#2a2d31"),
)
LIGHT = _theme(
    "moot-light",
    dark=False,
    words=("#2b2a27", "#645d52", "#7d5200", "#a02c12"),
    grounds=("#faf8f3", "#f3f0e8", "#ece7da", "#f2e6cb"),
    lines=("#cfc9bb", "#b39a63", "#e4dfd2"),
)
CONTRAST = _theme(
    "moot-contrast",
    dark=True,
    words=("#ffffff", "#d0d0d0", "#ffd75f", "#ffb49a"),
    grounds=("#000000", "#0c0c0c", "#1e1e1e", "#303030"),
    lines=("#8a8a8a", "#ffffff", "#8a8a8a"),
)
CONTRAST_LIGHT = _theme(
    "moot-contrast-light",
    dark=False,
    words=("#000000", "#3a3a3a", "#5a3800", "#781400"),
    grounds=("#ffffff", "#f6f6f6", "#ececec", "#e4e4e4"),
    lines=("#6a6a6a", "#000000", "#6a6a6a"),
)
ALL = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST, "contrast-light": CONTRAST_LIGHT}
