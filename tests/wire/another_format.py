"""What another client reads and writes: lines, changes and pages, as docs/ has them; no code of Moot's."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class Wrong(Exception):
    """What came is not as the pages say."""


def hold(fact: bool, otherwise: str) -> None:
    if not fact:
        raise Wrong(otherwise)


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def leb(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out, number = out + bytes((number & 0x7F | 0x80,)), number >> 7
    return out + bytes((number,))


def read_leb(data: bytes, at: int) -> tuple[int, int]:
    """The unsigned LEB128 at a place, and the place behind it."""
    number, shift = data[at] & 0x7F, 7
    while data[at] > 0x7F:
        at += 1
        number, shift = number | (data[at] & 0x7F) << shift, shift + 7
    return number, at + 1


def fields_of(kind: str, line: str) -> list[bytes]:
    """What a pasted line holds."""
    data = bytes_of(line.removeprefix(f"moot-{kind}:"))
    check = hashlib.sha256(b"moot line\0" + kind.encode() + b"\0" + data[:-4]).digest()[:4]
    hold(check == data[-4:] and data[0] == 1, "the line is damaged, or newer")
    fields, at = [], 1
    while at < len(data) - 4:
        length, at = read_leb(data, at)
        fields.append(data[at : at + length])
        at += length
    return fields


@dataclass(frozen=True)
class Invite:
    """What a `moot-invite:` line says."""

    url: str
    community: bytes
    key: Ed25519PrivateKey
    public: bytes

    @classmethod
    def read(cls, line: str) -> Invite:
        url, community, seed, *_ = fields_of("invite", line)
        key = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(url.decode(), community, key, key.public_key().public_bytes_raw())


@dataclass(frozen=True)
class Change:
    """A change chunk, and what stands at its beginning."""

    chunk: bytes
    hash: bytes
    deps: tuple[bytes, ...]
    actor: bytes
    seq: int
    seal: bytes

    @classmethod
    def read(cls, chunk: bytes, seal: bytes = b"") -> Change:
        """By Automerge's binary format; the hash is made here, whatever the chunk says that it is."""
        hold(chunk[:4] == bytes.fromhex("856f4a83") and chunk[8] == 1, "not a change")
        _, at = read_leb(chunk, 9)
        count, at = read_leb(chunk, at)
        deps = tuple(chunk[at + 32 * i : at + 32 * (i + 1)] for i in range(count))
        length, at = read_leb(chunk, at + 32 * count)
        seq, _ = read_leb(chunk, at + length)
        return cls(chunk, hashlib.sha256(chunk[8:]).digest(), deps, chunk[at : at + length], seq, seal)


def unpacked(body: bytes) -> Iterator[Change]:
    data, at = zlib.decompress(body), 0
    while at < len(data):
        length, at = read_leb(data, at)
        end = at + length
        behind = end + (65 if data[end] else 1)
        yield Change.read(data[at:end], data[end + 1 : behind])
        at = behind


def packed(changes: Iterable[Change]) -> bytes:
    return zlib.compress(
        b"".join(leb(len(c.chunk)) + c.chunk + bytes((len(c.seal) // 64,)) + c.seal for c in changes)
    )


def verify(actor: bytes, signature: bytes, over: bytes) -> None:
    """InvalidSignature where the owner of an actor did not sign this."""
    Ed25519PublicKey.from_public_bytes(actor[:32]).verify(signature, over)
