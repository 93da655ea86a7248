"""Seals: nothing but the author's own signature over this change, in this place and community, holds."""

from __future__ import annotations

import random
from dataclasses import replace

from moot_shared.errors import AdmissionError
from moot_shared.format.change import Change
from moot_shared.trust.seal import check_seal, join_message, receipt_message, seal_message
from tests.fuzz.attempt import Attempt
from tests.fuzz.bytework import bytes_changed
from tests.fuzz.corpus import Corpus
from tests.fuzz.honest import Broken
from tests.fuzz.peers import Peers
from tests.helpers.community import Machine

ORDER = (1 << 252) + 27742317777372353535851937790883648493  # of Ed25519's base point
PRIME = (1 << 255) - 19


def seal(peers: Peers, dice: random.Random) -> Attempt:
    """A seal that is almost one."""
    corpus = peers.corpus
    change, by = _sealable(corpus, dice)
    honest = corpus.seal(change, by)
    community, forged = corpus.id, honest
    what = dice.choice(
        ("honest", "bytes", "scalar", "point", "key", "place", "community", "use", "none", "other")
    )
    told = f"change {change.seq} of machine {by.nonce:x}: {what}"
    changed = change
    if what == "bytes":
        forged = bytes_changed(honest, dice)[0]
    elif what == "scalar":
        number = int.from_bytes(honest[32:], "little") + ORDER * dice.choice((1, 2, 7))
        forged = honest[:32] + (number % (1 << 256)).to_bytes(32, "little")
    elif what == "point":
        forged = bytes((*honest[:31], honest[31] ^ 0x80)) + honest[32:]
    elif what == "key":
        changed = replace(change, actor=_another_key(change.author, dice) + change.actor[32:])
    elif what == "place":
        changed = replace(change, seq=change.seq + dice.choice((1, 2, 1 << 20)))
    elif what == "community":
        community = bytes_changed(corpus.id, dice)[0]
    elif what == "use":
        messages = (
            join_message(corpus.id, change.hash),
            receipt_message(corpus.id, change.actor, change.seq, (change.hash,)),
            change.hash,
            seal_message(corpus.id, change.actor, change.seq, change.hash)[12:],
        )
        forged = by.identity.sign(dice.choice(messages))
    elif what == "other":
        forged = dice.choice([s.seal for s in corpus.sealed if s.seal])
    given = None if what == "none" else forged

    def run() -> str:
        same = given == honest and changed == change and community == corpus.id
        try:
            check_seal(changed, given, community)
        except AdmissionError as error:
            if same:
                raise Broken("an honest seal does not hold") from error
            return error.code
        if not same:
            raise Broken("a seal holds that its author never made")
        return "holds"

    return Attempt([told], given or b"", run)


def _sealable(corpus: Corpus, dice: random.Random) -> tuple[Change, Machine]:
    keys = {machine.key: machine for machine in corpus.machines.values()}
    change = dice.choice([change for change in corpus.changes if change.author in keys])
    return change, keys[change.author]


def _another_key(key: bytes, dice: random.Random) -> bytes:
    y = int.from_bytes(key, "little")
    keys = [
        bytes((*key[:31], key[31] ^ 0x80)),
        ((y + PRIME) % (1 << 256)).to_bytes(32, "little"),
        bytes(32),
        (1).to_bytes(32, "little"),
        PRIME.to_bytes(32, "little"),
        (bytes_changed(key, dice)[0] + bytes(32))[:32],
    ]
    return next(k for k in dice.sample(keys, len(keys)) if k != key)
