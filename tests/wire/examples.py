"""One of each message, and of each form that it may have."""

from __future__ import annotations

from moot_shared.wire.messages import (
    Challenge,
    Done,
    Ephemeral,
    Error,
    Have,
    Join,
    Message,
    Page,
    Peer,
    Proof,
    Receipt,
    Receipts,
    Refusal,
    Stored,
)

ACTOR, HASH, KEY, SIGNATURE = b"a" * 40, b"h" * 32, b"k" * 32, b"s" * 64

EXAMPLES: list[Message] = [
    Join("4f1c"),
    Challenge(b"n" * 32, b"r" * 16),
    Proof(HASH, ACTOR, "member", "relay.example", SIGNATURE),
    Proof(HASH, ACTOR, "invite", "relay.example", SIGNATURE, invite=KEY, invite_signature=SIGNATURE),
    Proof(HASH, ACTOR, "host", "relay.example", SIGNATURE, mac=b"m" * 32),
    Peer("r", "4f1c", b"r" * 16, {ACTOR: (3, HASH)}, 1_760_000_000_000, (3, HASH)),
    Have({ACTOR: (3, HASH)}),
    Page(b"body", 1, more=True),
    Stored(1, {ACTOR: 4}, 1_760_000_000_000),
    Done((HASH,), 1_760_000_000_000),
    Receipt(ACTOR, (HASH,), 1_760_000_000_000, SIGNATURE),
    Receipts(((ACTOR, (HASH,), 1_760_000_000_000, SIGNATURE), (ACTOR, (), 0, SIGNATURE))),
    Ephemeral("2j9knpCseyhnK8izDmLpGP5WMdZQ", "4f1c", "", "session", 7, b"data"),
    Refusal("seal", "Not signed.", HASH),
    Error("Version 1 only."),
]
