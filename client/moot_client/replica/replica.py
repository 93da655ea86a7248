"""The replica: everything that reads or changes a community on this machine goes through here.

    idle --become_writer--> writing (holds the lock; document built when first needed)
    a command while another process writes: into the inbox, and wait for its answer
    a command before the document is built: the same, so that it is on disk while it waits

Any thread may call any method; writing is serialised by the store's lock.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from moot_client.replica import acts
from moot_client.replica.acts import Making
from moot_client.replica.commands import (
    Command,
    Create,
    Edit,
    MakeInvite,
    Say,
    SyncOnce,
    Together,
    apart,
    from_json,
    to_json,
    words_in,
)
from moot_client.replica.desk import Desk
from moot_client.replica.exchange import Exchange
from moot_client.replica.receiving import Received
from moot_client.replica.undisturbed import undisturbed
from moot_client.store import drafts, inbox
from moot_client.store.drafts import REFUSED
from moot_client.views.community import community
from moot_shared.errors import InputError, MootError, StorageError
from moot_shared.format.change import decode_change
from moot_shared.identity import Identity
from moot_shared.ids import encode_bytes
from moot_shared.kinds import HomeRelay
from moot_shared.trust.seal import join_message, seal_message

__all__ = ["Received", "Replica"]

ANSWER_SECONDS = 60.0
ASK_AGAIN_SECONDS = 0.01
WAITS = (
    "The disk is full or cannot be written. What you typed is kept: once there is room it is carried out, "
    "or it is among your drafts. You need not type it again."
)


class Replica(Desk, Exchange):
    """One community on this machine. Open it, read with `reader`, write with `do`.

    `do` blocks until the answer is durable, so an interface calls it off its own thread.
    """

    _home: tuple[tuple[bytes, ...], HomeRelay | None] | None = None

    def do(self, command: Command) -> Any:
        """Carry out a command, here or by the process that writes, and answer once it is on disk."""
        if not self.become_writer():
            return self._ask(command)
        if not self._writer.ready:
            answer = self._keep_and_carry_out(command)
        else:
            with self.store.lock:
                answer = self._carry_out(command)
        self._tell()
        return answer

    def begin_with(self, genesis: bytes, actor: bytes) -> None:
        """Keep the first change of a community that is founded on this machine."""
        self.become_writer()
        with self._writer.transaction():
            self.store.set_own("nonce", actor[32:])
            change = decode_change(genesis)
            message = seal_message(change.hash, change.actor, change.seq, change.hash)
            self._writer.begin(change, self.identity.sign(message))

    def _keep_and_carry_out(self, command: Command) -> Any:
        """The document takes a moment to build: until then what was typed is on disk in the inbox."""
        with self._taking_back() as asked:
            number = inbox.ask(self.store, to_json(command), self.outside.now(), asked)
            self.warm()
            self.serve_inbox(before=number)  # what a process was asked that has ended since
            with self._writer.transaction():
                if inbox.withdraw(self.store, number):
                    return self._carry_out(command)
        return inbox.take(self.store, number)[1]  # whoever serves the inbox was quicker

    @contextmanager
    def _taking_back(self) -> Iterator[list[int]]:
        """Whoever gives up (also by Ctrl+C) must not find carried out later what `inbox.ask` noted here."""
        asked: list[int] = []
        try:
            yield asked
        except BaseException as error:
            try:
                with undisturbed():
                    for number in asked:
                        inbox.withdraw(self.store, number)
            except StorageError:
                if isinstance(error, StorageError):
                    raise StorageError(WAITS) from error
            raise

    def _carry_out(self, command: Command) -> Any:
        if isinstance(command, SyncOnce):
            raise InputError("This is for the process that holds the connection.")
        if isinstance(command, MakeInvite):
            from moot_client.replica import inviting

            return inviting.make(self, command)
        if isinstance(command, Together):
            return self._together(command)
        return self.write(lambda making: _prepare(making, command))

    def _together(self, command: Together) -> list[Any]:
        """All or none of them. What meets in one place is written first and then looked at again."""
        answers: list[Any] = []
        with self._writer.transaction():
            for group in apart(command.commands):
                answers += self.write(partial(_prepare_all, group))
        return answers

    def serve_inbox(self, before: int | None = None) -> int:
        """Carry out what other processes have asked for, all of it or what came before a number.

        The answer is how many commands were answered.
        `SyncOnce` is left for the sync engine: see `waiting_syncs`.
        """
        if not self.become_writer():
            return 0
        answered = 0
        waiting = [each for each in inbox.waiting(self.store) if before is None or each[0] < before]
        if waiting:
            self.warm()
        for number, text in waiting:
            with self.store.lock:
                answered += self._serve(number, text)
        if answered:
            self._tell()
        return answered

    def _serve(self, number: int, text: str) -> int:
        try:
            command = from_json(text)
        except MootError as error:
            self.answer_sync(number, error)
            return 1
        if isinstance(command, SyncOnce):
            return 0
        try:
            with self._writer.transaction() as db:
                if not inbox.still_waits(db, number):
                    return 0
                inbox.answer(db, number, self._carry_out(command))
        except MootError as error:
            self._refuse(number, command, error)
        except Exception as error:  # noqa: BLE001  another version wrote it: no reason to end this process
            self._refuse(number, command, InputError(f"This could not be carried out here ({error!r})."))
        return 1

    def _refuse(self, number: int, command: Command, error: MootError) -> None:
        """Say why not. Whoever asked may be gone: until they hear it, their words are kept as a draft."""
        with self.store.writing():
            self.answer_sync(number, error)
            words = "\n\n".join(words_in(command))
            if words:
                drafts.save(self.store, REFUSED, drafts.asked(number), {"text": words}, self.outside.now())

    def waiting_syncs(self) -> tuple[int, ...]:
        """The numbers of `SyncOnce` commands that other processes wait for."""
        return tuple(number for number, text in inbox.waiting(self.store) if text == to_json(SyncOnce()))

    def answer_sync(self, number: int, result: Mapping[str, Any] | MootError) -> None:
        """Answer a `SyncOnce` of another process."""
        with self.store.writing() as db:
            if isinstance(result, MootError):
                inbox.refuse(db, number, result)
            else:
                inbox.answer(db, number, dict(result))

    def _ask(self, command: Command) -> Any:
        patience = time.monotonic() + ANSWER_SECONDS
        with self._taking_back() as asked:
            number = inbox.ask(self.store, to_json(command), self.outside.now(), asked)
            while time.monotonic() < patience:
                done, answer = inbox.take(self.store, number)
                if done:
                    return answer
                if self.become_writer():  # the other process has ended: this one carries on
                    if isinstance(command, SyncOnce):
                        raise StorageError("The other Moot has ended meanwhile. Run moot sync again.")
                    self.serve_inbox()
                time.sleep(ASK_AGAIN_SECONDS)  # between processes nothing wakes one but the file
        if inbox.withdraw(self.store, number):
            raise StorageError(
                "The other Moot that has this community open does not answer. Nothing was changed."
            )
        done, answer = inbox.take(self.store, number)
        if not done:
            raise StorageError("The other Moot has ended without a word. Look whether it was done.")
        return answer

    def community_name(self) -> str:
        """What the community is called now."""
        with self.store.reading() as db:
            return community(db).name or self.place.name

    def joined(self) -> bool:
        """Whether this member is on the roster here (the founder, or a join that is in the store)."""
        rows = self.store.read("SELECT removed FROM member WHERE key = ?", (self.me,))
        return bool(rows) and not rows[0][0]

    def came(self) -> bool:
        """Whether this member has ever joined, as far as is known here; they may have left since."""
        return bool(self.store.read("SELECT 1 FROM member WHERE key = ?", (self.me,)))

    def join(self, invite_secret: bytes) -> None:
        """Write the join, a change of its own, then the profile; the community was pulled first."""
        invite = Identity.from_seed(invite_secret)
        rows = self.store.read("SELECT author FROM invite WHERE key = ?", (invite.key_text,))
        if not rows:
            raise InputError("This invite is not known to the community. Ask whoever sent it for a new one.")
        proof = invite.sign(join_message(self.community, self.identity.public_key))
        fields = {"by": rows[0][0], "proof": encode_bytes(proof)}
        key = f"{self.me}/join/{invite.key_text}"
        self.write(lambda making: acts.put_statement(making, key, fields))
        if self.place.member_name:
            self.do(Say("profile", "me", {"name": self.place.member_name}))

    def relay_url(self) -> str:
        """The community's home relay as its convenors say, or as this machine was told; '' for none."""
        said = self._home_said()
        return said.url if said else str(self.store.own("relay") or self.place.relay)

    def relay_word(self) -> str:
        """Which word on the relay counts here: of two with the same address the later one is another."""
        said = self._home_said()
        return f"{said.n} {said.author}" if said else self.relay_url()

    def _home_said(self) -> HomeRelay | None:
        """Which word on the relay counts. Whoever writes asks with every frame, and remembers it by heads."""
        heads = self.heads() if self._may_write else None
        known = self._home  # another thread may forget it meanwhile
        if heads is not None and known is not None and known[0] == heads:
            return known[1]
        said = self._said_of_home()
        self._home = (heads, said) if heads is not None and self.heads() == heads else None
        return said

    def said_where_home_is(self) -> bool:
        """Whether the word on the relay that counts here is this member's own."""
        said = self._said_of_home()
        return said is not None and said.author == self.me

    def _said_of_home(self) -> HomeRelay | None:
        from moot_client.views.at_home import home_said  # for who connects, or asks where to

        with self.store.reading() as db:
            return home_said(db)

    def set_relay_url(self, url: str) -> None:
        """Where this machine finds the relay, before the community says so itself."""
        self.store.set_own("relay", url)


def _prepare_all(commands: Sequence[Command], making: Making) -> list[Any]:
    return [_prepare(making, command) for command in commands]


def _prepare(making: Making, command: Command) -> Any:
    if isinstance(command, Create):
        return acts.create(making, command)
    if isinstance(command, Edit):
        return acts.edit(making, command)
    if isinstance(command, Say):
        return acts.say(making, command)
    raise InputError("This cannot be said together with other things.")
