"""What storages elsewhere have: told to whoever wants to hear of them, and has the document open.

Somebody's storage is named when they connect, so what they say that they have is known here at first
hand; of others' storages it is heard from those who sit between, with the time at which it was so.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from moot_shared.limits import MIB
from moot_shared.wire.documents import document_text
from moot_shared.wire.stock import RemoteHeads, Subscribe

KNOWN = 10_000  # storages' versions of documents that are remembered
KNOWN_BYTES = 8 * MIB
FOLLOWED = 1_000  # storages that one connection may follow

_LONGEST_HEAD = 64  # characters; 36 bytes take fifty

Told = tuple[tuple[str | bytes, ...], int]
"""Heads, as bytes where they were heard at first hand, and when that was, Unix milliseconds."""


class Remote:
    """Who follows which storage, and what each is known to have."""

    def __init__(self) -> None:
        self._followers: dict[str, dict[int, None]] = {}  # storage -> connections
        self._follows: dict[int, set[str]] = {}
        self._known: OrderedDict[tuple[bytes, str], Told] = OrderedDict()
        self._heard: dict[str, set[bytes]] = {}  # storage -> documents of which others have told
        self._bytes = 0

    def subscribe(self, number: int, message: Subscribe, documents: Iterable[bytes]) -> list[RemoteHeads]:
        """Follow storages, or no more; what is known of them in the connection's documents."""
        follows = self._follows.setdefault(number, set())
        for storage in message.remove:
            self._unfollow(number, storage)
            follows.discard(storage)
        added = [each for each in message.add if each not in follows][: FOLLOWED - len(follows)]
        for storage in added:
            follows.add(storage)
            self._followers.setdefault(storage, {})[number] = None
        return [message for document in documents for message in self._of(document, added)]

    def opened(self, number: int, document: bytes) -> list[RemoteHeads]:
        """A connection has opened a document: what is known of those that it follows."""
        return self._of(document, self._follows.get(number, ()))

    def has(self, document: bytes, storage: str, heads: tuple[bytes, ...], now: int) -> list[int]:
        """Somebody who is connected says what their storage has; the connections that follow it."""
        self._keep(document, storage, (heads, now))
        return list(self._followers.get(storage, ()))

    def followed(self, storage: str) -> bool:
        """Whether anybody follows a storage."""
        return storage in self._followers

    def heard(self, message: RemoteHeads) -> dict[str, list[int]]:
        """What somebody says of others' storages: those of which it is news, and who follows them."""
        news: dict[str, list[int]] = {}
        for storage, told in message.heads.items():
            known = self._known.get((message.document, storage))
            if storage not in self._followers or not all(map(_like_a_head, told[0])):
                continue
            if known is None or known[1] < told[1]:
                self._keep(message.document, storage, told)
                self._heard.setdefault(storage, set()).add(message.document)
                news[storage] = list(self._followers[storage])
        return news

    def known(self, document: bytes, storage: str) -> RemoteHeads:
        """What a storage is known to have; KeyError where nothing is."""
        heads, at = self._known[document, storage]
        texts = tuple(head if isinstance(head, str) else document_text(head) for head in heads)
        return RemoteHeads(document, {storage: (texts, at)})

    def leave(self, number: int) -> None:
        """A connection is over."""
        for storage in self._follows.pop(number, ()):
            self._unfollow(number, storage)

    def _of(self, document: bytes, storages: Iterable[str]) -> list[RemoteHeads]:
        return [self.known(document, each) for each in storages if (document, each) in self._known]

    def _keep(self, document: bytes, storage: str, told: Told) -> None:
        self._drop(document, storage)
        if _size(storage, told) > KNOWN_BYTES // 8:
            told = (), told[1]
        self._known[document, storage] = told
        self._bytes += _size(storage, told)
        while len(self._known) > KNOWN or self._bytes > KNOWN_BYTES:
            self._drop(*next(iter(self._known)))

    def _drop(self, document: bytes, storage: str) -> None:
        told = self._known.pop((document, storage), None)
        self._bytes -= _size(storage, told) if told else 0

    def _unfollow(self, number: int, storage: str) -> None:
        followers = self._followers.get(storage)
        if followers is not None:
            followers.pop(number, None)
            if not followers:  # and what others have told of it is of use to nobody
                del self._followers[storage]
                for document in self._heard.pop(storage, ()):
                    self._drop(document, storage)


def _size(storage: str, told: Told) -> int:
    """Bytes that it takes to know something, about."""
    return 200 + len(storage) + sum(60 + len(head) for head in told[0])


def _like_a_head(head: str | bytes) -> bool:
    """Whether it may be the name of a change, as clients write it."""
    return isinstance(head, str) and len(head) <= _LONGEST_HEAD and head.isascii() and head.isalnum()
