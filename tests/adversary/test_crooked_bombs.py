"""What a relay sends to break its members' clients."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable

from moot_shared.trust.seal import Sealed
from moot_shared.wire.messages import Done, Have, Message, Page, Peer, Receipts, Refusal, Stored
from tests.adversary.stage import Stage, plays
from tests.adversary.tampering import meet, trouble
from tests.helpers.crooked import Crooked, Said
from tests.helpers.wire import page_body

UNSIGNED = (bytes(40), (bytes(32),) * 1_000, 1, bytes(64))
NESTED = b"\xa1\x64type\x82" * 5_000
BOMBS: dict[str, Callable[[], list[Said]]] = {
    "a page that would inflate to 40 MB": lambda: [Page(zlib.compress(bytes(40 << 20)), at=1)],
    "a page of nothing": lambda: [Page(b"", at=1)],
    "a page of noise": lambda: [Page(bytes(range(256)), at=1)],
    "nested without end": lambda: [NESTED],
    "a frame of 3 MB": lambda: [bytes(3 << 20)],
    "text": lambda: ["<html>"],
    "nothing": lambda: [b""],
    "a list that says it is long": lambda: [b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff"],
    "a number of a megabyte": lambda: [b"\xc2\x5a\x00\x0f\xff\x00" + bytes(0xFFF00)],
    "a reference to itself": lambda: [b"\xd8\x1c\x81\xd8\x1d\x00"],
    "another challenge": lambda: [Peer("x", "y", bytes(16), {}, 1)],
    "pages without an end": lambda: [Page(page_body([Sealed(bytes(900_000), None)]), more=True, at=1)] * 40,
    "changes that are none": lambda: [Page(page_body([Sealed(bytes(40), None)] * 400), at=1)],
    "receipts that nobody signed": lambda: (
        [Receipts(((bytes(40), (bytes(32),) * 1_000, 1, bytes(64)),) * 20)] * 5
    ),
    "later words": lambda: [b"\xa1\x64type\x66future"],
}


@plays("R10", "H6", "H10")
def test_what_a_relay_sends_to_break_a_client_breaks_one_connection_at_most(
    stage: Stage, crooked: Crooked
) -> None:
    for bomb in BOMBS.values():
        sent = bomb()
        crooked.down = lambda message, sent=sent: [*sent, message] if isinstance(message, Done) else None  # type: ignore[misc]
        stage.vote(stage.joon, stage.cast[stage.joon.me, stage.issue] % 5 + 1)
        trouble(crooked, stage.joon)
    crooked.honest()


@plays("R6", "R10")
def test_a_flood_of_refusals_for_what_nobody_made_is_nothing(stage: Stage, crooked: Crooked) -> None:
    hashes = [hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(3_000)]
    flood: list[Said] = [Refusal("seal", "No. \x1b]0;owned\x07", h) for h in hashes]
    crooked.down = lambda message: [*flood, message] if isinstance(message, Done) else None
    trouble(crooked, stage.joon)
    (kept,) = stage.joon.reader().execute("SELECT count(*) FROM refused").fetchone()
    assert kept == 0


@plays("R10", "H9")
def test_a_client_answers_nothing_where_there_is_nothing_new(stage: Stage, crooked: Crooked) -> None:
    """The relay asks for nothing, and says the same again and again: each answer would bring another."""
    said: list[Message] = []
    crooked.down = lambda message: [message] * 20 if isinstance(message, Done | Stored) else None
    crooked.up = said.append
    stage.meet()
    meet(crooked, stage.joon)
    assert sum(isinstance(message, Have | Page) for message in said) <= 2
