"""Every trouble with a relay is three things: what happened, that work is safe, and what one can do."""

from __future__ import annotations

import ast
import re
import socket
import ssl
from pathlib import Path
from typing import TypeGuard

import pytest
from websockets.datastructures import Headers
from websockets.exceptions import (
    ConnectionClosedError,
    InvalidHandshake,
    InvalidProxy,
    InvalidStatus,
    InvalidURI,
    PayloadTooBig,
)
from websockets.frames import Close, CloseCode
from websockets.http11 import Response

from moot_client.sync import trouble
from moot_client.sync.trouble import SAFE, Unreachable, of
from moot_shared.errors import ConnectionTrouble
from moot_shared.wire import cbor

URL = "wss://relay.example"
SYNC = Path(trouble.__file__).parent


def _untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "no")
    error.verify_message = "self-signed certificate"
    return error


def _unencrypted() -> ssl.SSLError:
    error = ssl.SSLError(1, "no")
    error.reason = "WRONG_VERSION_NUMBER"
    return error


def _hung_up() -> InvalidHandshake:
    error = InvalidHandshake("no answer")
    error.__cause__ = EOFError()
    return error


CLOSED = ConnectionClosedError(None, None)
TOO_LARGE = ConnectionClosedError(Close(CloseCode.MESSAGE_TOO_BIG, ""), None)
OTHER_PROGRAM = cbor.encode({"type": "peer", "senderId": "x"})

TABLE: list[tuple[str, ConnectionTrouble, str, str]] = [
    ("tls", of(_untrusted(), URL), "is not one that this machine trusts", "name its file with --ca-file"),
    ("tls", of(_unencrypted(), URL), "does not encrypt", "begins with ws://"),
    ("name", of(socket.gaierror(8, "x"), URL), "No machine by the name", "check both"),
    ("proxy", of(InvalidProxy("p", "no"), URL), "did not let the connection through", "Check HTTPS_PROXY"),
    ("address", of(InvalidURI("x", "no"), URL), "is no relay's address", "begins with wss:// or ws://"),
    ("not a relay", of(InvalidStatus(Response(404, "No", Headers())), URL), "a web server", "Check the"),
    ("not a relay", of(InvalidHandshake("no"), URL), "is not a relay", "Check the address"),
    ("closed", of(_hung_up(), URL), "ended the connection before it answered", "ask whoever runs"),
    ("closed", of(CLOSED, URL), "has ended", "ask whoever runs"),
    ("closed", of(ConnectionResetError(), URL), "broke off", "ask whoever runs"),
    ("refused", of(ConnectionRefusedError(), URL), "No relay is running", "whoever runs it can start it"),
    ("timeout", of(TimeoutError(), URL), "does not answer in time", "ask whoever runs"),
    ("too large", of(TOO_LARGE, URL), "does not take messages as large", "can raise its limit"),
    ("network", of(OSError(101, "Network is unreachable"), URL), "does not reach", "check its network"),
    ("wrong protocol", of(PayloadTooBig(1, 2), URL), "does not speak as this Moot", "Moot is up to date"),
    ("wrong protocol", trouble.unreadable(URL, b"?"), "does not speak as this Moot", "Check the address"),
    ("open relay", trouble.unreadable(URL, OTHER_PROGRAM), "an open relay", "runs without --open"),
    ("silent", trouble.silent(URL), "takes the connection but does not answer", "Check the address"),
    ("trouble", of(RuntimeError("odd"), URL), "cannot be reached (odd)", "ask whoever runs"),
    ("out of step", Unreachable("out of step", "Notes.", trouble.AGAIN_SOON), "Notes", "nothing to do"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "error", "happened", "can_do"), TABLE, ids=[row[2][:24] for row in TABLE])
def test_a_trouble_says_what_happened_then_what_one_can_do(
    code: str, error: ConnectionTrouble, happened: str, can_do: str
) -> None:
    assert isinstance(error, Unreachable)
    assert error.code == code
    first, found, then = str(error).partition(SAFE)
    assert found
    assert happened in first
    assert can_do in then
    assert first.strip().endswith(".")
    assert then.strip().endswith(".")
    assert not re.search(r"\b(failed|error|invalid|conflict|peer|hash|document)\b", str(error), re.IGNORECASE)
    assert "!" not in str(error)


def test_the_table_has_every_trouble_that_there_is() -> None:
    codes = set()
    for path in SYNC.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if _makes_one(node):
                codes.add(ast.literal_eval(node.args[0]))
    assert codes == {code for code, _, _, _ in TABLE}


def _makes_one(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether this is a call of `Unreachable` with its code written out."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
        return False
    return getattr(node.func, "attr", getattr(node.func, "id", "")) == "Unreachable"
