"""A relay with a certificate of its own: members dial wss://, and it is renewed without a restart."""

from __future__ import annotations

import asyncio
import signal
import ssl
import time
from pathlib import Path
from typing import Any

import pytest

from moot_client.home import Home
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.joining import host
from moot_client.sync.once import sync_once
from moot_server.command import main
from moot_server.network.tls import Certificate
from moot_shared.errors import ConnectionTrouble, InputError
from tests.helpers.authority import DAY, Authority, Pair
from tests.helpers.cohort import issue
from tests.helpers.patience import PATIENCE_S
from tests.helpers.relay_process import RelayProcess


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


def encrypted(folder: Path, pair: Pair) -> RelayProcess:
    words = ("--tls-cert", str(pair.certificate), "--tls-key", str(pair.key), "--log", "text")
    return RelayProcess(folder / "relay", options=words)


def serial(port: int) -> str:
    """Of the certificate that is shown to who connects now."""
    shown = ssl.get_server_certificate(("127.0.0.1", port))
    return str(hash(shown))


@pytest.mark.slow
def test_members_reach_it_who_trust_its_authority_and_nobody_else_is_fooled(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara = Replica.open(found_community(Home(tmp_path / "mara"), "Northern cohort", "Mara"))
    with encrypted(tmp_path, authority.issue()) as relay:
        assert relay.url == f"wss://127.0.0.1:{relay.port}"
        with pytest.raises(ConnectionTrouble, match="certificate"):
            host(mara, relay.url, relay.hosting_key)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        host(mara, relay.url, relay.hosting_key)
        issue(mara)
        assert sync_once(mara).stored
        plain = relay.url.replace("wss:", "ws:")
        with pytest.raises(ConnectionTrouble):
            host(mara, plain, relay.hosting_key)
        assert relay.stop() == 0
    mara.close()


@pytest.mark.slow
def test_a_renewed_certificate_is_read_on_sighup_and_a_wrong_one_leaves_the_old(
    tmp_path: Path, authority: Authority
) -> None:
    pair = authority.issue()
    with encrypted(tmp_path, pair) as relay:
        first = serial(relay.port)
        authority.issue()
        assert serial(relay.port) == first
        relay.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + PATIENCE_S
        while serial(relay.port) == first:
            assert time.monotonic() < deadline
        second = serial(relay.port)
        pair.certificate.write_text("no certificate")
        relay.process.send_signal(signal.SIGHUP)
        assert serial(relay.port) == second
        assert relay.stop() == 0


async def test_a_certificate_that_is_replaced_once_more_while_it_is_read_breaks_no_handshake(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, other = authority.issue(), authority.issue("other")
    certificate, load = Certificate(pair.certificate, pair.key), Certificate._load

    def then_replaced(self: Certificate, *words: Any) -> Any:
        found = load(self, *words)
        pair.certificate.write_bytes(other.certificate.read_bytes())  # and its key is not there yet
        return found

    server = await asyncio.start_server(
        lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=certificate.context
    )
    port = server.sockets[0].getsockname()[1]
    before = await asyncio.to_thread(serial, port)
    authority.issue()
    monkeypatch.setattr(Certificate, "_load", then_replaced)
    certificate.reload()
    renewed = await asyncio.to_thread(serial, port)
    assert renewed != before
    with pytest.raises(InputError, match="is not the one"):
        certificate.reload()
    assert await asyncio.to_thread(serial, port) == renewed
    server.close()


@pytest.mark.slow
def test_sighup_ends_no_relay_that_has_no_certificate(tmp_path: Path) -> None:
    with RelayProcess(tmp_path / "relay") as relay:
        relay.process.send_signal(signal.SIGHUP)
        assert relay.stop() == 0


def test_what_is_wrong_with_the_files_is_said(
    tmp_path: Path, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    good, other = authority.issue(), authority.issue("other")
    old = authority.issue("old", since=-3 * DAY, until=-DAY)
    early = authority.issue("early", since=DAY, until=2 * DAY)
    text = tmp_path / "text"
    text.write_text("nothing of the kind")
    locked = tmp_path / "locked.key"
    locked.write_text("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n")
    for certificate, key, sentence in (
        (good.certificate, None, "belong together"),
        (None, good.key, "belong together"),
        (tmp_path / "nowhere", good.key, "cannot be read"),
        (good.certificate, tmp_path / "nowhere", "cannot be read"),
        (text, good.key, "holds no certificate"),
        (good.certificate, text, "holds no private key"),
        (good.certificate, locked, "holds no private key"),
        (good.certificate, other.key, "is not the one of the certificate"),
        (old.certificate, old.key, "has ended"),
        (early.certificate, early.key, "counts from"),
    ):
        words = ["--tls-cert", str(certificate)] if certificate else []
        words += ["--tls-key", str(key)] if key else []
        assert main(["--data", str(tmp_path / "data"), "--port", "0", *words]) == 1
        assert sentence in capsys.readouterr().err
