"""House rules that can be counted: files that one reads at a sitting."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 300
PRODUCT = [
    path
    for package in ("client/moot_client", "server/moot_server", "shared/moot_shared")
    for path in sorted((ROOT / package).rglob("*.py"))
]
DRAWN = [
    path
    for folder in ("screens", "places", "widgets", "forms", "sheets", "pictures")
    for path in sorted((ROOT / "client/moot_client/tui" / folder).glob("*.py"))
]


def lines(path: Path) -> int:
    """How long a file is."""
    return len(path.read_text(encoding="utf-8").splitlines())


def test_all_of_the_product_is_looked_at() -> None:
    assert len(PRODUCT) > 200
    assert len(DRAWN) > 40


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_is_longer_than_three_hundred_lines(path: Path) -> None:
    assert lines(path) <= MOST_LINES


def test_no_stylesheet_is_longer_than_a_screen() -> None:
    for path in (ROOT / "client/moot_client/tui").rglob("*.tcss"):
        assert lines(path) <= 60, path


def test_keys_are_declared_in_one_place_alone() -> None:
    """`bindings(…)` of the registry makes them; a screen names commands."""
    tui = ROOT / "client/moot_client/tui"
    for path in sorted(tui.rglob("*.py")):
        words = path.read_text(encoding="utf-8")
        if path != tui / "commands" / "registry.py":
            assert "Binding(" not in words.replace("ActiveBinding(", ""), path
            assert ".bind(" not in words, path
