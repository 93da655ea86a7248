"""What the open interface takes in memory, beside an empty Textual application and the bare document."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.client.homes import complete, copied
from tests.bench.client.painting import ROW, YARD
from tests.bench.client.pty import interface, plain
from tests.helpers.relay_process import environment

AIM = 1.3
BARE = """
import json, sqlite3, sys
from automerge.core import Document
from tests.bench.client.memory import resident
from moot_shared.document import Document as Ours
db = sqlite3.connect(sys.argv[1])
before = resident("self")
document = Ours(bytes(40))
rows = db.execute("SELECT bytes FROM change ORDER BY position")
while chunks := rows.fetchmany(50):
    document.apply([chunk for chunk, in chunks])
applied = resident("self")
packed = document.pack()
before_load = resident("self")
again = Document.load(packed)
loaded = resident("self") - before_load
print(json.dumps({"applied": applied - before, "loaded": loaded}))
"""


def measured(scale: float) -> dict[str, Any]:
    """MiB that belong to each alone (what is resident), once nothing happens any more."""
    with copied(complete(scale)) as home:
        with interface(home, "--place", "agenda") as program:
            program.until(ROW)
            program.idle(1.0)
            whole = resident(str(program.process.pid))
        (store,) = home.glob("communities/*/store.db")
        told = subprocess.run(
            [sys.executable, "-c", BARE, str(store)], env=environment(), capture_output=True, check=True
        )
    empty = _empty()
    bare = json.loads(told.stdout)
    return {
        "interface": whole,
        "empty": empty,
        "document": bare["applied"],
        "document_loaded": bare["loaded"],
        "ratio": whole / (empty + bare["applied"]),
    }


def _empty() -> float:
    with plain() as program:
        program.until(YARD)
        program.idle(1.0)
        return resident(str(program.process.pid))


def resident(process: str) -> float:
    """MiB of a process's resident memory."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no Pss")
