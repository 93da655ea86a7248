"""A member whose client has been changed: beside its own words it sends some in another member's name.

What it sends is well formed and follows from what everybody has. Only the seal is not the other's, whose
key it does not have. It must be nowhere, not on the relay either.
"""

from __future__ import annotations

import json
import random

from moot_client.replica.replica import Replica
from moot_client.store import changes
from moot_shared.document import Document
from moot_shared.format.change import decode_change
from moot_shared.ids import NONCE_BYTES, decode_bytes
from moot_shared.trust.seal import Sealed, seal_message
from moot_shared.wire.messages import Page, decode, encode
from moot_shared.wire.pages import pack, unpack

FORGED = "forged"
"""Stands in everything that was never said by whose name it bears."""


def with_forged(frame: bytes, replica: Replica, dice: random.Random) -> bytes:
    """A frame that this machine sends, with a forged change in it if it is a page; else the frame itself."""
    page = decode(frame)
    if not isinstance(page, Page) or page.more:
        return frame
    others = [key for (key,) in replica.store.read("SELECT key FROM member WHERE key != ?", (replica.me,))]
    if not others:
        return frame
    forged = _in_the_name_of(dice.choice(sorted(others)), replica, dice)
    (packed,) = pack([*unpack(page.body), forged])
    return encode(Page(body=packed.body, n=page.n))


def _in_the_name_of(victim: str, replica: Replica, dice: random.Random) -> Sealed:
    actor = decode_bytes(victim) + dice.randbytes(NONCE_BYTES)
    document = Document(actor)
    document.apply(list(changes.chunks(replica.store.db)))
    said = replica._writer.history.said_id
    assert said
    words = json.dumps({"name": f"{FORGED} {dice.random()}"}, separators=(",", ":"))
    chunk = document.edit(lambda edit: edit.put(said, f"{victim}/profile/me", words))
    assert chunk
    change = decode_change(chunk)
    message = seal_message(replica.community, change.actor, change.seq, change.hash)
    return Sealed(chunk, replica.identity.sign(message))
