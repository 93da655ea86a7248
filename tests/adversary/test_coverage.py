"""What docs/trust.md says, and what was made to happen to others: each of it is played."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.adversary.stage import HAZARDS

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "trust.md"
ROW = re.compile(r"^\| ([A-Z]\d+) \| (.+) \| (.+) \|$", re.MULTILINE)


def played() -> dict[str, list[str]]:
    """What `@plays` names -> the scenarios that do, read off the sources."""
    found: dict[str, list[str]] = {}
    for path in sorted(HERE.glob("test_*.py")):
        for scenario, names in _scenarios(ast.parse(path.read_text())):
            for name in names:
                found.setdefault(name, []).append(scenario)
    return found


def _scenarios(module: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for function in module.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        for mark in function.decorator_list:
            if isinstance(mark, ast.Call) and getattr(mark.func, "id", "") == "plays":
                yield function.name, [str(ast.literal_eval(name)) for name in mark.args]


def test_every_row_of_the_trust_page_is_played() -> None:
    rows = {row for row, _, _ in ROW.findall(PAGE.read_text())}
    assert len(rows) > 40
    assert not rows - set(played()), "a row of docs/trust.md that no scenario plays"


def test_every_hazard_is_played() -> None:
    assert not set(HAZARDS) - set(played())


def test_no_scenario_is_about_a_row_that_is_not_there() -> None:
    rows = {row for row, _, _ in ROW.findall(PAGE.read_text())}
    assert not set(played()) - rows - set(HAZARDS)


def test_every_test_with_a_stage_ends_with_the_same_check() -> None:
    """`@plays` is what runs it: a scenario without it would only look like one."""
    for path in sorted(HERE.glob("test_*.py")):
        module = ast.parse(path.read_text())
        played_here = {scenario for scenario, _ in _scenarios(module)}
        with_a_stage = {
            function.name
            for function in module.body
            if isinstance(function, ast.FunctionDef)
            and function.name.startswith("test_")
            and any(argument.arg == "stage" for argument in function.args.args)
        }
        assert with_a_stage <= played_here


def test_the_trust_page_is_written_for_people() -> None:
    words = set(re.findall(r"[a-z]+", PAGE.read_text().lower()))
    jargon = {"hash", "hashes", "crdt", "peer", "peers", "op", "ops", "actor", "nonce", "genesis", "ed25519"}
    assert not words & jargon
