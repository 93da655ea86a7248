"""The interface with a heartbeat in its loop: `python -m tests.bench.client.inside HOME FILE PLACE`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from moot_client.home import Home
from moot_client.tui.app import MootApp
from moot_client.tui.arriving.pace import begun
from tests.bench.client.heart import Heart


async def beating(app: MootApp, heart: Heart) -> None:
    """Moot as it is, and a heart that also tells when the document is built."""
    beside = asyncio.create_task(heart.beat()), asyncio.create_task(_watch(app, heart))
    await app.run_async()
    for task in beside:
        task.cancel()
    if app.trouble is not None:
        raise app.trouble


async def _watch(app: MootApp, heart: Heart) -> None:
    while app.desk is None or not app.desk.is_whole or not app.desk.replica._writer.ready:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    heart.note("ready")


def main(path: str, beats: str, place: str) -> None:
    """Run it until it is told to end."""
    begun()
    home = Home(Path(path))
    asyncio.run(beating(MootApp(home, home.place(), place), Heart(Path(beats))))


if __name__ == "__main__":
    main(*sys.argv[1:])
