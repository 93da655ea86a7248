"""A replica's side of sync: what it has, what another lacks, and taking in what it did not write.

No socket and no relay here: a session (moot_client.sync) asks, a test carries by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from moot_client.replica import continuity, replay
from moot_client.replica.holding import Holding
from moot_client.replica.receiving import Received
from moot_client.store import changes, drafts, standing
from moot_client.store.drafts import REFUSED
from moot_client.views.reach import keep_reached
from moot_shared.errors import StorageError
from moot_shared.format.change import Change, decode_change
from moot_shared.frozen import replace
from moot_shared.identity import verify
from moot_shared.ids import KEY_BYTES
from moot_shared.trust.history import Entry
from moot_shared.trust.seal import Sealed, receipt_message, seal_message

if TYPE_CHECKING:
    from moot_shared.trust.intake import Verdict
    from moot_shared.wire.fields import Word

FORK = "Two different things were said at one place in this member's history; the relay keeps the other one."
MOST_FORKS = 100


class Exchange(Holding):
    """Changes out and in, and what the relay and the members say they have."""

    def heads(self) -> tuple[bytes, ...]:
        """The newest changes here, sorted."""
        with self.store.lock:
            return self._writer.history.heads()

    def version(self) -> dict[bytes, tuple[int, bytes]]:
        """What is on this disk: actor -> (last seq, its hash)."""
        with self.store.lock:
            return self._writer.history.version()

    def has(self, change_hash: bytes) -> bool:
        """Whether a change is part of the history on this disk."""
        with self.store.lock:
            return change_hash in self._writer.history

    def lacking(self, version: Mapping[bytes, tuple[int, bytes]]) -> Iterator[Sealed]:
        """Changes that a holder of `version` lacks, in causal order, refused ones left out.

        Each actor's run ends with a seal, also where earlier seals were thinned.
        """
        with self.store.lock:
            entries = self._sendable(self._writer.history.missing_from(version))
        for entry in entries:
            with self.store.lock:
                if entry.hash not in self._writer.history:  # withdrawn meanwhile, and said again since
                    continue
                sealed = Sealed(
                    changes.chunk(self.store.db, entry.hash), changes.seal(self.store.db, entry.hash)
                )
            yield sealed

    def _sendable(self, entries: Sequence[Entry]) -> list[Entry]:
        stopped = standing.refused(self.store)
        kept = []
        for entry in entries:
            if entry.hash in stopped or any(dep in stopped for dep in entry.deps):
                stopped.add(entry.hash)
            else:
                kept.append(entry)
        return kept

    def receive(self, batch: Sequence[Sealed], *, home: bool = False) -> Received:
        """Take in changes from elsewhere. Durable when it returns.

        Where some bear this machine's name and my seal, and it does not know them, it has forgotten them: it
        takes them in, and goes on under another name.

        `home`: they come from the community's own relay. Where it keeps another branch of somebody's
        changes than this machine, its branch stands (`_yield_to`).
        """
        if not self.become_writer():
            raise StorageError("Another Moot has this community open, and syncs it.")
        with self.store.lock:
            self._first_change(batch)
            with self._writer.transaction():
                verdict = self._writer.take(batch, self.community, self._waiting)
                if any(no.code == "not mine" for no in verdict.refused.values()):
                    self._new_actor()  # its disk was rolled back, and it had said more
                    again = self._writer.take(batch, self.community, self._waiting)
                    verdict = replace(again, admitted=[*verdict.admitted, *again.admitted])
                forks = self._forks(batch, verdict) if home else {}
                if forks:
                    after = self._yield_to(batch, forks)
                    stands = [item for item in verdict.admitted if self.has(item.change.hash)]
                    verdict = replace(after, admitted=[*stands, *after.admitted])
                self._note_forks(batch, verdict)
                standing.taken(self.store, [item.change.hash for item in verdict.admitted])
                keep_reached(self.store.db, self._key)
            received = Received(len(verdict.admitted), tuple(verdict.refused.values()), len(self._waiting))
        if received.new:
            self._tell()
        return received

    def _forks(self, batch: Sequence[Sealed], verdict: Verdict) -> dict[bytes, int]:
        """actor -> first seq at which the home relay keeps another change than this machine."""
        first: dict[bytes, int] = {}
        for name, _ in replay.names(batch, verdict, "fork"):
            first[name.actor] = min(name.seq, first.get(name.actor, name.seq))
        return first

    def _yield_to(self, batch: Sequence[Sealed], forks: dict[bytes, int]) -> Verdict:
        """The relay's branch stands; what this member wrote beside it is said again on top of it.

        In a transaction of the caller's, as `_withdraw`: all of it or nothing.
        """
        tail = self._withdraw(forks)
        verdict = self._writer.take(batch, self.community, self._waiting)
        unsaid = replay.say_again(self._writer, tail, self.identity)
        reason = "This could not be said again on top of what the relay has."
        self._give_back(unsaid, "fork", reason, self.outside.now())
        return verdict

    def _withdraw(self, first: Mapping[bytes, int]) -> list[Change]:
        """Take actors' changes from these seqs on out of the store, with all that was built on them.

        What others wrote among them is kept aside; who wrote it says it again on their own machine.
        """
        tail = replay.withdraw(self._writer, first, self.identity.public_key)
        self._seal_again()
        if any(change.actor == self.actor for change in tail):
            self._new_actor()
        for change in tail:
            if change.author != self.identity.public_key:
                why = "fork" if change.seq >= first.get(change.actor, 1 << 62) else "built on a fork"
                standing.note_refused(self.store, change.hash, why, FORK, self.outside.now(), change.raw)
        return tail

    def _seal_again(self) -> None:
        """Where the seal that vouched for my newest changes was withdrawn, another one does."""
        history = self._writer.history
        for actor in history.actors_of(self.identity.public_key):
            last = history.last(actor)
            if last and changes.seal(self.store.db, last.hash) is None:
                message = seal_message(self.community, actor, last.seq, last.hash)
                changes.set_seal(self.store.db, last.hash, self.identity.sign(message))

    def _note_forks(self, batch: Sequence[Sealed], verdict: Verdict) -> None:
        """Keep what proves that somebody said two different things at one place, to be shown."""
        forked = replay.names(batch, verdict, "fork")
        if forked and standing.count_refused(self.store, "fork") < MOST_FORKS:
            for name, sealed in forked:
                if not name.actor.startswith(self.identity.public_key):
                    now = self.outside.now()
                    standing.note_refused(self.store, name.hash, "fork", FORK, now, sealed.chunk)

    def _give_back(self, lost: Sequence[Change], code: str, reason: str, at: int) -> None:
        """Changes of mine that are not part of the community: their words become drafts, and are shown."""
        from moot_client.views.words import words_of

        for change in lost:
            standing.note_refused(self.store, change.hash, code, reason, at, change.raw)
            drafts.save(self.store, REFUSED, change.hash.hex(), {"text": words_of(change.raw)}, at)

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

    def be_another(self) -> None:
        """Go on under a new name, as another machine of the same member: this one is in use elsewhere."""
        with self.store.lock:
            if self.become_writer():
                self._new_actor()

    def _new_actor(self) -> None:
        continuity.renew(self.store, self.outside)

    def note_stored(self, through: Mapping[bytes, int], at: int) -> None:
        """The relay has stored these actors' changes through these seqs, at Unix milliseconds `at`."""
        standing.note_stored(self.store, through, at)
        self._tell()

    def forget_stored(self, through: Mapping[bytes, int], of: str = "") -> None:
        """The claims go back to `through`: it has less than it said (restored, emptied), or is another.

        `of` is its address: from here on what is called stored is stored there.
        """
        from moot_client.views.standing import STORED_BY

        with self.store.writing():
            standing.forget_stored(self.store, through)
            if of and self.store.own(STORED_BY) != of:
                self.store.set_own(STORED_BY, of)
        self._tell()

    def receipt(self, at: int) -> tuple[bytes, tuple[bytes, ...], int, bytes]:
        """My signed word on what is on this disk: (actor, heads, at, signature)."""
        heads, actor = self.heads(), self.actor
        return actor, heads, at, self.identity.sign(receipt_message(self.community, actor, at, heads))

    def note_receipts(self, words: Iterable[Word]) -> list[bytes]:
        """Keep other machines' signed words; whose was news. One that they did not sign is passed over."""
        fresh = [
            (actor, sorted(heads), at, signature)
            for actor, heads, at, signature in words
            if actor != self.actor and self._is_word(actor, sorted(heads), at, signature)
        ]
        if fresh:
            with self.store.writing() as db:
                for word in fresh:
                    standing.note_receipt(self.store, *word)
                keep_reached(db, self._key)
            self._tell()
        return [actor for actor, *_ in fresh]

    def _is_word(self, actor: bytes, heads: Sequence[bytes], at: int, signature: bytes) -> bool:
        """Whether a machine's word is new here, and its own."""
        if standing.has_receipt(self.store, actor, heads, at, signature):
            return False
        return verify(actor[:KEY_BYTES], receipt_message(self.community, actor, at, heads), signature)

    def note_refused(self, hash: bytes, code: str, reason: str, at: int) -> None:
        """The relay refused a change: it is not sent again. If it is mine, it is withdrawn.

        Its words become a draft, and are shown with the reason; what this member wrote after it is said
        again without it, under a new actor, so that it can go out.
        """
        with self._writer.transaction():
            if hash not in self._writer.history or hash == self.community:
                return  # withdrawn already, or what nobody can do without
            change = self._writer.history.change(hash)
            if change.author != self.identity.public_key:
                standing.note_refused(self.store, hash, code, reason, at, None)
                return
            tail = self._withdraw({change.actor: change.seq})
            unsaid = replay.say_again(self._writer, tail, self.identity, but=hash)
            self._give_back([change], code, reason, at)
            self._give_back(unsaid, "built on refused", reason, at)
        self._tell()
