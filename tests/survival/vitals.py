"""What a process takes of its machine: memory, file handles, threads (as Linux tells them)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Vitals:
    """Of one process, now; `memory` is what it has in the machine's memory, in bytes."""

    memory: int
    handles: int
    threads: int

    def __str__(self) -> str:
        return f"{self.memory / MIB:.1f} MiB, {self.handles} handles, {self.threads} threads"


def vitals(pid: int | None = None) -> Vitals:
    """Of a process, or of this one."""
    place = Path("/proc") / str(pid or os.getpid())
    pages = int((place / "statm").read_text().split()[1])
    return Vitals(
        memory=pages * os.sysconf("SC_PAGE_SIZE"),
        handles=sum(1 for _ in (place / "fd").iterdir()),
        threads=sum(1 for _ in (place / "task").iterdir()),
    )
