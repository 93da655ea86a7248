"""Bugs that are planted to see whether the world notices: each is one line of the product, made wrong.

A harness that finds nothing has shown nothing until it was seen to find something.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from moot_client.projection import operations, words
from moot_client.replica import continuity
from moot_client.replica.exchange import Exchange
from moot_client.replica.replica import Replica
from moot_client.store import inbox
from moot_client.store.store import Store
from moot_client.sync.outbox import Outbox
from moot_client.sync.session import Session
from moot_server.members.community import Community
from moot_server.storage.sqlite import SqliteStore
from moot_shared.errors import AdmissionError
from moot_shared.format.change import Operation
from moot_shared.trust import admission, intake, join, waiting
from moot_shared.trust.roster import Roster
from tests.helpers import hasty
from tests.simulation import database

Patch = pytest.MonkeyPatch
BUGS: dict[str, Callable[[Patch], None]] = {}


def bug(plant: Callable[[Patch], None]) -> Callable[[Patch], None]:
    """One of them."""
    BUGS[plant.__name__] = plant
    return plant


@bug
def the_relay_answers_before_it_has_committed(patch: Patch) -> None:
    """The commit is left for the next batch."""
    patch.setattr(SqliteStore, "transaction", hasty.transaction)


@bug
def a_restored_folder_goes_on_under_its_old_name(patch: Patch) -> None:
    """Continuity is not looked at, and the relay is not asked."""
    renew = continuity.renew

    def only_once(store: Any, outside: Any) -> None:
        if store.own("nonce") is None:
            renew(store, outside)

    patch.setattr(continuity, "renew", only_once)
    patch.setattr(Exchange, "continue_after", lambda *_: None)


@bug
def what_the_relay_had_last_time_is_taken_for_what_it_has(patch: Patch) -> None:
    """An outbox that is kept from one connection to the next."""
    known: dict[tuple[str, bytes], tuple[int, bytes]] = {}
    begin, page = Outbox.begin, Outbox._page

    def begin_with_all(self: Outbox, *arguments: Any) -> None:
        begin(self, *arguments)
        home = str(self._replica.place.folder)
        self._theirs |= {actor: link for (where, actor), link in known.items() if where == home}

    def remember(self: Outbox, packed: Any) -> Any:
        home = str(self._replica.place.folder)
        known.update({(home, name.actor): (name.seq, name.hash) for name in packed.names})
        return page(self, packed)

    patch.setattr(Outbox, "begin", begin_with_all)
    patch.setattr(Outbox, "_page", remember)


@bug
def a_page_that_comes_while_one_is_written_is_dropped(patch: Patch) -> None:
    """Every seventh page is passed over as if it had been taken."""
    take, count = Session._take, [0]

    def sometimes(self: Session, page: Any) -> Any:
        count[0] += 1
        return [] if count[0] % 7 == 0 else take(self, page)

    patch.setattr(Session, "_take", sometimes)


@bug
def a_replacement_leaves_the_old_value_standing(patch: Patch) -> None:
    """The projection does not take out what an operation overwrites."""
    write = operations._write_cell

    def without(db: Any, obj: str, operation: Operation, instead: Any) -> None:
        from dataclasses import replace

        write(db, obj, replace(operation, pred=operation.pred[1:]), instead)

    patch.setattr(operations, "_write_cell", without)


@bug
def a_receipt_is_signed_for_what_the_relay_has(patch: Patch) -> None:
    """Before all of it has arrived."""
    claimed: dict[int, tuple[bytes, ...]] = {}
    hear, heads = Session._catch_up, Exchange.heads

    def note(self: Session, done: Any) -> Any:
        claimed[id(self._replica)] = tuple(sorted({*done.heads, bytes(32)}))
        return hear(self, done)

    def receipt(self: Exchange, at: int) -> Any:
        from moot_shared.trust.seal import receipt_message

        mine = claimed.get(id(self), heads(self))
        return self.actor, mine, at, self.identity.sign(receipt_message(self.community, self.actor, at, mine))

    patch.setattr(Session, "_catch_up", note)
    patch.setattr(Exchange, "receipt", receipt)


@bug
def a_clock_decides_whether_a_change_is_let_in(patch: Patch) -> None:
    """A replica does not believe what was said tomorrow."""
    admit = admission.admit
    taking: list[Any] = []
    receive = Exchange.receive

    def with_a_clock(change: Any, history: Any, **how: Any) -> None:
        admit(change, history, **how)
        ulids = [
            op.key.split("/")[1]
            for op in change.operations
            if isinstance(op.key, str) and op.key.count("/") == 2
        ]
        if taking and any(len(u) == 26 and _time(u) > taking[-1].outside.now() + 3_600_000 for u in ulids):
            raise AdmissionError("future", "This was said in the future.")

    def noting(self: Exchange, batch: Any, **how: Any) -> Any:
        taking.append(self)
        try:
            return receive(self, batch, **how)
        finally:
            taking.pop()

    patch.setattr(intake, "admit", with_a_clock)
    patch.setattr(Exchange, "receive", noting)


def _time(ulid: str) -> int:
    from moot_client.projection.rows import milliseconds_of

    return milliseconds_of(ulid)


@bug
def a_draft_goes_out_with_what_is_said_next(patch: Patch) -> None:
    """A comment takes the words of another form with it."""
    do = Replica.do

    def with_draft(self: Replica, command: Any) -> Any:
        values = getattr(command, "values", None)
        if isinstance(values, dict) and isinstance(values.get("title"), str) and self.drafts():
            values["title"] += " " + self.drafts()[0][1]
        return do(self, command)

    patch.setattr(Replica, "do", with_draft)


@bug
def the_relay_forgets_to_pass_on_what_somebody_brings_for_others(patch: Patch) -> None:
    """Only the sender's own changes are forwarded to who is connected."""
    take = Community.take

    def own_only(self: Community, batch: Any, waiting: Any) -> Any:
        taken = take(self, batch, waiting)
        authors = {change.author for change in taken.new}
        if len(authors) > 1:
            taken.new = [change for change in taken.new if change.author == taken.new[-1].author]
        return taken

    patch.setattr(Community, "take", own_only)


@bug
def the_relays_claims_are_never_taken_back(patch: Patch) -> None:
    """'Stored' stays, though the relay was put back to an older copy and has it no more."""
    patch.setattr(Exchange, "forget_stored", lambda *_, **__: None)
    patch.setattr(Outbox, "next", _once_stored_never_sent(Outbox.next))


def _once_stored_never_sent(next_page: Any) -> Any:
    def patched(self: Outbox) -> Any:
        for actor, seq in self._replica.store.read("SELECT actor, seq FROM stored"):
            self._theirs[actor] = max((seq, b""), self._theirs.get(actor, (0, b"")))
        return next_page(self)

    return patched


@bug
def a_refused_tail_is_thrown_away(patch: Patch) -> None:
    """What this machine wrote beside the relay's branch is withdrawn, and not said again."""
    from moot_client.replica import replay

    patch.setattr(replay, "say_again", lambda *_: [])


@bug
def the_answer_of_another_process_is_written_before_the_act(patch: Patch) -> None:
    """A script is told that it is done, and the act is undone with the process."""
    serve = Replica._serve

    def answered_first(self: Replica, number: int, text: str) -> int:
        from moot_client.store import inbox

        with self.store.writing() as db:
            if inbox.still_waits(db, number) and number % 2:
                inbox.answer(db, number, "done")
                return 1
        return serve(self, number, text)

    patch.setattr(Replica, "_serve", answered_first)


@bug
def a_machine_says_and_sends_what_it_has_not_committed(patch: Patch) -> None:
    """The commit is left for the next thing that is written."""
    patch.setattr(Store, "writing", hasty.writing)


@bug
def commits_are_not_synced(patch: Patch) -> None:
    """Neither the relay's file nor a machine's is on disk when it is said that something is stored."""
    execute = database.Connection.execute

    def carelessly(self: Any, sql: str, *arguments: Any) -> Any:
        return execute(self, sql.replace("synchronous = FULL", "synchronous = OFF"), *arguments)

    patch.setattr(database.Connection, "execute", carelessly)


@bug
def what_comes_before_what_it_is_built_on_is_forgotten(patch: Patch) -> None:
    """Nobody waits for what is missing, and it is said to be stored all the same."""
    patch.setattr(waiting.Waiting, "keep", lambda *_: [])

    def count(self: Any, known: Any) -> None:
        for item in known:
            before = self._verdict.through.get(item.change.actor, 0)
            self._verdict.through[item.change.actor] = max(item.change.seq, before)

    patch.setattr(intake._Judging, "_count", count)


@bug
def seals_are_not_checked(patch: Patch) -> None:
    """Whose words they are is believed."""
    patch.setattr(intake, "check_seal", lambda *_: None)


@bug
def who_belongs_now_decides_what_was_allowed_then(patch: Patch) -> None:
    """The roster is asked as it stands, and not as it stood where a change was made."""
    standing = join.standing

    def as_of_now(history: Any, key: bytes, clock: Any) -> Any:
        then = standing(history, key, clock)
        return "removed" if then and not Roster(history).role(key) else then

    patch.setattr(admission, "standing", as_of_now)


@bug
def search_keeps_to_the_kinds_of_whoever_wrote(patch: Patch) -> None:
    """After an update, what a newer Moot had written before it is not found."""
    patch.setattr(words, "keep_up", lambda *_: None)


@bug
def what_a_dead_process_had_asked_for_is_dropped(patch: Patch) -> None:
    """The inbox is emptied by whoever comes to write next."""

    def tidy(store: Store, _: int) -> None:
        with store.writing() as db:
            db.execute("DELETE FROM inbox")

    patch.setattr(inbox, "tidy", tidy)
