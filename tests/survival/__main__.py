"""The command behind `scripts/survive`."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

from tests.helpers.postgres import has_postgresql
from tests.survival.client_kills import kill_clients
from tests.survival.database_trouble import trouble_databases
from tests.survival.endurance import endure
from tests.survival.relay_kills import kill_relays
from tests.survival.stock_kills import kill_open_relays
from tests.survival.watch import Failed

Part = Callable[[argparse.Namespace], Awaitable[object]]


def say(words: str) -> None:
    """A line of progress, at once."""
    print(words, flush=True)


PARTS: dict[str, Part] = {
    "relay": lambda chosen: kill_relays(chosen.seed, chosen.relay, say),
    "stock": lambda chosen: kill_open_relays(chosen.seed, chosen.stock, say),
    "client": lambda chosen: kill_clients(chosen.seed, chosen.client, say),
    "database": lambda chosen: trouble_databases(chosen.seed, chosen.database, say),
    "minutes": lambda chosen: endure(chosen.seed, chosen.minutes * 60, say=say),
}


def main(arguments: list[str]) -> int:
    """All parts side by side, or one; 1 where something that was promised does not hold."""
    number = lambda text: int(text.replace("_", ""))  # noqa: E731
    parser = argparse.ArgumentParser(prog="scripts/survive", description=__doc__)
    parser.add_argument("--relay", type=number, default=500, help="how often a relay is killed (500)")
    parser.add_argument("--stock", type=number, default=200, help="how often an open relay is killed (200)")
    parser.add_argument("--client", type=number, default=200, help="how often a client is killed (200)")
    parser.add_argument("--database", type=number, default=48, help="mishaps with a PostgreSQL (48)")
    parser.add_argument("--minutes", type=float, default=5.0, help="how long twenty members stay (5)")
    parser.add_argument("--seed", type=number, default=1, help="what all dice come from (1)")
    parser.add_argument("--part", choices=PARTS, help="this part alone, in this process")
    chosen = parser.parse_args(arguments)
    if chosen.database and not has_postgresql():
        say("There is no PostgreSQL here: relays that share a database are left out.")
        chosen.database = 0
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # processes by the hundred: what one compiled, all have
    return one(chosen) if chosen.part else side_by_side(chosen, arguments)


def one(chosen: argparse.Namespace) -> int:
    """One part."""
    try:
        asyncio.run(_awaited(PARTS[chosen.part](chosen)))
    except Failed as error:
        say(f"{chosen.part}, seed {chosen.seed}: {error}")
        return 1
    return 0


def side_by_side(chosen: argparse.Namespace, arguments: list[str]) -> int:
    """Every part that has something to do, each in a process of its own."""
    began = time.monotonic()
    running = {
        part: subprocess.Popen([sys.executable, "-m", "tests.survival", *arguments, "--part", part])
        for part in PARTS
        if getattr(chosen, part)
    }
    failed = [part for part, process in running.items() if process.wait() != 0]
    say(f"{time.monotonic() - began:.0f} s in all.")
    for part in failed:
        say(f"Not held: {part}. Again: scripts/survive --part {part} --seed {chosen.seed}")
    return 1 if failed else 0


async def _awaited(part: Awaitable[object]) -> None:
    await part


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
