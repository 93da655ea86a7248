"""The protocol of automerge-repo, version 1, as any of its clients speaks it over a WebSocket.

    join                        who comes, and which versions it speaks
    peer                        the answer: who is here
    request, sync               one message of Automerge's sync protocol about one document
    doc-unavailable             nobody here has that document
    ephemeral                   passed on and never stored: cursors, who is there
    remote-subscription-change  whose versions somebody wants to hear of
    remote-heads-changed        what somebody elsewhere has
    error                       the connection ends

Frames are CBOR maps. JavaScript sends `undefined` for what it leaves out. Fields and types that are
not known here are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from moot_shared.errors import FormatError
from moot_shared.limits import Limits
from moot_shared.wire.cbor import decode, encode, present
from moot_shared.wire.documents import NoDocument, document_text, read_document

VERSION = "1"
LONGEST_NAME = 256  # characters of a peer's, a session's or a storage's name
NAMES = 1_000  # storages in one message
HEADS = 1_000
FARTHEST = 1 << 53  # beyond it JavaScript cannot count


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody comes. `storage` names what they keep their documents in, if it outlives them."""

    sender: str
    versions: tuple[str, ...]
    storage: str | None = None


class Sync(NamedTuple):
    """A sync message about a document; a `request` wants to know as well if nobody here has it."""

    document: bytes
    data: bytes
    request: bool = False


@dataclass(frozen=True, slots=True)
class Nameless:
    """A request for a document under a name that cannot be one."""

    text: str


@dataclass(frozen=True, slots=True)
class Ephemeral:
    """What is passed on: `count` rises within a sender's session."""

    document: bytes
    sender: str
    session: str
    count: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Subscribe:
    """From now on (not) to be told what these storages have."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoteHeads:
    """storage -> (its heads of a document, as text; when that was, Unix milliseconds)."""

    document: bytes
    heads: dict[str, tuple[tuple[str, ...], int]]


@dataclass(frozen=True, slots=True)
class Other:
    """A message that asks for nothing here."""


Message = Join | Sync | Nameless | Ephemeral | Subscribe | RemoteHeads | Other


def read(frame: bytes, limits: Limits) -> Message:
    """What a client says; FormatError for what no client would."""
    fields = decode(frame, limits)
    if not isinstance(fields, dict):
        raise _unfit()
    match fields.get("type"):
        case "sync" | "request" as kind:
            try:
                return Sync(_document(fields), _data(fields), kind == "request")
            except NoDocument:
                return Nameless(_name(fields.get("documentId")))
        case "ephemeral":
            return Ephemeral(
                _document(fields), _name(fields.get("senderId")), _name(fields.get("sessionId")),
                _whole(fields.get("count")), _data(fields),
            )  # fmt: skip
        case "join":
            return _join(fields)
        case "remote-subscription-change":
            return Subscribe(_names(fields.get("add")), _names(fields.get("remove")))
        case "remote-heads-changed":
            return RemoteHeads(_document(fields), _remote_heads(fields.get("newHeads")))
        case str():
            return Other()
    raise _unfit()


def peer(sender: str, target: str, storage: str) -> bytes:
    """The answer to `join`."""
    return encode({
        "type": "peer",
        "senderId": sender,
        "peerMetadata": {"storageId": storage, "isEphemeral": False},
        "selectedProtocolVersion": VERSION,
        "targetId": target,
    })  # fmt: skip


def error(sender: str, target: str, message: str) -> bytes:
    """Why the connection ends."""
    return encode({"type": "error", "senderId": sender, "targetId": target, "message": message})


def unavailable(sender: str, target: str, document: str) -> bytes:
    """Nobody here has the document of this name."""
    return encode({
        "type": "doc-unavailable",
        "senderId": sender,
        "targetId": target,
        "documentId": document,
    })  # fmt: skip


def ephemeral(message: Ephemeral, targets: Iterable[str]) -> Iterator[bytes]:
    """The message as it is passed on to each of these: still its sender's."""
    fields = (
        ("type", "ephemeral"), ("senderId", message.sender), ("count", message.count),
        ("sessionId", message.session), ("documentId", document_text(message.document)),
        ("data", message.data),
    )  # fmt: skip
    common = b"\xa7" + b"".join(encode(key) + encode(value) for key, value in fields) + encode("targetId")
    return (common + encode(target) for target in targets)


def remote_heads(sender: str, target: str, message: RemoteHeads) -> bytes:
    """What somebody elsewhere has."""
    return encode({
        "type": "remote-heads-changed",
        "senderId": sender,
        "targetId": target,
        "documentId": document_text(message.document),
        "newHeads": {
            storage: {"heads": list(heads), "timestamp": at} for storage, (heads, at) in message.heads.items()
        },
    })  # fmt: skip


def sync_opening(sender: str, target: str) -> bytes:
    """How every sync frame between these two begins; `sync_rest` follows. Joined, they are one message."""
    fields = (("type", "sync"), ("senderId", sender), ("targetId", target))
    return b"\xa5" + b"".join(encode(key) + encode(value) for key, value in fields)


def sync_rest(document: bytes, data: bytes) -> bytes:
    """The end of a sync frame: the same for everybody to whom the same is said of a document."""
    return sync_about(document) + data_head(len(data)) + data


def sync_about(document: bytes) -> bytes:
    """Its part between the opening and the data: the same for all that is said of a document."""
    return encode("documentId") + encode(document_text(document)) + encode("data")


def data_head(size: int) -> bytes:
    """What stands before so many bytes."""
    if size < 24:
        return bytes((0x40 | size,))
    for code, width in ((0x58, 1), (0x59, 2), (0x5A, 4)):
        if size < 1 << 8 * width:
            return bytes((code,)) + size.to_bytes(width, "big")
    return b"\x5b" + size.to_bytes(8, "big")


def _join(fields: dict[object, object]) -> Join:
    metadata, versions = fields.get("peerMetadata"), fields.get("supportedProtocolVersions")
    storage = None
    if isinstance(metadata, dict) and metadata.get("isEphemeral") is not True:
        said = metadata.get("storageId")
        storage = _name(said) if isinstance(said, str) else None
    spoken = tuple(str(each) for each in versions) if isinstance(versions, list) else (VERSION,)
    return Join(_name(fields.get("senderId")), spoken, storage)


def _document(fields: dict[object, object]) -> bytes:
    value = fields.get("documentId")
    if not isinstance(value, str):
        raise _unfit()
    return read_document(value)


def _data(fields: dict[object, object]) -> bytes:
    value = fields.get("data")
    if not isinstance(value, bytes):
        raise _unfit()
    return value


def _name(value: object) -> str:
    if isinstance(value, str) and len(value) <= LONGEST_NAME:
        return value
    raise _unfit()


def _names(value: object) -> tuple[str, ...]:
    if value is None or not present(value):
        return ()
    if not isinstance(value, list) or len(value) > NAMES:
        raise _unfit()
    return tuple(_name(each) for each in value)


def _whole(value: object) -> int:
    """A number that JavaScript counts with; it writes large ones as floats."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= FARTHEST:
        return value
    raise _unfit()


def _remote_heads(value: object) -> dict[str, tuple[tuple[str, ...], int]]:
    if not isinstance(value, dict) or len(value) > NAMES:
        raise _unfit()
    found: dict[str, tuple[tuple[str, ...], int]] = {}
    for storage, told in value.items():
        heads = told.get("heads") if isinstance(told, dict) else None
        if not isinstance(told, dict) or not isinstance(heads, list) or len(heads) > HEADS:
            raise _unfit()
        found[_name(storage)] = tuple(_name(each) for each in heads), _whole(told.get("timestamp"))
    return found


def _unfit() -> FormatError:
    return FormatError("This message is none of the protocol that is spoken here.")
