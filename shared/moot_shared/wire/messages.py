"""Each message, declared once: a frozen dataclass whose annotations say what may stand in a field.

On the wire a field has its name in camel case, as automerge-repo writes them; fields that are
None are left out. Type names and the first four messages are automerge-repo's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Annotated, Any, ClassVar, get_type_hints

from moot_shared.errors import FormatError
from moot_shared.ids import ACTOR_BYTES, KEY_BYTES
from moot_shared.limits import DEFAULT, Limits
from moot_shared.wire import cbor
from moot_shared.wire.address import LONGEST
from moot_shared.wire.fields import (
    HASH_BYTES,
    SIGNATURE_BYTES,
    Reader,
    Version,
    Word,
    by_actor,
    exactly,
    link,
    maybe,
    octets,
    plain,
    several,
    text,
    whole,
    word,
    yes,
)

PROTOCOL = "1"
NONCE_BYTES = 32
RELAY_BYTES = 16
MAC_BYTES = 32
NAME = 200  # characters of what names a connection, a session or a document
SENTENCE = 1_000  # characters that one side may show of the other's words


class Message:
    """What one frame says."""

    type: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Join(Message):
    """The client's first word. `sender_id` is random: it names the connection, not the member."""

    type: ClassVar[str] = "join"
    sender_id: Annotated[str, text(NAME)]
    supported_protocol_versions: Annotated[tuple[str, ...], several(text(20), lambda limits: 10)] = (
        PROTOCOL,
    )
    peer_metadata: Annotated[dict[str, object], plain] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Challenge(Message):
    """The relay's only word to a stranger: sign this."""

    type: ClassVar[str] = "challenge"
    nonce: Annotated[bytes, exactly(NONCE_BYTES)]
    relay: Annotated[bytes, exactly(RELAY_BYTES)]


@dataclass(frozen=True, slots=True)
class Proof(Message):
    """Who comes, to which community, as what (`signed.Role`), and by which address (`wire.address`).

    `invite` is an invite's public key and `invite_signature` its signature, where one comes by it;
    `mac` is that of the hosting key, where one puts a community on a relay.
    """

    type: ClassVar[str] = "proof"
    community: Annotated[bytes, exactly(HASH_BYTES)]
    actor: Annotated[bytes, exactly(ACTOR_BYTES)]
    role: Annotated[str, text(10)]
    address: Annotated[str, text(LONGEST)]
    signature: Annotated[bytes, exactly(SIGNATURE_BYTES)]
    invite: Annotated[bytes | None, maybe(exactly(KEY_BYTES))] = None
    invite_signature: Annotated[bytes | None, maybe(exactly(SIGNATURE_BYTES))] = None
    mac: Annotated[bytes | None, maybe(exactly(MAC_BYTES))] = None


@dataclass(frozen=True, slots=True)
class Peer(Message):
    """The relay's welcome: what it has (`clock`), its last change of the client's actor, and its time.

    `frame_bytes` is the largest frame that it takes.
    """

    type: ClassVar[str] = "peer"
    sender_id: Annotated[str, text(NAME)]
    target_id: Annotated[str, text(NAME)]
    relay: Annotated[bytes, exactly(RELAY_BYTES)]
    clock: Annotated[Version, by_actor(link)]
    at: Annotated[int, whole]
    last: Annotated[tuple[int, bytes] | None, maybe(link)] = None
    frame_bytes: Annotated[int | None, maybe(whole)] = None
    selected_protocol_version: Annotated[str, text(20)] = PROTOCOL
    peer_metadata: Annotated[dict[str, object], plain] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Have(Message):
    """What the client has on disk."""

    type: ClassVar[str] = "have"
    clock: Annotated[Version, by_actor(link)]


@dataclass(frozen=True, slots=True)
class Page(Message):
    """Changes and seals (`pages`). A client numbers its pages; `at` is the relay's time, on its own.

    `more`: the batch goes on in the next page.
    """

    type: ClassVar[str] = "page"
    body: Annotated[bytes, octets]
    n: Annotated[int, whole] = 0
    more: Annotated[bool, yes] = False
    at: Annotated[int, whole] = 0


@dataclass(frozen=True, slots=True)
class Stored(Message):
    """The relay has committed what it takes of the client's page `n`, and through which seqs."""

    type: ClassVar[str] = "stored"
    n: Annotated[int, whole]
    through: Annotated[Mapping[bytes, int], by_actor(whole)]
    at: Annotated[int, whole]


@dataclass(frozen=True, slots=True)
class Done(Message):
    """The relay has sent all that it had when it came to the end; more follows as it comes.

    `fill` is how full the community is there, in per cent, where it is worth a word.
    """

    type: ClassVar[str] = "done"
    heads: Annotated[tuple[bytes, ...], several(exactly(HASH_BYTES), lambda limits: limits.sync_heads)]
    at: Annotated[int, whole]
    fill: Annotated[int | None, maybe(whole)] = None


@dataclass(frozen=True, slots=True)
class Receipt(Message):
    """A client's signed word that everything up to `heads` is on that machine's disk."""

    type: ClassVar[str] = "receipt"
    actor: Annotated[bytes, exactly(ACTOR_BYTES)]
    heads: Annotated[tuple[bytes, ...], several(exactly(HASH_BYTES), lambda limits: limits.sync_heads)]
    at: Annotated[int, whole]
    signature: Annotated[bytes, exactly(SIGNATURE_BYTES)]


@dataclass(frozen=True, slots=True)
class Receipts(Message):
    """Such words of several machines, as the relay passes them on: all that came at once in one frame.

    With a frame each, everybody's word to everybody would be as many as members times members.
    """

    type: ClassVar[str] = "receipts"
    words: Annotated[tuple[Word, ...], several(word, lambda limits: limits.document_actors)]


@dataclass(frozen=True, slots=True)
class Ephemeral(Message):
    """Where a member is (`presence`), passed on to the others who are connected, and never stored.

    `count` rises within a session. Whose it is stands, signed, in `data`: the names are of no account.
    `farewell` is the `data` of the word with the next count, for the relay to pass on if the connection ends
    without one.
    """

    type: ClassVar[str] = "ephemeral"
    document_id: Annotated[str, text(NAME)]
    sender_id: Annotated[str, text(NAME)]
    target_id: Annotated[str, text(NAME)]
    session_id: Annotated[str, text(NAME)]
    count: Annotated[int, whole]
    data: Annotated[bytes, octets]
    farewell: Annotated[bytes | None, maybe(octets)] = None


@dataclass(frozen=True, slots=True)
class Refusal(Message):
    """Why not: of a change where `hash` is given, of a client's page where `page` is its number.

    Else of the whole connection, which then ends. Of a page that was refused nothing is stored.
    """

    type: ClassVar[str] = "refusal"
    code: Annotated[str, text(40)]
    text: Annotated[str, text(SENTENCE)]
    hash: Annotated[bytes | None, maybe(exactly(HASH_BYTES))] = None
    page: Annotated[int | None, maybe(whole)] = None


@dataclass(frozen=True, slots=True)
class Error(Message):
    """The other protocol's word for trouble, before the connection ends."""

    type: ClassVar[str] = "error"
    message: Annotated[str, text(SENTENCE)]


@dataclass(frozen=True, slots=True)
class Other(Message):
    """A message of a later version or another program: passed over."""

    type: ClassVar[str] = ""
    name: str


def encode(message: Message) -> bytes:
    """A message as one frame."""
    plain_fields: dict[str, Any] = {"type": message.type}
    for name, wire_name, _, _ in _LAYOUTS[message.type]:
        value = getattr(message, name)
        if value is not None:
            plain_fields[wire_name] = value
    return cbor.encode(plain_fields)


def decode(frame: bytes, limits: Limits = DEFAULT) -> Message:
    """The message in one frame; FormatError for what is none, `Other` for one that is not known."""
    value = cbor.decode(frame, limits)
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise FormatError("This frame holds no message.")
    kind = _TYPES.get(value["type"])
    if kind is None:
        return Other(value["type"][:SENTENCE])
    got: dict[str, Any] = {}
    for name, wire_name, read, optional in _LAYOUTS[kind.type]:
        if wire_name in value and cbor.present(value[wire_name]):
            got[name] = read(value[wire_name], limits)
        elif not optional:
            raise FormatError(f"A message of type {kind.type} lacks a field.")
    message: Message = kind(**got)
    return message


def _layout(kind: type[Any]) -> tuple[tuple[str, str, Reader[Any], bool], ...]:
    """Each field: its name, its name on the wire, what reads it, and whether it may be absent."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        (
            f.name,
            _camel(f.name),
            hints[f.name].__metadata__[0],
            f.default is not MISSING or f.default_factory is not MISSING,
        )
        for f in fields(kind)
    )


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


_TYPES: dict[str, type[Any]] = {
    m.type: m
    for m in (
        *(Join, Challenge, Proof, Peer, Have, Page, Stored, Done, Receipt, Receipts, Ephemeral),
        *(Refusal, Error),
    )
}
_LAYOUTS = {name: _layout(kind) for name, kind in _TYPES.items()}
