"""The command line: a list as JSON, and a vote, beside an interpreter that does nothing or just loads."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from moot_client.home import Home
from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from tests.bench.client.homes import complete, copied
from tests.helpers.relay_process import environment

TIMES = 9
MOST = 3.0
NOTHING = "import sqlite3, json"
LOAD = """
import sqlite3, json, sys
from moot_shared.document import Document
db = sqlite3.connect(sys.argv[1])
document = Document(bytes(40))
document.apply([row[0] for row in db.execute("SELECT bytes FROM change ORDER BY position")])
"""
TAKEN_BACK = 10
WITHIN = ("textual", "websockets", "rich", "asyncio")
"""What no command but the interface's loads."""


def measured(scale: float, times: int = TIMES) -> dict[str, Any]:
    """Milliseconds, medians of interleaved runs: of the wall, and of the processor."""
    with copied(complete(scale)) as home:
        moot = ["-m", "moot_shared", "--home", str(home)]
        (store,) = home.glob("communities/*/store.db")
        handle = _handle(home)
        runs = {
            "nothing": ["-c", NOTHING],
            "issues": [*moot, "issues", "--json"],
            "load": ["-c", LOAD, str(store)],
            "vote": [*moot, "vote", handle, "1"],
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
        for turn in range(times):
            for name, words in runs.items():
                if name == "vote":
                    words = [*words[:-1], str(turn % 2 + 1)]
                found[name].append(_timed(words))
    result: dict[str, Any] = {name: _summed(seen) for name, seen in found.items()}
    result["issues_ratio"] = _ratio(found, "issues", "nothing")
    result["vote_ratio"] = _vote_ratio(result)
    result["loaded"] = _imports()
    return result


def _timed(words: list[str]) -> tuple[float, float]:
    """Seconds of the wall and of the processor."""
    used, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    env = environment(PYTHONDONTWRITEBYTECODE="")  # as where Moot is installed: nothing is compiled anew
    subprocess.run([sys.executable, *words], check=True, env=env, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    return time.perf_counter() - began, cpu


def _summed(seen: list[tuple[float, float]]) -> dict[str, float]:
    wall, used = zip(*seen, strict=True)
    return {
        "ms": 1e3 * statistics.median(wall),
        "cpu_ms": 1e3 * statistics.median(used),
        "best_ms": 1e3 * min(wall),
    }


def _ratio(found: dict[str, list[tuple[float, float]]], one: str, other: str) -> dict[str, float]:
    """Of the wall's medians, and of the processor's."""
    mine, theirs = _summed(found[one]), _summed(found[other])
    return {name: mine[name] / theirs[name] for name in mine}


def _vote_ratio(result: dict[str, Any]) -> dict[str, float]:
    """Beside three times nothing and one load: at most 1."""
    nothing, load, vote = result["nothing"], result["load"], result["vote"]
    return {name: vote[name] / (MOST * nothing[name] + load[name] - nothing[name]) for name in vote}


def _handle(home: Path) -> str:
    """An issue of the list, with dots left to put on it: those on a few others are taken back."""
    import json

    words = ["-m", "moot_shared", "--home", str(home), "issues", "--json"]
    told = subprocess.run(
        [sys.executable, *words], check=True, env=environment(), capture_output=True, text=True
    )
    first = json.loads(told.stdout)
    rows = first if isinstance(first, list) else next(v for v in first.values() if isinstance(v, list))
    mine = sorted(rows, key=lambda row: -int(row["my_dots"]))[:TAKEN_BACK]
    with closing(Replica.open(Home(home).place())) as replica:
        for row in mine:
            replica.do(Say("vote", row["key"], {"dots": 0, "why": ""}))
    return str(mine[-1]["id"])


def _imports() -> dict[str, list[str]]:
    """Which of the heavy packages the two commands load."""
    found = {}
    for name, words in (("issues", ["issues", "--json"]), ("vote", ["vote", "--help"])):
        code = (
            "import sys, os; from moot_client.cli import main\n"
            "try: main(sys.argv[1:])\n"
            "finally: sys.stderr.write(' '.join(sorted({m.partition('.')[0] for m in sys.modules})))"
        )
        told = subprocess.run(
            [sys.executable, "-c", code, "--home", os.devnull, *words],
            env=environment(),
            check=False,  # there is no home: what it loaded is told all the same
            capture_output=True,
            text=True,
        )
        found[name] = [module for module in WITHIN if module in told.stderr.split()]
    return found
