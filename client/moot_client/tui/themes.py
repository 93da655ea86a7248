"""Two quiet themes with one accent colour, and none at all for those who ask for no colour."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="moot",
    primary="#d8a657",
    secondary="#d8a657",
    accent="#d8a657",
    warning="#e0876a",
    error="#e0876a",
    success="#d8a657",
    foreground="#d9d4c7",
    background="#16181b",
    surface="#1b1e22",
    panel="#3a3e44",
    boost="#22262b",
    dark=True,
    variables={
        "text-muted": "#908b80",
        "text-warning": "#e0876a",
        "primary-muted": "#33302a",
        "border": "#6b6250",
        "border-blurred": "#2a2d31",
        "input-selection-background": "#d8a657 35%",
        "scrollbar": "#3a3e44",
        "scrollbar-background": "#16181b",
    },
)
LIGHT = Theme(
    name="moot-light",
    primary="#8a5a00",
    secondary="#8a5a00",
    accent="#8a5a00",
    warning="#a8371b",
    error="#a8371b",
    success="#8a5a00",
    foreground="#2b2a27",
    background="#faf8f3",
    surface="#f3f0e8",
    panel="#cfc9bb",
    boost="#ece7da",
    dark=False,
    variables={
        "text-muted": "#716b5f",
        "text-warning": "#a8371b",
        "primary-muted": "#efe3c8",
        "border": "#b39a63",
        "border-blurred": "#e4dfd2",
        "scrollbar": "#cfc9bb",
        "scrollbar-background": "#faf8f3",
    },
)
