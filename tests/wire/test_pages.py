"""Pages stay under the frame limit, end where seals can be judged, and unpack within bounds."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moot_shared.errors import FormatError
from moot_shared.format.change import OpId
from moot_shared.limits import DEFAULT
from moot_shared.trust.seal import Sealed
from moot_shared.wire import pages
from moot_shared.wire.glance import glance
from moot_shared.wire.messages import Page, encode
from moot_shared.wire.pages import Gathering, pack, unpack
from tests.helpers.community import person, put
from tests.helpers.encoding import encode_change

SEAL = b"s" * 64
ANN, BEN = person("ann"), person("ben")


def change(actor: bytes, seq: int, size: int = 10) -> bytes:
    """A chunk of about `size` bytes that does not deflate."""
    noise = random.Random(seq).randbytes(size)
    return encode_change(
        [replace(put(None, "k", noise), id=OpId(seq, actor))], actor=actor, seq=seq, start_op=seq
    )


def run_of(actor: bytes, count: int, *, sealed_every: int = 1, size: int = 10) -> list[Sealed]:
    return [
        Sealed(change(actor, seq, size), SEAL if seq % sealed_every == 0 else None)
        for seq in range(1, count + 1)
    ]


def ends_sealed(batch: Sequence[Sealed]) -> bool:
    last = {glance(c.chunk).actor: c for c in batch}
    return all(c.seal for c in last.values())


@pytest.mark.slow
@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_what_was_packed_is_unpacked_in_order_whatever_is_sealed(seals: list[bool]) -> None:
    carried = [Sealed(change(ANN.actor, n + 1), SEAL if s else None) for n, s in enumerate(seals)]
    gathering = Gathering()
    found: list[Sealed] = []
    for page in pack(carried):
        found += gathering.add(page.body, page.more) or ()
    assert found == carried


def test_a_page_fits_a_frame_also_where_nothing_deflates() -> None:
    packed = list(pack(run_of(ANN.actor, 12, size=200 * 1024)))
    assert len(packed) > 1
    assert all(len(encode(Page(p.body, more=p.more))) <= DEFAULT.frame_bytes for p in packed)
    assert not any(p.more for p in packed)


def test_a_page_ends_where_every_authors_run_is_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "CHANGES", 10)
    ann, ben = run_of(ANN.actor, 24, sealed_every=4), run_of(BEN.actor, 24, sealed_every=4)
    mixed = [each for pair in zip(ann, ben, strict=True) for each in pair]
    packed = list(pack(mixed))
    assert not any(p.more for p in packed)
    assert all(ends_sealed(unpack(p.body)) for p in packed)
    assert [len(p.names) for p in packed] == [8] * 6


def test_where_seals_lie_too_far_apart_pages_belong_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "CHANGES", 10)
    packed = list(pack(run_of(ANN.actor, 25, sealed_every=25)))
    assert [p.more for p in packed] == [True, True, False]
    gathering = Gathering()
    batches = [gathering.add(p.body, p.more) for p in packed]
    assert batches[:2] == [None, None]
    assert len(batches[2] or ()) == 25


def test_pages_without_an_end_are_refused() -> None:
    gathering = Gathering(replace(DEFAULT, batch_bytes=1000))
    body = next(pack(run_of(ANN.actor, 1, size=600))).body
    assert gathering.add(body, more=True) is None
    with pytest.raises(FormatError, match="no seal vouches for"):
        gathering.add(body, more=True)


BODIES = {
    "no page": b"no page",
    "a bomb": zlib.compress(bytes(1 << 26)),
    "a page that is cut off": zlib.compress(b"\x05abcde\0" * 9)[:-5],
    "something after its end": zlib.compress(b"\x01a\0") + b"more",
    "a chunk without a seal's byte": zlib.compress(b"\x01a"),
    "a chunk that is cut off": zlib.compress(b"\x09a"),
    "half a seal": zlib.compress(b"\x01a\x01" + b"s" * 30),
    "another seal's byte": zlib.compress(b"\x01a\x02" + SEAL),
    "too many changes": zlib.compress(b"\x01a\0" * 501),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_damaged_or_hostile_page_is_refused(what: str) -> None:
    with pytest.raises(FormatError):
        unpack(BODIES[what])


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page_or_a_sentence(body: bytes) -> None:
    for data in (body, zlib.compress(body)):
        with suppress(FormatError):
            unpack(data)


@given(st.binary(max_size=300))
def test_a_glance_at_any_bytes_is_a_name_or_a_sentence(chunk: bytes) -> None:
    with suppress(FormatError):
        glance(chunk)


def test_a_glance_tells_what_decoding_tells() -> None:
    from moot_shared.format.change import decode_change

    chunk = change(BEN.actor, 7)
    decoded = decode_change(chunk)
    assert glance(chunk) == (decoded.actor, decoded.seq, decoded.hash)
