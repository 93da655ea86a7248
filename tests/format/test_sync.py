"""Sync messages: every honest one is read and written again the same; of the others none does harm."""

from __future__ import annotations

import random

import pytest

from moot_shared.errors import FormatError
from moot_shared.format.bloom import filter_of
from moot_shared.format.change import decode_change
from moot_shared.format.chunk import DOCUMENT, chunk_type
from moot_shared.format.document import decode_document
from moot_shared.format.sync import Have, SyncMessage, Version, decode_sync_message, encode_sync_message
from moot_shared.limits import DEFAULT
from tests.helpers.binding import accepts, conversation, honest, saved, take
from tests.helpers.encoding import chunk, deflated, uleb

ONE, TWO, THREE = (bytes((n,)) * 32 for n in (1, 2, 3))
CHANGES = [made.raw_bytes for made in honest(0, edits=6)]
FULL = SyncMessage(
    heads=(ONE, TWO),
    need=(THREE,),
    have=(Have((ONE,), filter_of([TWO, THREE])),),
    chunks=tuple(CHANGES[:3]),
    flags=b"\x01\x02",
)


def hashes(*items: bytes) -> bytes:
    return uleb(len(items)) + b"".join(items)


def message(
    heads: bytes = b"\0",
    need: bytes = b"\0",
    have: bytes = b"\0",
    changes: bytes = b"\0",
    start: bytes = b"\x42",
) -> bytes:
    return start + heads + need + have + changes


@pytest.mark.parametrize("seed", range(8))
def test_every_message_that_the_binding_sends_is_read_and_written_again_the_same(seed: int) -> None:
    one, other = honest(seed, edits=40), honest(seed + 50, edits=30)
    talk = conversation([c.raw_bytes for c in one[: 5 * seed]], [c.raw_bytes for c in one + other])
    assert len(talk) > 2
    for data in talk:
        read = decode_sync_message(data)
        assert encode_sync_message(read) == data
        for piece in read.chunks:
            if chunk_type(piece) == DOCUMENT:
                assert decode_document(piece).changes
            else:
                assert decode_change(piece).hash
    assert any(decode_sync_message(data).chunks for data in talk)


def test_a_message_that_is_made_here_is_one_that_the_binding_takes() -> None:
    raw = encode_sync_message(SyncMessage(have=(Have(),), chunks=tuple(CHANGES)))
    assert take(raw) == accepts(CHANGES)


def test_everything_in_a_message_is_found_again() -> None:
    assert decode_sync_message(encode_sync_message(FULL)) == FULL


def test_the_second_version_brings_its_changes_in_one_piece_and_they_are_cut_apart() -> None:
    for pieces in ((), tuple(CHANGES), (saved(CHANGES), deflated(CHANGES[0]))):
        raw = encode_sync_message(SyncMessage(chunks=pieces, version=Version.TWO))
        assert decode_sync_message(raw).chunks == pieces


def test_what_is_asked_for_twice_is_asked_for_once() -> None:
    raw = message(need=hashes(TWO, *[ONE] * (DEFAULT.sync_need - 2), TWO))
    assert decode_sync_message(raw).need == (TWO, ONE)


@pytest.mark.parametrize(
    ("flags", "takes_documents", "read_only", "reset"),
    [
        (None, False, False, False),
        (b"", False, False, False),
        (b"\x01\x02", True, False, False),
        (b"\x02\x84", True, False, False),
        (b"\x02\x87", True, True, True),
        (b"\x01\x03", False, False, False),
    ],
)
def test_signals_of_newer_and_older_writers_are_told_apart(
    flags: bytes | None, takes_documents: bool, read_only: bool, reset: bool
) -> None:
    read = decode_sync_message(encode_sync_message(SyncMessage(flags=flags)))
    assert (read.takes_documents, read.read_only, read.reset) == (takes_documents, read_only, reset)


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"\x42",
        b"\x41\0\0\0\0",
        message(start=b"\x44"),
        message(heads=hashes(TWO, ONE)),
        message(heads=hashes(ONE, ONE)),
        message(heads=hashes(*(n.to_bytes(32, "big") for n in range(DEFAULT.sync_heads + 1)))),
        message(heads=uleb(1 << 60)),
        message(heads=uleb(2) + ONE),
        message(need=hashes(*[ONE] * (DEFAULT.sync_need + 1))),
        message(need=uleb(1 << 60)),
        message(have=b"\x02" + b"\0\0" * 2),
        message(have=uleb(1 << 60)),
        message(have=b"\x01" + hashes(TWO, ONE) + b"\0"),
        message(have=b"\x01\0\x05\x01\x0a\x07\0"),
        message(have=b"\x01\0\x04\x01\x0a\x07\0"),
        message(have=b"\x01\0" + uleb(1 << 60)),
        message(changes=uleb(1 << 60)),
        message(changes=b"\x01" + uleb(1 << 60)),
        message(changes=b"\x01\0"),
        message(changes=b"\x01\x03abc"),
        message(changes=b"\x01" + uleb(len(CHANGES[0]) + 1) + CHANGES[0] + b"\0"),
        message(changes=b"\x01" + uleb(2 * len(CHANGES[0])) + CHANGES[0] * 2),
        message(changes=b"\x01" + uleb(len(chunk(b"", 3))) + chunk(b"", 3)),
        message(changes=b"\x02" + (uleb(len(CHANGES[0])) + CHANGES[0]) * 2, start=b"\x43"),
        message(changes=b"\x01\0", start=b"\x43"),
        message() + b"\x01",
        message() + b"\0\0",
        message() + uleb(DEFAULT.sync_flags + 1) + bytes(DEFAULT.sync_flags + 1),
        message(heads=b"\x80\0"),
        message() + bytes(DEFAULT.frame_bytes),
    ],
)
def test_a_message_that_no_honest_peer_sends_is_refused(odd: bytes) -> None:
    assert decode_sync_message(message()) == SyncMessage()
    with pytest.raises(FormatError, match="This message cannot be read"):
        decode_sync_message(odd)


@pytest.mark.parametrize("start", [b"\x42", b"\x43"])
def test_countless_small_changes_in_one_message_are_refused(start: bytes) -> None:
    small = chunk(b"")

    def bringing(count: int) -> bytes:
        if start == b"\x43":
            return message(changes=b"\x01" + uleb(count * len(small)) + small * count, start=start)
        return message(changes=uleb(count) + (uleb(len(small)) + small) * count, start=start)

    most = DEFAULT.sync_changes
    assert len(decode_sync_message(bringing(most)).chunks) == most
    with pytest.raises(FormatError):
        decode_sync_message(bringing(most + 1))


def test_a_message_that_breaks_off_anywhere_is_refused() -> None:
    raw = encode_sync_message(FULL)
    assert FULL.flags is not None
    whole_without_signals = len(raw) - len(FULL.flags) - 1
    for end in range(len(raw)):
        if end != whole_without_signals:
            with pytest.raises(FormatError):
                decode_sync_message(raw[:end])


@pytest.mark.parametrize("seed", range(4))
def test_what_is_left_of_mutated_messages_is_canonical_or_refused(seed: int) -> None:
    dice = random.Random(seed)
    raw = encode_sync_message(FULL)
    for _ in range(3_000):
        wrong = bytearray(raw)
        for _ in range(dice.choice((1, 1, 2, 5))):
            at = dice.randrange(len(wrong))
            match dice.randrange(3):
                case 0:
                    wrong[at] = dice.choice((0, 1, 2, 0x7F, 0x80, 0xFF))
                case 1:
                    del wrong[at]
                case _:
                    wrong[at:at] = dice.randbytes(1)
        try:
            read = decode_sync_message(bytes(wrong))
        except FormatError:
            continue
        assert encode_sync_message(read) == wrong
