"""Another client: it shares no code with Moot, and needs docs/wire.md and docs/architecture.md (formats).

It joins by an invite, reads and writes, and signs receipts, one thing at a time. It leaves out what a
program for people needs besides, all of it on those pages: a disk, forks, and the rules of what a change
may do. So it checks who signed something, and believes the relay that they were allowed to.
"""

from __future__ import annotations

import json
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import cbor2
from automerge.core import ROOT, Document, Message, ScalarType, SyncState
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.sync.client import ClientConnection, connect

from tests.wire.another_format import Change, Invite, hold, leb, packed, text_of, unpacked, verify

PATIENCE = 20.0  # seconds until a relay that says nothing counts as gone
MOST = 500  # changes a page


class Refused(Exception):
    """A refusal; `said` is the whole message."""

    def __init__(self, said: dict[str, Any]) -> None:
        super().__init__(said["text"])
        self.said = said


@dataclass
class Client:
    """One member's machine: what it knows of a community, and its connection."""

    url: str
    community: bytes
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    changes: dict[bytes, Change] = field(default_factory=dict)  # by hash, in causal order
    stored: dict[bytes, int] = field(default_factory=dict)  # actor -> through which seq the relay has it
    receipts: dict[bytes, list[bytes]] = field(default_factory=dict)  # actor -> heads that it signed for

    def __post_init__(self) -> None:
        self.me = self.key.public_key().public_bytes_raw()
        self.actor = self.me + secrets.token_bytes(8)
        self.document: Any = Document(self.actor)
        self._batch: list[Change] = []
        self._pages = 0
        self._open = ExitStack()
        self._socket: ClientConnection

    def come_in(self, invite: Invite | None = None) -> dict[str, Any]:
        """Connect and prove who comes, bring each what they lack, and read until `done`; the `peer`."""
        self._socket = self._open.enter_context(connect(self.url, compression=None, proxy=None))
        self._send(type="join", senderId=secrets.token_hex(8), supportedProtocolVersions=["1"])
        challenge = self._wait("challenge")
        role, address = "invite" if invite else "member", urlsplit(self.url).netloc.lower()
        over = b"moot proof 2\0" + challenge["relay"] + challenge["nonce"] + self.community + self.actor
        over += role.encode() + b"\0" + address.encode()
        by = {"invite": invite.public, "inviteSignature": invite.key.sign(over)} if invite else {}
        who = {"community": self.community, "actor": self.actor, "role": role, "address": address}
        self._send(type="proof", **who, signature=self.key.sign(over), **by)
        peer = self._wait("peer")
        self._send(type="have", clock={c.actor: [c.seq, c.hash] for c in self.changes.values()})
        self.send([c for c in self.changes.values() if c.seq > peer["clock"].get(c.actor, [0])[0]])
        self._wait("done")
        return peer

    def leave(self) -> None:
        self._open.close()

    def join(self, invite: Invite) -> None:
        """Become a member, by the invite by which one came in."""
        key = text_of(invite.public)
        inviter = next(k.split("/")[0] for k in self.said() if k.endswith(f"/invite/{key}"))
        proof = text_of(invite.key.sign(b"moot join 1\0" + self.community + self.me))
        self.say(f"join/{key}", by=inviter, proof=proof)

    def write(self, what: str, /, *, author: str = "", **value: Any) -> Change:
        """Say something here; what comes of it is sent later."""
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        before, (_, said) = self.document.get_heads(), self.document.get(ROOT, "said")
        with self.document.transaction() as tx:
            tx.put(said, f"{author or text_of(self.me)}/{what}", ScalarType.Str, text)
        (made,) = self.document.get_changes(before)
        bare = Change.read(bytes(made.raw_bytes))
        change = Change.read(bare.chunk, self.key.sign(self._sealed(bare)))
        self.changes[change.hash] = change
        return change

    def say(self, what: str, /, *, author: str = "", **value: Any) -> bytes:
        """Say something, and wait until the relay has stored it; the change's hash. Or Refused."""
        change = self.write(what, author=author, **value)
        self.send([change])
        self.hear(lambda: self.stored.get(self.actor, 0) >= change.seq)
        return change.hash

    def send(self, batch: list[Change]) -> None:
        for at in range(0, len(batch), MOST):
            self._pages += 1
            more = at + MOST < len(batch)
            self._send(type="page", body=packed(batch[at : at + MOST]), n=self._pages, more=more)

    def sign_receipt(self) -> None:
        """Say that this machine has all that is here."""
        at, heads = time.time_ns() // 1_000_000, sorted(self.document.get_heads())
        signature = self.key.sign(self._received(self.actor, at, heads))
        self._send(type="receipt", actor=self.actor, heads=heads, at=at, signature=signature)

    def hear(self, so: Callable[[], bool]) -> None:
        """Read messages until something is so."""
        while not so():
            self._take(self._read())

    def said(self) -> dict[str, Any]:
        _, said = self.document.get(ROOT, "said")
        return {key: json.loads(self.document.get(said, key)[0][1]) for key in self.document.keys(said)}

    def titles(self) -> dict[str, str]:
        """Every record that has a title, by its key."""
        _, records = self.document.get(ROOT, "records")
        found = {key: self.document.get(records, key)[1] for key in self.document.keys(records)}
        titles = {key: self.document.get(record, "title") for key, record in found.items()}
        return {key: title[0][1] for key, title in titles.items() if title}

    def has(self, actor: bytes, hash: bytes) -> bool:
        """Whether another's machine has signed that it has a change: the heads that it named, or before."""
        waiting, seen = list(self.receipts.get(actor, ())), set[bytes]()
        while waiting and hash not in seen:
            seen.add(one := waiting.pop())
            waiting += (
                [dep for dep in self.changes[one].deps if dep not in seen] if one in self.changes else []
            )
        return hash in seen

    def _send(self, **message: Any) -> None:
        self._socket.send(cbor2.dumps(message))

    def _read(self) -> dict[str, Any]:
        return dict(cbor2.loads(self._socket.recv(PATIENCE, decode=False)))

    def _wait(self, kind: str) -> dict[str, Any]:
        while True:
            self._take(message := self._read())
            if message["type"] == kind:
                return message

    def _take(self, message: dict[str, Any]) -> None:
        """What any message brings; unknown ones are passed over."""
        if message["type"] == "page":
            self._batch += unpacked(message["body"])
            if not message.get("more"):
                batch, self._batch = self._batch, []
                self._take_in(batch)
        elif message["type"] == "stored":
            self.stored |= message["through"]
        elif message["type"] == "receipts":
            for actor, heads, at, signature in message["words"]:
                verify(actor, signature, self._received(actor, at, heads))
                self.receipts[actor] = heads
        elif message["type"] == "refusal":
            self._withdraw(message.get("hash"))
            raise Refused(message)

    def _take_in(self, batch: list[Change]) -> None:
        """Check that every change is vouched for, then make it part of the document."""
        vouched: defaultdict[bytes, set[bytes]] = defaultdict(set)  # hash -> actors that signed it, or after
        for change in reversed(batch):
            by = vouched[change.hash]
            if change.seal:
                verify(change.actor, change.seal, self._sealed(change))
                by.add(change.actor)
            hold(change.actor in by, "its author has not signed this")
            for dep in change.deps:
                vouched[dep] |= by
        for change in batch:
            hold(bool(self.changes) or change.hash == self.community, "another community")
            hold(all(dep in self.changes for dep in change.deps), "built on what is not here")
            self.changes.setdefault(change.hash, change)
        self._apply(batch)

    def _apply(self, changes: Iterable[Change]) -> None:
        chunks = [leb(len(c.chunk)) + c.chunk for c in changes]
        message = b"\x42\0\0\0" + leb(len(chunks)) + b"".join(chunks)
        self.document.receive_sync_message(SyncState(), Message.decode(message))

    def _withdraw(self, refused: bytes | None) -> None:
        """Go on without a change of one's own that nobody takes: the next has its sequence number."""
        if self.changes.pop(refused or b"", None):
            self.document = Document(self.actor)
            self._apply(self.changes.values())

    def _sealed(self, change: Change) -> bytes:
        return b"moot seal 1\0" + self.community + change.actor + change.seq.to_bytes(8, "big") + change.hash

    def _received(self, actor: bytes, at: int, heads: list[bytes]) -> bytes:
        return b"moot receipt 1\0" + self.community + actor + at.to_bytes(8, "big") + b"".join(sorted(heads))
