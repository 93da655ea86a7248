"""What JavaScript automerge wrote (scripts/javascript-changes), as tests use it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from moot_shared.format.change import Change, decode_change
from moot_shared.identity import Identity
from moot_shared.trust.seal import seal_message

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "javascript"


@dataclass(frozen=True)
class Written:
    """A community that three members with a JavaScript client wrote into, and what it shows them."""

    community: bytes
    identities: dict[str, Identity]
    base: list[Change]
    changes: list[Change]
    heads: set[bytes]
    settling: dict[str, list[Change]]
    """By place: two write different values there, then one of them writes the one that won."""
    records: dict[str, dict[str, Any]]
    said: dict[str, str]

    @property
    def everything(self) -> list[Change]:
        """All changes, in an order in which they can be admitted."""
        return [*self.base, *self.changes]

    def seal(self, change: Change) -> bytes:
        """The seal of the member who made a change."""
        (author,) = (i for i in self.identities.values() if i.public_key == change.author)
        return author.sign(seal_message(self.community, change.actor, change.seq, change.hash))


@cache
def general() -> dict[str, Any]:
    """Documents and conversations of every sort."""
    found: dict[str, Any] = json.loads((FOLDER / "general.json").read_text())
    return found


@cache
def community() -> Written:
    """The community."""
    plain = json.loads((FOLDER / "community.json").read_text())
    return Written(
        community=bytes.fromhex(plain["community"]),
        identities={each["name"]: Identity(bytes.fromhex(each["seed"])) for each in plain["members"]},
        base=_decoded(plain["chunks"]),
        changes=_decoded(plain["changes"]),
        heads={bytes.fromhex(head) for head in plain["heads"]},
        settling={place: _decoded(chunks) for place, chunks in plain["settling"].items()},
        records=plain["records"],
        said=plain["said"],
    )


def unbase64(text: str) -> bytes:
    """Bytes, as fixtures hold them."""
    return base64.b64decode(text, validate=True)


def _decoded(chunks: list[str]) -> list[Change]:
    return [decode_change(unbase64(chunk)) for chunk in chunks]
