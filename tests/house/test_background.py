"""Work in the background: no fault of it closes Moot, and none is silent (`tui/faults.py`)."""

from __future__ import annotations

import ast
from pathlib import Path

TUI = Path(__file__).parents[2] / "client" / "moot_client" / "tui"
MAY_CLOSE = {"opening", "arriving"}
"""Without the community itself there is nothing to go on with."""


def test_no_fault_of_work_in_the_background_closes_the_interface() -> None:
    closing = []
    for path in sorted(TUI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "run_worker":
                how = {word.arg: ast.unparse(word.value) for word in node.keywords}
                if how.get("exit_on_error") != "False" and ast.literal_eval(how["group"]) not in MAY_CLOSE:
                    closing.append(f"{path.relative_to(TUI)}:{node.lineno}")
    assert not closing
