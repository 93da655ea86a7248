"""`moot relay`: run a relay. No configuration is needed.

It listens on loopback unless it is told otherwise. What members send is readable on the way
where nothing encrypts it, so opening it to a network is somebody's decision (`--host`), best made
with a certificate (`--tls-cert`) or with a proxy in front, which needs loopback and nothing more. A relay
that nobody else reaches is noticed at once and is one word from being mended; one that everybody could
read along with would be noticed by nobody.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from logging import WARNING

from moot_server.commands.announcing import EVERYWHERE, announcement, cannot_listen, shown_address
from moot_server.commands.assembling import Relay, assembled
from moot_server.commands.supervised import tell
from moot_server.commands.tending import Tending, gauges
from moot_server.limiting import limited, listed
from moot_server.network.control import Control
from moot_server.network.serve import Shell
from moot_server.network.tls import Certificate
from moot_server.watching.journal import keep, log, note
from moot_shared.errors import InputError, MootError, StorageError
from moot_shared.limits import DEFAULT, OPEN
from moot_shared.wire.address import written


def run(words: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT; 0 then."""
    keep(words.log)
    if words.limits:
        print(listed(limited(words.limit, OPEN if words.open else DEFAULT)))
        return 0
    certificate = _certificate(words)
    with assembled(words) as relay:
        shell = Shell(
            relay.core(),
            relay.limits,
            behind_proxy=words.behind_proxy,
            figures=relay.figures,
            probe=relay.store.probe,
            gauges=lambda: gauges(relay.folder.path, certificate),
            open_metrics=words.metrics,
        )
        asyncio.run(_serve(relay, shell, words.host, words.port, certificate))
    note("stopped")
    return 0


def _certificate(words: argparse.Namespace) -> Certificate | None:
    if not words.tls_cert and not words.tls_key:
        return None
    if not words.tls_cert or not words.tls_key:
        raise InputError("A certificate and its key belong together: --tls-cert FILE --tls-key FILE")
    return Certificate(words.tls_cert, words.tls_key)


async def _serve(relay: Relay, shell: Shell, host: str, port: int, certificate: Certificate | None) -> None:
    stopped, failed = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    loop.add_signal_handler(signal.SIGHUP, _reload, certificate)
    try:
        bound = await shell.start(host, port, certificate.context if certificate else None)
    except (OSError, OverflowError) as error:
        raise cannot_listen(error, host, port) from error
    port = bound[0][1]
    if host not in EVERYWHERE:
        relay.listens(written(host, port))
    address = shown_address(host, port, encrypted=certificate is not None)
    tending = Tending(relay, shell, address, failed.set)
    control = Control(relay.folder.control, {"status": tending.status, "restore": tending.restore})
    await control.start()
    lasting = [shell.working()]
    if relay.neighbours:
        shell.call = relay.neighbours.call
        lasting.append(asyncio.create_task(relay.neighbours.listening(shell.tell)))
        lasting.append(asyncio.create_task(relay.neighbours.calling(shell.hear)))
    print(
        announcement(host, address, relay.folder, everybody=relay.open, database=relay.database), flush=True
    )
    note("started", port=port, encrypted=certificate is not None, open=relay.open)
    tell("READY=1")
    await _until(stopped, failed, *lasting)
    tell("STOPPING=1")
    note("stopping", connections=relay.figures.connections_now)
    await control.close()
    for each in lasting[1:]:
        each.cancel()
    await shell.stop()
    if failed.is_set():
        raise StorageError(
            "A backup was put back, and the relay could not go on with it. It is there at the next start."
        )


async def _until(stopped: asyncio.Event, failed: asyncio.Event, *lasting: asyncio.Task[None]) -> None:
    """Wait until the relay is to end. MootError where something has ended that does not."""
    waiting = [asyncio.create_task(each.wait()) for each in (stopped, failed)]
    await asyncio.wait([*waiting, *lasting], return_when=asyncio.FIRST_COMPLETED)
    for each in waiting:
        each.cancel()
    for task in lasting:
        if task.done():
            trouble = None if task.cancelled() else task.exception()
            log.error("a defect; the relay ends, and is to be started again", exc_info=trouble)
            raise MootError("The relay met a defect of its own and has ended. Please report it.")


def _reload(certificate: Certificate | None) -> None:
    """SIGHUP: the certificate's files are read again; a terminal that goes away ends nothing."""
    if certificate is None:
        return
    try:
        certificate.reload()
    except MootError as error:
        note("the certificate is still the old one", WARNING, trouble=str(error))
    else:
        note("certificate read again", ends=f"{certificate.ends:%Y-%m-%d}")
