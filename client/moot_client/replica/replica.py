"""The replica: everything that reads or changes a community on this machine goes through here."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moot_client.home import Home, Place
from moot_client.replica.commands import Command
from moot_shared.identity import Identity


@dataclass(frozen=True, slots=True)
class Sealed:
    """A change as it travels: its canonical chunk, and the seal beside it if there is one."""

    chunk: bytes
    seal: bytes | None


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a batch of changes: how many were new, and what was refused and why."""

    new: int
    refused: tuple[tuple[bytes, str, str], ...]  # hash, code, reason
    missing: tuple[bytes, ...]  # hashes of ancestors that are not here


def found_community(home: Home, name: str, member: str, identity: Identity | None = None) -> Place:
    """Make a community on this machine; usable before any relay exists."""
    raise NotImplementedError


def prepare_join(home: Home, community: bytes, identity: Identity, member: str, name: str, relay: str) -> Place:
    """Make the folder for a community that will be pulled from its relay (join, device, recover)."""
    raise NotImplementedError


class Replica:
    """One community on this machine. Open it, read with `db`, write with `do`.

    Any thread may call any method: writing is serialised inside. `do` blocks until the answer is
    durable, so an interface calls it off its own thread.
    """

    place: Place
    identity: Identity
    me: str  # my key text

    @classmethod
    def open(cls, place: Place) -> Replica:
        """Open the store; light: no document, no key until something is written."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the store and the lock."""
        raise NotImplementedError

    def reader(self) -> sqlite3.Connection:
        """A read-only connection for the calling thread, for `views`."""
        raise NotImplementedError

    def do(self, command: Command) -> Any:
        """Carry out a command, here or by the process that writes, and answer once it is on disk."""
        raise NotImplementedError

    # -- being the one that writes ---------------------------------------------------------

    def become_writer(self) -> bool:
        """Try to be the process that writes; True if it is (now)."""
        raise NotImplementedError

    def serve_inbox(self) -> int:
        """Carry out what other processes have asked for; how many commands were answered."""
        raise NotImplementedError

    # -- being told -------------------------------------------------------------------------

    def revision(self) -> int:
        """A number that grows with every change of the rows, whichever process made it; cheap."""
        raise NotImplementedError

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back (in the writing thread) after every commit here; returns how to stop it."""
        raise NotImplementedError

    # -- drafts -----------------------------------------------------------------------------

    def save_draft(self, form: str, subject: str, fields: Mapping[str, str]) -> None:
        """Keep what was typed; durable when it returns. An empty draft is forgotten."""
        raise NotImplementedError

    def draft(self, form: str, subject: str) -> dict[str, str]:
        """What was typed before, or nothing."""
        raise NotImplementedError

    def drafts(self) -> tuple[tuple[str, str, int], ...]:
        """All drafts: (form, subject, saved in Unix milliseconds), newest first."""
        raise NotImplementedError

    def forget_draft(self, form: str, subject: str) -> None:
        """Drop a draft whose words have been said."""
        raise NotImplementedError

    # -- this machine's own notes ----------------------------------------------------------

    def own(self, name: str, default: Any = None) -> Any:
        """A small value that belongs to this machine alone (last look, confirmed words, …)."""
        raise NotImplementedError

    def set_own(self, name: str, value: Any) -> None:
        """Keep such a value; durable when it returns."""
        raise NotImplementedError

    # -- sync -------------------------------------------------------------------------------

    @property
    def community(self) -> bytes:
        """The community's id: the hash of its first change."""
        raise NotImplementedError

    @property
    def actor(self) -> bytes:
        """The actor under which this machine writes now."""
        raise NotImplementedError

    def heads(self) -> tuple[bytes, ...]:
        """The newest changes here, sorted."""
        raise NotImplementedError

    def version(self) -> dict[bytes, tuple[int, bytes]]:
        """What is on this disk: actor -> (last seq, its hash)."""
        raise NotImplementedError

    def lacking(self, version: Mapping[bytes, tuple[int, bytes]]) -> Iterator[Sealed]:
        """Changes that a holder of `version` lacks, in causal order, refused ones left out.

        Each actor's run ends with a seal, also where earlier seals were thinned.
        """
        raise NotImplementedError

    def receive(self, batch: Sequence[Sealed]) -> Received:
        """Admit and commit changes from elsewhere. Durable when it returns; not my own new ones."""
        raise NotImplementedError

    def continue_after(self, last_seq: int, last_hash: bytes | None) -> None:
        """The relay's last change of this actor: where it knows more than this store, take a new nonce."""
        raise NotImplementedError

    def joined(self) -> bool:
        """Whether this member is on the roster here (the founder, or a join that is in the store)."""
        raise NotImplementedError

    def join(self, invite_secret: bytes) -> None:
        """Write the join, then the profile; the community must have been pulled first."""
        raise NotImplementedError

    def note_stored(self, through: Mapping[bytes, int], at: int) -> None:
        """The relay has stored these actors' changes through these seqs, at Unix milliseconds `at`."""
        raise NotImplementedError

    def forget_stored(self, through: Mapping[bytes, int]) -> None:
        """The relay has less than it said (restored, emptied): its claim goes back to `through`."""
        raise NotImplementedError

    def receipt(self, at: int) -> tuple[bytes, tuple[bytes, ...], int, bytes]:
        """My signed word on what is on this disk: (actor, heads, at, signature)."""
        raise NotImplementedError

    def note_receipt(self, actor: bytes, heads: Sequence[bytes], at: int, signature: bytes) -> bool:
        """Keep another machine's signed word; False where the signature is not theirs."""
        raise NotImplementedError

    def note_refused(self, hash: bytes, code: str, reason: str, at: int) -> None:
        """The relay refused a change of mine: keep its words, stop sending it, show it."""
        raise NotImplementedError

    def relay_url(self) -> str:
        """The community's home relay as its convenors say, or as this machine was told; '' for none."""
        raise NotImplementedError

    def set_relay_url(self, url: str) -> None:
        """Where this machine finds the relay, before the community says so itself."""
        raise NotImplementedError
