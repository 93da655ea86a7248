"""`moot relay`: run a relay. No configuration is needed.

It listens on loopback unless it is told otherwise. What members send is readable on the way
where nothing encrypts it, so opening it to a network is somebody's decision (`--host`). A relay that
nobody else reaches is noticed at once and is one word from being mended; one that everybody could
read along with would be noticed by nobody.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal

from moot_server.commands.announcing import EVERYWHERE, announcement, cannot_listen
from moot_server.commands.assembling import Relay, assembled
from moot_server.limiting import limited, listed
from moot_server.network.serve import Shell
from moot_shared.limits import DEFAULT, OPEN
from moot_shared.wire.address import written


def run(words: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT; 0 then."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    if words.limits:
        print(listed(limited(words.limit, OPEN if words.open else DEFAULT)))
        return 0
    with assembled(words) as relay:
        shell = Shell(relay.core(), relay.limits, behind_proxy=words.behind_proxy)
        asyncio.run(_serve(relay, shell, words.host, words.port))
    return 0


async def _serve(relay: Relay, shell: Shell, host: str, port: int) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    try:
        bound = await shell.start(host, port)
    except (OSError, OverflowError) as error:
        raise cannot_listen(error, host, port) from error
    if host not in EVERYWHERE:
        relay.listens(written(host, bound[0][1]))
    print(announcement(host, bound[0][1], relay.folder, everybody=relay.open), flush=True)
    await stopped.wait()
    await shell.stop()
