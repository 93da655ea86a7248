"""Whoever says one thing waits for nothing that is not needed to say it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.helpers import cohort
from tests.helpers.relay_process import environment

NOT_FOR_A_VOTE = (
    *("difflib", "typing_extensions", "dis", "mnemonic", "textual", "rich", "websockets", "asyncio"),
    *("platformdirs", "tempfile", "shutil", "importlib.metadata", "decimal"),
    *("moot_shared.trust.roster", "moot_shared.trust.authority", "moot_shared.trust.intake"),
    *("moot_shared.format.outline", "moot_shared.wire.messages"),
    *("moot_client.replica.prose", "moot_client.replica.trusting", "moot_client.replica.inviting"),
    *("moot_client.views.issue", "moot_client.views.people", "moot_client.views.standing"),
    *("moot_client.views.alike", "moot_client.views.asking", "moot_client.sync"),
    *("moot_client.cli.comments", "moot_client.cli.records"),
)
"""`dis` comes with `inspect`, for which somebody asked; `platformdirs` where no home was named."""
VOTE = """
import sys
from moot_shared.command import main
assert main(sys.argv[1:]) == 0
print(*sorted(sys.modules))
ours = [module for name, module in sys.modules.items() if name.startswith("moot_")]
classes = {thing for module in ours for thing in vars(module).values() if isinstance(thing, type)}
print(*sorted(c.__name__ for c in classes if "__dataclass_params__" in vars(c) and "moot_" in c.__module__))
"""
STILL_DATACLASSES = {"Touched"}


def test_a_vote_loads_nothing_that_compares_draws_connects_or_judges_who_belongs(tmp_path: Path) -> None:
    mara = cohort.founder(tmp_path)
    key = cohort.issue(mara)
    mara.close()
    words = ["--home", str(tmp_path), "vote", key, "3"]
    told = subprocess.run(
        [sys.executable, "-c", VOTE, *words], env=environment(), capture_output=True, text=True, check=True
    )
    said, loaded, dataclasses = told.stdout.splitlines()
    assert said.startswith("3 dots of yours")
    assert set(loaded.split()) & set(NOT_FOR_A_VOTE) == set()
    assert set(dataclasses.split()) <= STILL_DATACLASSES, "a `frozen` one costs nothing to define"
