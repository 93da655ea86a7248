"""A certificate and its key from files, for who runs a relay without a proxy in front."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from moot_shared.errors import InputError


class Certificate:
    """What connections are encrypted with; `reload` takes what the files hold by now."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """InputError says what is the matter with the files."""
        self._certificate = certificate
        self._key = key
        self.ends = _checked(certificate, key)
        self.context = self._newest = self._load()
        self.context.sni_callback = self._shown  # called with each handshake, whether a name was said or not

    def reload(self) -> None:
        """For connections from now on. InputError where the files do not do: then the old ones count on."""
        ends = _checked(self._certificate, self._key)
        self._newest, self.ends = self._load(), ends

    def _shown(self, connection: ssl.SSLSocket | ssl.SSLObject, _: str | None, __: ssl.SSLContext) -> None:
        connection.context = self._newest

    def _load(self) -> ssl.SSLContext:
        """A context of its own each time: one that fails half-way shows nothing to anybody."""
        context = _context()
        try:
            context.load_cert_chain(self._certificate, self._key, password=_no_password)
        except ssl.SSLError as error:
            if error.reason == "KEY_VALUES_MISMATCH":
                raise InputError(
                    f"The key in {self._key} is not the one of the certificate in {self._certificate}."
                ) from error
            raise InputError(
                f"{self._key} holds no private key that can be used (PEM, without a password)."
            ) from error
        return context


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _checked(certificate: Path, key: Path) -> datetime:
    """Read both; when the certificate ends."""
    text = _read(certificate)
    _read(key)
    try:
        found = x509.load_pem_x509_certificates(text)[0]
    except (ValueError, IndexError) as error:
        raise InputError(f"{certificate} holds no certificate (PEM).") from error
    now = datetime.now(UTC)
    if found.not_valid_after_utc < now:
        raise InputError(
            f"The certificate in {certificate} has ended on {found.not_valid_after_utc:%Y-%m-%d}, "
            "and no Moot takes it any more. Get a new one."
        )
    if found.not_valid_before_utc > now:
        raise InputError(
            f"The certificate in {certificate} counts from {found.not_valid_before_utc:%Y-%m-%d} on. Is the "
            "clock of this machine right?"
        )
    return found.not_valid_after_utc


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}). Check where it is and whose.") from error


def _no_password() -> bytes:
    """A key with a password would have somebody type it at each start."""
    return b""
