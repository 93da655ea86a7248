"""A package whose docstring lists its modules lists all of them: folders read like a table of contents."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LISTING = sorted(
    path
    for side in ("client", "server", "shared")
    for path in (ROOT / side).rglob("__init__.py")
    if re.search(r"^\s*\w+\.py\s", ast.get_docstring(ast.parse(path.read_text())) or "", re.MULTILINE)
)


@pytest.mark.parametrize("listing", LISTING, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_a_package_that_lists_its_modules_lists_all_of_them(listing: Path) -> None:
    named = set(re.findall(r"\b\w+\.py\b", ast.get_docstring(ast.parse(listing.read_text())) or ""))
    there = {path.name for path in listing.parent.glob("*.py")} - {"__init__.py", "__main__.py"}
    assert there - named == set()
    assert not {name for name in named - there if not list(listing.parent.rglob(name))}
