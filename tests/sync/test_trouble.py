"""Whatever stands between a member and their relay is one clear sentence, and says that work is safe."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.asyncio.server import ServerConnection, serve

from moot_client.replica.replica import Replica
from moot_client.sync.address import is_loopback, relay_address
from moot_client.sync.connection import dial
from moot_client.sync.conversation import Means, Patience
from moot_client.sync.credentials import Credentials
from moot_client.sync.once import exchange_at
from moot_client.sync.trouble import RelayRefused, code_of, of
from moot_shared.errors import ConnectionTrouble, InputError
from moot_shared.wire.messages import Refusal
from tests.helpers.cohort import Cohort
from tests.helpers.patience import PATIENT
from tests.helpers.relay_here import relay_here

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SOON_TIRED = Means(patience=Patience(welcome=0.05, answer=0.05, quiet=0.0))


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http", "https", "all", "no", "ws", "wss", "socks"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_proxy".upper(), raising=False)


@asynccontextmanager
async def listening(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Some server on loopback; its port."""
    server = await asyncio.start_server(handler, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def trouble_at(url: str, ca_file: str | None = None) -> ConnectionTrouble:
    """What is the matter there."""
    with pytest.raises(ConnectionTrouble) as caught:
        await dial(url, ca_file)
    text = str(caught.value)
    assert "Your work is safe on this machine." in text
    assert url in text
    assert caught.value.retry
    return caught.value


async def web_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await writer.drain()
    writer.close()


async def mail_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP\r\n")
    await writer.drain()
    writer.close()


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def test_where_nothing_listens_no_relay_is_running() -> None:
    async with listening(hangs_up) as port:
        pass
    error = await trouble_at(f"ws://127.0.0.1:{port}")
    assert code_of(error) == "refused"
    assert "No relay is running" in str(error)


async def test_a_name_that_leads_nowhere_is_said_to_lead_nowhere() -> None:
    error = await trouble_at("ws://nowhere.invalid:8710")
    assert code_of(error) == "name"
    assert "No machine by the name" in str(error)


@pytest.mark.parametrize(
    "url", ["ws://", "http://x", "ws://x:99999", "ws://[", "ws://" + "x" * 300, "ws://\u2603"]
)
async def test_an_address_that_a_convenor_mistyped_is_trouble_like_any_other(url: str) -> None:
    await trouble_at(url)


@pytest.mark.parametrize(
    ("server", "code", "words"),
    [
        (web_server, "not a relay", "web server does (HTTP 404)"),
        (mail_server, "not a relay", "is not a relay"),
    ],
)
async def test_what_is_no_relay_is_said_to_be_none(server: Handler, code: str, words: str) -> None:
    async with listening(server) as port:
        error = await trouble_at(f"ws://127.0.0.1:{port}")
    assert code_of(error) == code
    assert words in str(error)
    assert "Check the address" in str(error)


async def test_what_hangs_up_at_once_is_no_relay_either() -> None:
    async with listening(hangs_up) as port:
        error = await trouble_at(f"ws://127.0.0.1:{port}")
    assert code_of(error) in ("closed", "not a relay")


async def test_what_does_not_answer_is_given_up_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moot_client.sync.connection.OPEN_S", 0.05)
    async with listening(says_nothing) as port:
        error = await trouble_at(f"ws://127.0.0.1:{port}")
    assert code_of(error) == "timeout"


async def test_a_websocket_that_says_nothing_is_no_relay(tmp_path: Path) -> None:
    async def silent(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with serve(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectionTrouble, match="does not answer as a Moot relay"):
            await talk(tmp_path, f"ws://127.0.0.1:{port}", SOON_TIRED)


async def test_a_websocket_that_says_something_else_is_no_relay(tmp_path: Path) -> None:
    async def chatty(socket: ServerConnection) -> None:
        await socket.send("Welcome to the chat!")
        await socket.wait_closed()

    async with serve(chatty, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectionTrouble, match="does not speak as this Moot does"):
            await talk(tmp_path, f"ws://127.0.0.1:{port}")


async def talk(folder: Path, url: str, means: Means = PATIENT) -> None:
    with Cohort(folder / "members", size=1) as (mara,):
        await exchange_at(mara, url, Credentials(), means)


async def test_a_relay_that_ends_the_connection_is_said_to_have_done_so(tmp_path: Path) -> None:
    async def closes(socket: ServerConnection) -> None:
        await socket.close()

    async with serve(closes, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectionTrouble, match="has ended"):
            await talk(tmp_path, f"ws://127.0.0.1:{port}")


# -- TLS --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A private CA's file, and a server's context with a certificate of that CA for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("ca")
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A cohort's own CA")])
    start = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    base = x509.CertificateBuilder().issuer_name(name).not_valid_before(start)
    base = base.not_valid_after(start + dt.timedelta(days=36_500))
    ca = (
        base.subject_name(name)
        .public_key(ca_key.public_key())
        .serial_number(1)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay")])
    certificate = (
        base.subject_name(subject)
        .public_key(key.public_key())
        .serial_number(2)
        .add_extension(host, critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(ca.public_bytes(pem))
    (folder / "relay.pem").write_bytes(
        certificate.public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "relay.pem")
    return folder / "ca.pem", context


async def nobody(socket: ServerConnection) -> None:
    await socket.wait_closed()


@asynccontextmanager
async def tls_relay(context: ssl.SSLContext) -> AsyncIterator[str]:
    async with serve(nobody, "127.0.0.1", 0, ssl=context) as server:
        yield f"wss://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_certificate_that_is_not_trusted_is_named_with_what_to_do(
    authority: tuple[Path, ssl.SSLContext],
) -> None:
    async with tls_relay(authority[1]) as url:
        error = await trouble_at(url)
    assert code_of(error) == "tls"
    assert "is not one that this machine trusts" in str(error)
    assert "--ca-file" in str(error)


@pytest.mark.parametrize("how", ["argument", "MOOT_CA_FILE", "SSL_CERT_FILE"])
async def test_a_private_ca_can_be_trusted(
    authority: tuple[Path, ssl.SSLContext], how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ca_file = str(authority[0])
    if how != "argument":
        monkeypatch.setenv(how, ca_file)
    async with tls_relay(authority[1]) as url:
        socket = await dial(url, ca_file if how == "argument" else None)
        await socket.close()


async def test_a_ca_file_that_is_none_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("not a certificate")
    for path in (tmp_path / "ca.pem", tmp_path / "missing.pem"):
        with pytest.raises(InputError, match="CA file"):
            await dial("wss://127.0.0.1:9", str(path))


async def test_tls_where_there_is_none_is_said_to_be_the_wrong_kind_of_address() -> None:
    async with listening(mail_server) as port:
        error = await trouble_at(f"wss://127.0.0.1:{port}")
    assert code_of(error) == "tls"
    assert "begins with ws://" in str(error)


# -- a proxy ----------------------------------------------------------------------------------------------


async def test_the_proxy_that_the_environment_names_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []
    async with relay_here(tmp_path / "relay") as relay:

        async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            there, to_there = await asyncio.open_connection("127.0.0.1", relay.port)
            await asyncio.gather(pump(reader, to_there), pump(there, writer))

        async with listening(proxy) as port:
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
            socket = await dial("ws://relay.example:8710")
            await socket.close()
    assert asked[0].startswith(b"CONNECT relay.example:8710 ")


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    writer.close()


async def test_a_relay_on_this_machine_is_reached_without_a_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    async with relay_here(tmp_path / "relay") as relay:
        socket = await dial(relay.url)
        await socket.close()


async def test_a_proxy_that_lets_nothing_through_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def stern(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with listening(stern) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        error = await trouble_at("wss://relay.example")
    assert code_of(error) == "proxy"
    assert "HTTPS_PROXY" in str(error)


# -- words ------------------------------------------------------------------------------------------------


def test_a_relays_own_words_are_shown_and_end_with_what_is_safe() -> None:
    error = RelayRefused(Refusal("spent invite", "This invite has been used up."))
    assert str(error) == "This invite has been used up. Your work is safe on this machine."
    assert not error.retry
    assert RelayRefused(Refusal("busy", "Too many.")).retry


def test_trouble_that_nobody_foresaw_is_a_sentence_too() -> None:
    assert "cannot be reached (odd)" in str(of(RuntimeError("odd"), "ws://relay.example"))


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" wss://relay.example/ ", "wss://relay.example"),
        ("https://relay.example/moot", "wss://relay.example/moot"),
        ("http://192.168.1.5:8710", "ws://192.168.1.5:8710"),
        ("WS://[::1]:8710", "ws://[::1]:8710"),
    ],
)
def test_addresses_are_read_as_people_type_them(typed: str, address: str) -> None:
    assert relay_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "relay.example",
        "ftp://relay.example",
        "ws://",
        "ws://a b",
        "ws://u:p@x",
        "ws://x:0",
        "ws://x:99999",
    ],
)
def test_what_is_no_address_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(InputError, match="looks like wss://"):
        relay_address(typed)


def test_an_address_that_stays_on_this_machine_is_known() -> None:
    assert is_loopback("ws://127.0.0.1:1")
    assert is_loopback("ws://[::1]:1")
    assert is_loopback("ws://localhost:1")
    assert not is_loopback("wss://relay.example")


def test_the_replica_is_not_touched_by_a_connection_that_fails(tmp_path: Path) -> None:
    with Cohort(tmp_path / "members", size=1) as (mara,):
        before = mara.version()

        async def fail() -> None:
            with pytest.raises(ConnectionTrouble):
                await exchange_at(mara, "ws://127.0.0.1:9", Credentials(), PATIENT)

        asyncio.run(fail())
        assert isinstance(mara, Replica)
        assert mara.version() == before
