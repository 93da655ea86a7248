"""The replica: everything that reads or changes a community on this machine goes through here.

    idle --become_writer--> writing (holds the lock; document built when first needed)
    a command while another process writes: into the inbox, and wait for its answer

Any thread may call any method; writing is serialised by the store's lock.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from moot_client.home import Place
from moot_client.replica import acts, continuity, receiving, replay
from moot_client.replica.acts import Making
from moot_client.replica.commands import (
    Command,
    Create,
    Edit,
    MakeInvite,
    Say,
    SyncOnce,
    Together,
    from_json,
    to_json,
)
from moot_client.replica.lock import WriterLock
from moot_client.replica.outside import REAL, Outside
from moot_client.replica.receiving import Received, Sealed
from moot_client.replica.writer import Writer, not_here
from moot_client.store import changes, drafts, inbox, rescue, standing
from moot_client.store.store import Store
from moot_shared.errors import InputError, MootError, StorageError
from moot_shared.format.change import Change, decode_change
from moot_shared.identity import Identity, verify
from moot_shared.ids import decode_bytes
from moot_shared.kinds.trust import ROLES
from moot_shared.trust.history import Entry
from moot_shared.trust.lines import InviteLine
from moot_shared.trust.seal import receipt_message

__all__ = ["Received", "Replica", "Sealed"]

ANSWER_SECONDS = 60.0
ASK_AGAIN_SECONDS = 0.01


class Replica:
    """One community on this machine. Open it, read with `reader`, write with `do`.

    `do` blocks until the answer is durable, so an interface calls it off its own thread.
    """

    def __init__(self, place: Place, store: Store, outside: Outside) -> None:
        self.place = place
        self.store = store
        self.outside = outside
        self.notice = ""
        """What a person should be told about how the store was opened (a damaged one rebuilt)."""
        self._identity: Identity | None = None
        self._lock = WriterLock(place.folder / "writer.lock")
        self._writer = Writer(store, lambda: self.actor)
        self._listeners: list[Callable[[], None]] = []

    @classmethod
    def open(cls, place: Place, outside: Outside = REAL) -> Replica:
        """Open the store; light: no document, no key until something is written.

        A damaged file is kept aside and what can be read of it is rebuilt; `notice` then says so.
        """
        store, notice = rescue.open_store(place.store)
        replica = cls(place, store, outside)
        if notice:
            replica.become_writer()
            with replica.store.lock:
                replica._writer.rebuild()
            replica.notice = notice
        return replica

    def close(self) -> None:
        """Let go of the store and the lock."""
        self.store.close()
        self._lock.release()

    @property
    def identity(self) -> Identity:
        """The member's key, read when it is first needed."""
        if self._identity is None:
            self._identity = self.place.identity()
        return self._identity

    @property
    def me(self) -> str:
        """The member's key text."""
        return self.place.key_text

    def reader(self) -> sqlite3.Connection:
        """A read-only connection for the calling thread, for `views`."""
        return self.store.reader()

    # -- writing -------------------------------------------------------------------------------

    def do(self, command: Command) -> Any:
        """Carry out a command, here or by the process that writes, and answer once it is on disk."""
        if self.become_writer():
            with self.store.lock:
                answer = self._carry_out(command)
            self._tell()
            return answer
        return self._ask(command)

    def warm(self) -> None:
        """Build the document now, so that the first edit need not wait for it."""
        with self.store.lock:
            if self._lock.held and self._writer.history.community:
                self._writer.document.heads()

    def write(self, prepare: Callable[[Making], Any]) -> Any:
        """Let `prepare` make acts, and write them as one change or several, all or nothing."""
        if not self.become_writer():
            raise StorageError("Another Moot has this community open. Close it, then try again.")
        with self._writer.transaction() as db:
            if self._writer.history.community is None:
                raise not_here()
            making = Making(db, self._writer.history, self.me, self.outside)
            answer = prepare(making)
            self._writer.write(making.acts, self.identity)
        return answer

    def begin_with(self, genesis: bytes, actor: bytes) -> None:
        """Keep the first change of a community that is founded on this machine."""
        self.become_writer()
        with self._writer.transaction():
            self.store.set_own("nonce", actor[32:])
            change = decode_change(genesis)
            seal = self.identity.sign(_seal_of(change))
            self._writer.keep(change, seal)
            self._writer.settle([change])

    def _carry_out(self, command: Command) -> Any:
        if isinstance(command, SyncOnce):
            raise InputError("This is for the process that holds the connection.")
        if isinstance(command, MakeInvite):
            return self._invite(command)
        return self.write(lambda making: _prepare(making, command))

    def _invite(self, command: MakeInvite) -> str:
        if command.role not in ROLES:
            raise InputError(f"A role is one of: {', '.join(ROLES)}.")
        if command.uses is not None and command.uses < 1:
            raise InputError("An invite is good for one person or more.")
        url = self.relay_url()
        if not url:
            raise InputError("This community is on no relay yet. Put it on one first: moot host URL KEY.")
        secret = self.outside.random(32)
        key = Identity.from_seed(secret).key_text
        fields = {"role": command.role, "uses": command.uses, "expires": command.expires}
        self.write(lambda making: acts.put_statement(making, f"{self.me}/invite/{key}", fields))
        line = InviteLine(
            url=url,
            community=self.community,
            secret=secret,
            name_of_community=self.community_name(),
            name_of_inviter=self.place.member_name,
            role=command.role,
            expires=command.expires,
            uses=command.uses,
        )
        return str(line)

    # -- being the one that writes -------------------------------------------------------------

    def become_writer(self) -> bool:
        """Try to be the process that writes; True if it is (now)."""
        with self.store.lock:
            if self._lock.held:
                return True
            if not self._lock.take():
                return False
            self._writer.forget()
            continuity.begin_writing(self.store, self.outside)
            return True

    def serve_inbox(self) -> int:
        """Carry out what other processes have asked for; how many commands were answered.

        `SyncOnce` is left for the sync engine: see `waiting_syncs`.
        """
        if not self.become_writer():
            return 0
        answered = 0
        for number, text in inbox.waiting(self.reader()):
            with self.store.lock:
                answered += self._serve(number, text)
        if answered:
            self._tell()
        return answered

    def _serve(self, number: int, text: str) -> int:
        try:
            command = from_json(text)
            if isinstance(command, SyncOnce):
                return 0
            with self._writer.transaction() as db:
                inbox.answer(db, number, self._carry_out(command))
        except MootError as error:
            with self.store.writing() as db:
                inbox.refuse(db, number, error)
        return 1

    def waiting_syncs(self) -> tuple[int, ...]:
        """The numbers of `SyncOnce` commands that other processes wait for."""
        rows = inbox.waiting(self.reader())
        return tuple(number for number, text in rows if json.loads(text).get("do") == "SyncOnce")

    def answer_sync(self, number: int, result: Mapping[str, Any] | MootError) -> None:
        """Answer a `SyncOnce` of another process."""
        with self.store.writing() as db:
            if isinstance(result, MootError):
                inbox.refuse(db, number, result)
            else:
                inbox.answer(db, number, dict(result))

    def _ask(self, command: Command) -> Any:
        number = inbox.ask(self.store, to_json(command), self.outside.now())
        patience = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < patience:
            done, answer = inbox.take(self.store, number)
            if done:
                return answer
            if self.become_writer():  # the other process has ended: this one carries on
                if isinstance(command, SyncOnce):
                    inbox.withdraw(self.store, number)
                    raise StorageError("The other Moot has ended meanwhile. Run moot sync again.")
                self.serve_inbox()
            time.sleep(ASK_AGAIN_SECONDS)  # between processes there is nothing to be woken by but the file
        if inbox.withdraw(self.store, number):
            raise StorageError(
                "The other Moot that has this community open does not answer. Nothing was changed."
            )
        return inbox.take(self.store, number)[1]

    # -- being told ----------------------------------------------------------------------------

    def revision(self) -> int:
        """A number that changes with every change of the file, whichever process made it; cheap."""
        return int(self.reader().execute("PRAGMA data_version").fetchone()[0])

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back (in the writing thread) after every commit here; returns how to stop it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def _tell(self) -> None:
        for callback in tuple(self._listeners):
            callback()

    # -- drafts and this machine's own notes -----------------------------------------------------

    def save_draft(self, form: str, subject: str, fields: Mapping[str, str]) -> None:
        """Keep what was typed; durable when it returns. An empty draft is forgotten."""
        drafts.save(self.store, form, subject, fields, self.outside.now())

    def draft(self, form: str, subject: str) -> dict[str, str]:
        """What was typed before, or nothing."""
        return drafts.load(self.store, form, subject)

    def drafts(self) -> tuple[tuple[str, str, int], ...]:
        """All drafts: (form, subject, saved in Unix milliseconds), newest first."""
        return drafts.listed(self.store)

    def forget_draft(self, form: str, subject: str) -> None:
        """Drop a draft whose words have been said."""
        drafts.forget(self.store, form, subject)

    def own(self, name: str, default: Any = None) -> Any:
        """A small value that belongs to this machine alone (last look, confirmed words, …)."""
        row = self.reader().execute("SELECT value FROM own WHERE name = ?", ("own " + name,)).fetchone()
        return json.loads(row[0]) if row else default

    def set_own(self, name: str, value: Any) -> None:
        """Keep such a value; durable when it returns."""
        self.store.set_own("own " + name, json.dumps(value))

    # -- what is here ------------------------------------------------------------------------------

    @property
    def community(self) -> bytes:
        """The community's id: the hash of its first change."""
        return self.place.community

    @property
    def actor(self) -> bytes:
        """The actor under which this machine writes now."""
        return continuity.actor(self.store, decode_bytes(self.me, 32))

    def community_name(self) -> str:
        """What the community is called now."""
        row = self.reader().execute(
            "SELECT value FROM record WHERE kind = 'community' AND creator ="
            " (SELECT key FROM member WHERE place = 0) ORDER BY key LIMIT 1"
        ).fetchone()  # fmt: skip
        return str(json.loads(row[0]).get("name") or self.place.name) if row else self.place.name

    def joined(self) -> bool:
        """Whether this member is on the roster here (the founder, or a join that is in the store)."""
        row = self.reader().execute("SELECT removed FROM member WHERE key = ?", (self.me,)).fetchone()
        return row is not None and not row[0]

    def heads(self) -> tuple[bytes, ...]:
        """The newest changes here, sorted."""
        with self.store.lock:
            return self._writer.history.heads()

    def version(self) -> dict[bytes, tuple[int, bytes]]:
        """What is on this disk: actor -> (last seq, its hash)."""
        with self.store.lock:
            return self._writer.history.version()

    # -- sync --------------------------------------------------------------------------------------

    def lacking(self, version: Mapping[bytes, tuple[int, bytes]]) -> Iterator[Sealed]:
        """Changes that a holder of `version` lacks, in causal order, refused ones left out.

        Each actor's run ends with a seal, also where earlier seals were thinned.
        """
        with self.store.lock:
            entries = self._sendable(self._writer.history.missing_from(version))
        for entry in entries:
            with self.store.lock:
                yield Sealed(
                    changes.chunk(self.store.db, entry.hash), changes.seal(self.store.db, entry.hash)
                )

    def _sendable(self, entries: Sequence[Entry]) -> list[Entry]:
        stopped = standing.refused(self.store)
        kept = []
        for entry in entries:
            if entry.hash in stopped or any(dep in stopped for dep in entry.deps):
                stopped.add(entry.hash)
            else:
                kept.append(entry)
        return kept

    def receive(self, batch: Sequence[Sealed]) -> Received:
        """Admit and commit changes from elsewhere. Durable when it returns; not my own new ones."""
        if not self.become_writer():
            raise StorageError("Another Moot has this community open, and syncs it.")
        with self.store.lock:
            self._first_change(batch)
            received = receiving.receive(self._writer, batch, self.actor)
            forks = replay.own_forks(
                [sealed.chunk for sealed in batch],
                {change_hash for change_hash, code, _ in received.refused if code == "fork"},
                self.identity.public_key,
            )
            if forks:
                received = self._yield_to(batch, forks)
        if received.new:
            self._tell()
        return received

    def _yield_to(self, batch: Sequence[Sealed], forks: dict[bytes, int]) -> Received:
        """The relay's branch stands; what was written here beside it is said again on top of it."""
        with self._writer.transaction():
            tail = replay.withdraw(self._writer, forks, self.identity.public_key)
            if self.actor in forks:
                self._new_actor()
            received = receiving.receive(self._writer, batch, self.actor)
            replay.say_again(self._writer, tail, self.identity)
        return received

    def _first_change(self, batch: Sequence[Sealed]) -> None:
        """An empty store takes only the change whose hash is the community's id as its first."""
        first = batch and self._writer.history.community is None
        if first and decode_change(batch[0].chunk).hash != self.community:
            raise StorageError("The relay sent another community than the one that was asked for.")

    def continue_after(self, last_seq: int, last_hash: bytes | None) -> None:
        """The relay's last change of this actor: where it knows more than this store, take a new nonce.

        A store that was restored from a backup would otherwise say something else at a place where
        it has spoken before. What it has written since is replayed when the relay's changes arrive.
        """
        with self.store.lock:
            if last_seq == 0 or not self.become_writer():
                return
            mine = self._writer.history.at(self.actor, last_seq)
            if mine is None or mine.hash != last_hash:
                self._new_actor()

    def _new_actor(self) -> None:
        continuity.renew(self.store, self.outside)

    def note_stored(self, through: Mapping[bytes, int], at: int) -> None:
        """The relay has stored these actors' changes through these seqs, at Unix milliseconds `at`."""
        standing.note_stored(self.store, through, at)
        self._tell()

    def forget_stored(self, through: Mapping[bytes, int]) -> None:
        """The relay has less than it said (restored, emptied): its claim goes back to `through`."""
        standing.forget_stored(self.store, through)
        self._tell()

    def receipt(self, at: int) -> tuple[bytes, tuple[bytes, ...], int, bytes]:
        """My signed word on what is on this disk: (actor, heads, at, signature)."""
        heads, actor = self.heads(), self.actor
        return actor, heads, at, self.identity.sign(receipt_message(self.community, actor, at, heads))

    def note_receipt(self, actor: bytes, heads: Sequence[bytes], at: int, signature: bytes) -> bool:
        """Keep another machine's signed word; False where the signature is not theirs."""
        if not verify(actor[:32], receipt_message(self.community, actor, at, heads), signature):
            return False
        standing.note_receipt(self.store, actor, sorted(heads), at, signature)
        self._tell()
        return True

    def note_refused(self, hash: bytes, code: str, reason: str, at: int) -> None:
        """The relay refused a change of mine: keep its words, stop sending it, show it."""
        standing.note_refused(self.store, hash, code, reason, at)
        self._tell()

    def join(self, invite_secret: bytes) -> None:
        """Write the join, then the profile; the community must have been pulled first."""
        from moot_client.replica.founding import write_join

        write_join(self, invite_secret)

    def relay_url(self) -> str:
        """The community's home relay as its convenors say, or as this machine was told; '' for none."""
        rows = self.reader().execute(
            "SELECT value, author FROM statement WHERE kind = 'relay' AND subject = 'home' AND author IN"
            " (SELECT key FROM member WHERE role = 'convenor' AND NOT removed)"
        ).fetchall()  # fmt: skip
        said = [(json.loads(value), author) for value, author in rows]
        homes = [(s["n"], author, s["url"]) for s, author in said if _is_home(s)]
        told = self.store.own("relay")
        return str(max(homes)[2]) if homes else str(told or self.place.relay)

    def set_relay_url(self, url: str) -> None:
        """Where this machine finds the relay, before the community says so itself."""
        self.store.set_own("relay", url)


def _is_home(said: Any) -> bool:
    return isinstance(said, dict) and isinstance(said.get("n"), int) and isinstance(said.get("url"), str)


def _prepare(making: Making, command: Command) -> Any:
    if isinstance(command, Create):
        return acts.create(making, command)
    if isinstance(command, Edit):
        return acts.edit(making, command)
    if isinstance(command, Say):
        return acts.say(making, command)
    if isinstance(command, Together):
        return [_prepare(making, part) for part in command.commands]
    raise InputError("This cannot be said together with other things.")


def _seal_of(change: Change) -> bytes:
    from moot_shared.trust.seal import seal_message

    return seal_message(change.hash, change.actor, change.seq, change.hash)
