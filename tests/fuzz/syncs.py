"""Sync messages and whole documents of other programs, as our own reader takes them apart."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from moot_shared.errors import FormatError
from moot_shared.format.bloom import filter_of
from moot_shared.format.change import decode_change
from moot_shared.format.document import decode_document
from moot_shared.format.sync import Have, SyncMessage, Version, decode_sync_message, encode_sync_message
from tests.fuzz.anatomy import body_of
from tests.fuzz.attempt import Attempt
from tests.fuzz.bytework import bytes_changed, number_inside_changed
from tests.fuzz.cases import changed_change
from tests.fuzz.corpus import Corpus
from tests.fuzz.honest import Broken
from tests.fuzz.peers import Peers
from tests.helpers import encoding


def sync_message(peers: Peers, dice: random.Random) -> Attempt:
    """A message of another program's sync."""
    corpus = peers.corpus
    message, story = _message(corpus, dice), ["a sync message"]
    data = encode_sync_message(message)
    for _ in range(dice.choice((0, 1, 1, 2))):
        if dice.random() < 0.5:
            data, told = bytes_changed(data, dice)
            story.append(told)
        else:
            head, rest = data[:400], data[400:]
            data = number_inside_changed(head, dice) + rest
            story.append("a number near the beginning")
    hashes = [change.hash for change in corpus.changes[:50]]

    def with_bytes(data: bytes) -> Callable[[], str]:
        return lambda: _read_message(data, hashes)

    return Attempt(story, data, with_bytes(data), with_bytes)


def _message(corpus: Corpus, dice: random.Random) -> SyncMessage:
    hashes = [change.hash for change in dice.sample(corpus.changes, 20)]
    chunks = [change.raw for change in corpus.changes[: dice.choice((0, 1, 4))]]
    if dice.random() < 0.5:
        chunks.append(changed_change(corpus, dice).chunk)
    version = dice.choice(tuple(Version))
    if version is Version.TWO and dice.random() < 0.3:
        chunks = [_document(corpus)]
    have = Have(tuple(sorted(hashes[:2])), filter_of(hashes[: dice.choice((0, 5, 20))]))
    need = tuple(hashes[2 : dice.choice((2, 5))]) * dice.choice((1, 1, 200))
    flags = dice.choice((None, b"", b"\2", dice.randbytes(3)))
    return SyncMessage(tuple(sorted(hashes[:3])), need, (have,), tuple(chunks), version, flags)


def _document(corpus: Corpus) -> bytes:
    binding: Any = corpus.document._binding
    return bytes(binding.save())


def _read_message(data: bytes, hashes: list[bytes]) -> str:
    try:
        message = decode_sync_message(data)
    except FormatError:
        return "unreadable"
    if decode_sync_message(encode_sync_message(message)) != message:
        raise Broken("a sync message that was read, written and read again is another")
    for have in message.have:
        for change_hash in hashes:
            _ = change_hash in have.filter
    for chunk in message.chunks:
        for read in (decode_change, decode_document):
            try:
                read(chunk)
            except FormatError:
                continue
    return f"read {len(message.chunks) and 'with chunks'}"


def document(peers: Peers, dice: random.Random) -> Attempt:
    """A whole document, damaged and with a checksum that fits."""
    body, story = body_of(_document(peers.corpus)), ["the document"]
    for _ in range(dice.choice((0, 1, 1, 1, 2))):
        if dice.random() < 0.6:
            body, told = bytes_changed(body, dice)
            story.append(told)
        else:
            at = dice.choice((0, len(body) - 400, dice.randrange(len(body))))
            body = body[:at] + number_inside_changed(body[at : at + 400], dice) + body[at + 400 :]
            story.append(f"a number after {at}")
    data = encoding.chunk(body, 0)

    def with_bytes(data: bytes) -> Callable[[], str]:
        return lambda: _read_document(data)

    return Attempt(story, data, with_bytes(data), with_bytes)


def _read_document(data: bytes) -> str:
    try:
        found = decode_document(data)
    except FormatError:
        return "unreadable"
    return f"read {bool(found.changes)}"
