"""Everything that can be the matter with a connection, as sentences that say what to do.

Each begins with what happened. That work is safe on this machine is said by all of them.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidProxy,
    InvalidStatus,
    InvalidURI,
    PayloadTooBig,
    ProxyError,
)
from websockets.frames import Close, CloseCode

from moot_shared.errors import ConnectionTrouble, FormatError
from moot_shared.wire import cbor
from moot_shared.wire.messages import Refusal

SAFE = "Your work is safe on this machine."
AGAIN = "It goes out with the next sync; if this goes on, ask whoever runs the relay."
AGAIN_SOON = "That happens by itself, with the next sync: there is nothing to do."
FOR_GOOD = frozenset({"removed", "stranger", "address", "bad hosting key", "version"})


class Unreachable(ConnectionTrouble):
    """No conversation with a relay came about, or it broke off. `code` names the case for a program."""

    def __init__(self, code: str, what: str, then: str = AGAIN) -> None:
        super().__init__(f"{what} {SAFE} {then}")
        self.code = code


class RelayRefused(ConnectionTrouble):
    """The relay answered, and said no, in its own words; `code` is the relay's."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.text}" if SAFE in refusal.text else f"{refusal.text} {SAFE}")
        self.code = refusal.code
        self.retry = refusal.code not in FOR_GOOD and not refusal.code.endswith(" invite")


def code_of(error: ConnectionTrouble) -> str:
    """The name of the case, for a program."""
    return error.code if isinstance(error, Unreachable | RelayRefused) else "trouble"


def of(error: BaseException, url: str) -> ConnectionTrouble:
    """The sentence for whatever a connection attempt or a connection raised."""
    if isinstance(error, ConnectionTrouble):
        return error
    causes = list(_causes(error))
    for cause in causes:
        found = _known(cause, url)
        if found is not None:
            return found
    return Unreachable("trouble", f"The relay {url} cannot be reached ({causes[-1]}).")


def silent(url: str) -> Unreachable:
    """Something took the connection, and says nothing that a relay would say."""
    return Unreachable(
        "silent",
        f"{url} takes the connection but does not answer as a Moot relay.",
        "Check the address; if it is right, whoever runs the relay may know more.",
    )


def wrong_protocol(url: str) -> Unreachable:
    """Something answers over a WebSocket that is not a relay, or one of another version."""
    return Unreachable(
        "wrong protocol",
        f"What answers at {url} does not speak as this Moot does: it is no relay, or one of another version.",
        "Check the address, and that Moot is up to date on both sides.",
    )


def open_to_everybody(url: str) -> Unreachable:
    """It lets everybody in without asking who they are."""
    return Unreachable(
        "open relay",
        f"{url} is an open relay for other programs: it lets everybody in and keeps no community.",
        "Communities go to a relay that runs without --open.",
    )


def unreadable(url: str, frame: bytes) -> Unreachable:
    """What came is nothing that a relay for communities says."""
    try:
        said = cbor.decode(frame)
    except FormatError:
        return wrong_protocol(url)
    welcomed = isinstance(said, dict) and said.get("type") == "peer"
    return open_to_everybody(url) if welcomed else wrong_protocol(url)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        if isinstance(seen, BaseExceptionGroup):
            yield from seen.exceptions
        seen = seen.__cause__ or seen.__context__


def _known(error: BaseException, url: str) -> ConnectionTrouble | None:
    check = "Check the address."
    match error:
        case ssl.SSLCertVerificationError():
            return Unreachable(
                "tls",
                f"The certificate of {url} is not one that this machine trusts ({error.verify_message}).",
                "Check the address; for a CA of your own, name its file with --ca-file or MOOT_CA_FILE.",
            )
        case ssl.SSLError():
            return Unreachable(
                "tls",
                f"{url} does not encrypt as wss:// asks for ({error.reason or error}).",
                "Check the address: a relay without TLS has one that begins with ws://.",
            )
        case socket.gaierror():
            return Unreachable(
                "name",
                f"No machine by the name in {url} can be found.",
                "It goes out once this machine is online, or the address is right: check both.",
            )
        case InvalidProxy() | ProxyError():
            return Unreachable(
                "proxy", f"The proxy on the way to {url} did not let the connection through ({error}).",
                "Check HTTPS_PROXY.",
            )  # fmt: skip
        case InvalidURI() | ValueError() | OverflowError():
            return Unreachable("address", f"{url} is no relay's address.", "One begins with wss:// or ws://.")
        case InvalidStatus():
            return Unreachable(
                "not a relay",
                f"{url} answers as a web server does (HTTP {error.response.status_code}), not as a relay.",
                check,
            )
        case InvalidHandshake(__cause__=EOFError() | ConnectionError()):
            return Unreachable("closed", f"The relay {url} ended the connection before it answered.")
        case InvalidHandshake():
            return Unreachable("not a relay", f"What answers at {url} is not a relay.", check)
        case ConnectionRefusedError():
            return Unreachable(
                "refused",
                f"No relay is running at {url}.",
                "It goes out once one runs there: whoever runs it can start it. Check the address, too.",
            )
        case TimeoutError():
            return Unreachable("timeout", f"The relay {url} does not answer in time.")
        case PayloadTooBig():
            return wrong_protocol(url)
        case ConnectionClosed(rcvd=Close(code=CloseCode.MESSAGE_TOO_BIG)):
            return Unreachable(
                "too large", f"The relay {url} does not take messages as large as the one that Moot sent.",
                "Whoever runs it can raise its limit frame_bytes.",
            )  # fmt: skip
        case ConnectionClosed():
            return Unreachable("closed", f"The connection to {url} has ended.")
        case EOFError() | ConnectionError():
            return Unreachable("closed", f"The connection to {url} broke off.")
        case OSError():
            return Unreachable(
                "network",
                f"The network does not reach {url} ({error.strerror or error}).",
                "It goes out once this machine is online: check its network.",
            )
    return None
