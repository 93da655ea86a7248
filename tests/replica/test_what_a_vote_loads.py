"""Whoever says one thing waits for nothing that is not needed to say it."""

from __future__ import annotations

import subprocess
import sys

from tests.helpers.relay_process import environment

NOT_FOR_A_VOTE = ("difflib", "typing_extensions", "dis", "mnemonic", "textual", "websockets", "asyncio")
"""`dis` comes with `inspect`, for which somebody asked."""


def test_what_writes_loads_nothing_that_compares_draws_or_connects() -> None:
    code = (
        "from moot_shared.later import later\nlater('inspect')\n"
        "import moot_client.replica.replica, moot_shared.document, sys\n"
        f"print([name for name in {NOT_FOR_A_VOTE} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
