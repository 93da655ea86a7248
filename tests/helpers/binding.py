"""The one door of the tests to the Automerge binding: honest changes, made by it at random."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from automerge.core import ROOT, Document, ExpandMark, Message, ObjType, ScalarType, SyncState

SCALARS = (
    (ScalarType.Str, "Übergabe – 引き継ぎ"),
    (ScalarType.Str, ""),
    (ScalarType.Int, -(1 << 40)),
    (ScalarType.Int, 63),
    (ScalarType.Uint, (1 << 64) - 1),
    (ScalarType.F64, 0.1),
    (ScalarType.Boolean, True),
    (ScalarType.Boolean, False),
    (ScalarType.Null, None),
    (ScalarType.Bytes, b"\0\xff" * 9),
)


def honest(seed: int, edits: int = 25, actors: int = 3) -> list[Any]:
    """Changes that several replicas made at random, editing and merging, in causal order."""
    dice = random.Random(seed)
    first = Document(dice.randbytes(40))
    with first.transaction() as tx:
        tx.put_object(ROOT, "map", ObjType.Map)
        tx.put_object(ROOT, "list", ObjType.List)
        tx.put_object(ROOT, "text", ObjType.Text)
    replicas = [first]
    for _ in range(actors - 1):
        replicas.append(first.fork())
        replicas[-1].set_actor(dice.randbytes(40))
    for _ in range(edits):
        _edit(dice.choice(replicas), dice)
        if dice.random() < 0.3:
            one, other = dice.sample(replicas, 2)
            one.merge(other)
    for replica in replicas[1:]:
        first.merge(replica)
    return list(first.get_changes([]))


def _edit(document: Any, dice: random.Random) -> None:
    (_, map_id), (_, list_id), (_, text_id) = (document.get(ROOT, key) for key in ("map", "list", "text"))
    length, letters = document.length(list_id), document.length(text_id)
    with document.transaction() as tx:
        for _ in range(dice.randint(1, 6)):
            what, key = dice.randrange(9), dice.choice("abcd") * dice.choice((1, 90))
            if what == 0:
                tx.put_object(
                    dice.choice((map_id, ROOT)), "o" + key, dice.choice((ObjType.Map, ObjType.List))
                )
            elif what <= 3:
                tx.put(dice.choice((map_id, ROOT)), "k" + key, *dice.choice(SCALARS))
            elif what <= 5 or not length:
                tx.insert(list_id, dice.randint(0, length), *dice.choice(SCALARS))
                length += 1
            elif what == 6:
                tx.put(list_id, dice.randrange(length), *dice.choice(SCALARS))
            elif what == 7:
                tx.delete(list_id, dice.randrange(length))
                length -= 1
            else:
                tx.insert(text_id, dice.randint(0, letters), ScalarType.Str, dice.choice("aäあ"))
                letters += 1
        if letters > 2 and dice.random() < 0.2:
            tx.mark(text_id, 0, 2, "bold", ScalarType.Boolean, True, dice.choice(_EXPANDS))


_EXPANDS = (ExpandMark.Before, ExpandMark.After, ExpandMark.Both, ExpandMark.Neither)


def accepts(chunks: Sequence[bytes]) -> set[bytes]:
    """The heads of a new document after the binding was given these chunks."""
    return set(_holding(chunks).get_heads())


def saved(chunks: Sequence[bytes]) -> bytes:
    """A document with these changes, as the binding saves it."""
    return bytes(_holding(chunks).save())


def take(message: bytes) -> set[bytes]:
    """The heads of a new document after the binding was given this message."""
    document = Document(bytes(40))
    document.receive_sync_message(SyncState(), Message.decode(message))
    return set(document.get_heads())


def loaded(document: bytes) -> tuple[list[Any], set[bytes]]:
    """The changes and the heads that the binding finds in a saved document."""
    opened = Document.load(document)
    return list(opened.get_changes([])), set(opened.get_heads())


def conversation(one: Sequence[bytes], other: Sequence[bytes]) -> list[bytes]:
    """All messages of two peers with these changes, until neither has anything to say."""
    peers = [(_holding(one), SyncState()), (_holding(other), SyncState())]
    said: list[bytes] = []
    quiet = turn = 0
    while quiet < 2:
        (speaker, state), (listener, other_state) = peers[turn], peers[1 - turn]
        message = speaker.generate_sync_message(state)
        quiet = 0 if message else quiet + 1
        if message:
            said.append(bytes(message.encode()))
            listener.receive_sync_message(other_state, Message.decode(said[-1]))
        turn = 1 - turn
    return said


def _holding(chunks: Sequence[bytes]) -> Any:
    document = Document(bytes(40))
    message = b"\x42\0\0\0" + _leb(len(chunks)) + b"".join(_leb(len(c)) + c for c in chunks)
    document.receive_sync_message(SyncState(), Message.decode(message))
    return document


def _leb(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes((number,))


class Pen:
    """A replica's document, written at random as an honest Moot writes: records, prose, statements."""

    def __init__(self, actor: bytes, text: str) -> None:
        self.actor = actor
        self.text = text
        self._document: Any = Document(actor)

    def apply(self, chunks: Sequence[bytes]) -> None:
        """Take in changes."""
        message = b"\x42\0\0\0" + _leb(len(chunks)) + b"".join(_leb(len(c)) + c for c in chunks)
        self._document.receive_sync_message(SyncState(), Message.decode(message))

    def heads(self) -> set[bytes]:
        """The newest changes here."""
        return set(self._document.get_heads())

    def write(self, dice: random.Random) -> bytes | None:
        """A change that does one to four things; its chunk, or None where nothing came of them."""
        before = self._document.get_heads()
        with self._document.transaction() as tx:
            for _ in range(dice.randint(1, 4)):
                self._one_thing(tx, dice)
        made = self._document.get_changes(before)
        return bytes(made[0].raw_bytes) if made else None

    def _one_thing(self, tx: Any, dice: random.Random) -> None:
        (_, records), (_, said) = tx.get(ROOT, "records"), tx.get(ROOT, "said")
        keys = tx.keys(records)
        if not keys or dice.random() < 0.15:
            ulid = "01J8ZQ6T3K" + "".join(dice.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(16))
            record = tx.put_object(records, f"issue/{ulid}/{self.text}", ObjType.Map)
            tx.put(record, "title", ScalarType.Str, "Untitled")
            for name in dice.sample(("body", "plan"), dice.randint(0, 2)):
                prose = tx.put_object(record, name, ObjType.List)
                for at in range(dice.randint(0, 3)):
                    tx.insert(prose, at, ScalarType.Str, f"Paragraph {at}")
            return
        key = dice.choice(keys)
        if dice.random() < 0.4:
            about = dice.choice(("vote/" + key, f"comment/{key}/{dice.randrange(5)}", "profile/me"))
            tx.put(said, f"{self.text}/{about}", ScalarType.Str, dice.choice(("{}", '{"a":1}', '{"b":2}')))
            return
        _, record = tx.get(records, key)
        lists = [name for name in ("body", "plan") if tx.get(record, name)]
        if not lists or dice.random() < 0.5:
            tx.put(record, dice.choice(("title", "state")), *dice.choice(SCALARS[:4] + SCALARS[5:9]))
            return
        _, prose = tx.get(record, dice.choice(lists))
        length = tx.length(prose)
        at = dice.randint(0, length)
        if at == length or dice.random() < 0.5:
            tx.insert(prose, at, ScalarType.Str, dice.choice("abc"))
        elif dice.random() < 0.5:
            tx.put(prose, at, ScalarType.Str, dice.choice("abc"))
        else:
            tx.delete(prose, at)


def object_at(tx: Any, place: Any | None, key: str, kind: str) -> Any:
    """A new object, a Map, List or Text; at the root where there is no place."""
    return tx.put_object(ROOT if place is None else place, key, getattr(ObjType, kind))


def put_at(tx: Any, place: Any, key: str, value: str | int) -> None:
    """A text or a number in a map."""
    tx.put(place, key, ScalarType.Str if isinstance(value, str) else ScalarType.Int, value)


def letters_at(tx: Any, text: Any, at: int, letters: str) -> None:
    """Letters of a text, each an operation."""
    for index, letter in enumerate(letters, at):
        tx.insert(text, index, ScalarType.Str, letter)


class Replica:
    """A document and one conversation about it, as any program on the binding has them."""

    def __init__(self, saved: bytes = b"", actor: bytes | None = None) -> None:
        self._document: Any = Document.load(saved) if saved else Document()
        if actor is not None:
            self._document.set_actor(actor)
        self._state = SyncState()
        self.theirs: set[bytes] = set()
        """The heads that the other side has declared."""

    def heads(self) -> set[bytes]:
        """The newest changes here."""
        return set(self._document.get_heads())

    @contextmanager
    def change(self) -> Iterator[Any]:
        """One change, as a transaction."""
        with self._document.transaction() as tx:
            yield tx

    def put(self, key: str, value: int) -> None:
        """Set a number at the root: one change."""
        with self._document.transaction() as tx:
            tx.put(ROOT, key, ScalarType.Int, value)

    def get(self, key: str) -> Any:
        """The number there, or None."""
        found = self._document.get(ROOT, key)
        return found[0][1] if found else None

    def take(self, message: bytes) -> None:
        """Take in a sync message."""
        self._document.receive_sync_message(self._state, Message.decode(message))
        count = message[1]  # of heads, after the kind; nobody here has more than 127
        self.theirs = {message[2 + 32 * n : 34 + 32 * n] for n in range(count)}

    def say(self) -> bytes | None:
        """The next sync message, or None where all is said."""
        message = self._document.generate_sync_message(self._state)
        return None if message is None else bytes(message.encode())

    def reconnect(self) -> None:
        """Begin a new conversation, as after a lost connection."""
        self._state = SyncState()
        self.theirs = set()

    def since(self, heads: set[bytes]) -> list[bytes]:
        """The changes that came after these heads, as they are stored."""
        return [bytes(change.raw_bytes) for change in self._document.get_changes(list(heads))]

    def save(self) -> bytes:
        """The whole document."""
        return bytes(self._document.save())
