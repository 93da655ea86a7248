"""This member's own words, said again under a new actor where the relay knows another history.

It happens when a data folder was restored from a backup and both it and the first machine went on: two
changes bear the same actor and number. It happens to everybody's work that was built on one branch of
somebody who forked their own history on purpose. The branch that the home relay stored stands. What this
member wrote beside it is taken out and written again on top, in one transaction with the arrival of the
other, so that nothing that was typed is lost and no number is used twice.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from moot_client.projection.order import name
from moot_client.replica.acts import standing_elements
from moot_client.replica.writer import Writer
from moot_client.store import changes
from moot_shared.document import Edit
from moot_shared.errors import AdmissionError, FormatError
from moot_shared.format.change import HEAD, Action, Change, Operation, OpId, decode_change
from moot_shared.identity import Identity
from moot_shared.trust.seal import Sealed
from moot_shared.wire.glance import Glance, glance

if TYPE_CHECKING:
    from moot_shared.trust.intake import Verdict


def names(batch: Sequence[Sealed], verdict: Verdict, code: str) -> list[tuple[Glance, Sealed]]:
    """Whose changes of a batch were refused for one reason, and at which places."""
    refused = {no.hash for no in verdict.refused.values() if no.code == code}
    found = []
    for sealed in batch if refused else ():
        with suppress(FormatError):  # what cannot be read was refused for that
            name = glance(sealed.chunk)
            if name.hash in refused:
                found.append((name, sealed))
    return found


def withdraw(writer: Writer, first: Mapping[bytes, int], mine: bytes) -> list[Change]:
    """Take out actors' changes from these seqs on, with all that was built on them; what it was, in order.

    What nobody vouches for any more, since the seal that did went with it, goes as well (it comes again,
    with its seal), unless it is by `mine`, the member whose machine this is.
    """
    rows = [(decode_change(chunk), sealed) for chunk, sealed in changes.with_seals(writer.store.db)]
    tail: set[bytes] = set()
    while True:
        for change, _ in rows:
            forked = change.actor in first and change.seq >= first[change.actor]
            if forked or any(dep in tail for dep in change.deps):
                tail.add(change.hash)
        bare = _bare(rows, tail, mine)
        if not bare:
            break
        tail |= bare
    with writer.transaction() as db:
        db.executemany("DELETE FROM change WHERE hash = ?", [(change_hash,) for change_hash in tail])
        writer.rebuild()
    return [change for change, _ in rows if change.hash in tail]


def _bare(rows: Sequence[tuple[Change, bool]], tail: Container[bytes], mine: bytes) -> set[bytes]:
    """Of what stays, others' changes that no sealed one of the same actor follows."""
    vouched: set[bytes] = set()
    bare: set[bytes] = set()
    for change, sealed in reversed(rows):
        if change.hash in tail or change.author == mine:
            continue
        if sealed:
            vouched.add(change.actor)
        if change.actor not in vouched:
            bare.add(change.hash)
    return bare


def say_again(writer: Writer, tail: Sequence[Change], identity: Identity, but: bytes = b"") -> list[Change]:
    """Write this member's part of a withdrawn tail once more, change by change, on top of what stands now.

    All but the change with the hash `but`. The changes that cannot be said any more, because what they are
    about is gone, are the answer. What is gone is known from the whole tail: at its number there may be
    something else now, which nobody meant.
    """
    renamed = _Renamed(tail)
    unsaid: list[Change] = []
    for change in tail:
        if change.author != identity.public_key or change.hash == but:
            continue
        renamed.fresh.clear()
        if not _grounded(writer, change, renamed):
            unsaid.append(change)
            continue
        try:
            made = writer.make(_writing(writer, change, renamed), identity)
        except AdmissionError:
            writer.forget()  # the document has what was not admitted
            renamed.drop(change)
            unsaid.append(change)
            continue
        if made:
            before = [operation.id for operation in change.operations if operation.insert]
            after = [operation.id for operation in made.operations if operation.insert]
            renamed.update(zip(before, after, strict=True))
    return unsaid


class _Renamed(dict[OpId, OpId]):
    """What the operations of a withdrawn tail are called now, those that were said again."""

    def __init__(self, tail: Sequence[Change]) -> None:
        super().__init__()
        self.fresh: set[OpId] = set()
        """Elements of the change that is being said: they have no name of their own yet."""
        self._gone = {operation.id for change in tail for operation in change.operations}

    def drop(self, change: Change) -> None:
        """A change was not said again after all: the names in it are another's now."""
        for operation in change.operations:
            self.pop(operation.id, None)

    def now(self, operation: OpId) -> OpId | None:
        """Its name; None for one that is gone."""
        return self.get(operation, None if operation in self._gone else operation)

    def element(self, operation: OpId) -> str:
        """Its name in the order of a list; '' for one that is gone."""
        if operation in self.fresh:
            return f"new {name(*operation)}"
        now = self.now(operation)
        return name(*now) if now else ""


def _grounded(writer: Writer, change: Change, renamed: _Renamed) -> bool:
    """Whether every object that a change writes to is there, or is made by it."""
    own = {operation.id for operation in change.operations}
    about = {operation.obj for operation in change.operations if operation.obj not in own}
    now = [renamed.now(obj) for obj in about if obj is not None]
    return all(obj is not None and writer.history.operation(obj) for obj in now)


def _writing(writer: Writer, change: Change, renamed: _Renamed) -> Callable[[Edit], None]:
    def write(edit: Edit) -> None:
        orders: dict[OpId, list[str]] = {}
        for operation in change.operations:
            _one(writer, edit, operation, renamed, orders)

    return write


def _one(
    writer: Writer, edit: Edit, operation: Operation, renamed: _Renamed, orders: dict[OpId, list[str]]
) -> None:
    if operation.obj is None:
        return
    obj = renamed.now(operation.obj)
    assert obj is not None  # it is grounded
    if operation.action is Action.MAKE_MAP:
        renamed[operation.id] = edit.make_map(obj, str(operation.key))
    elif operation.action is Action.MAKE_LIST:
        renamed[operation.id] = edit.make_list(obj, str(operation.key))
        orders[renamed[operation.id]] = []
    elif isinstance(operation.key, str):
        value = operation.value
        edit.put(obj, operation.key, value if not isinstance(value, bytes) else None)
    else:
        if obj not in orders:
            orders[obj] = standing_elements(writer.store.db, name(*obj))[0]
        _in_list(edit, operation, obj, orders[obj], renamed)


def _in_list(edit: Edit, operation: Operation, obj: OpId, order: list[str], renamed: _Renamed) -> None:
    place = operation.key if isinstance(operation.key, OpId) else HEAD
    element = renamed.element(place)
    if operation.insert:
        # Where its neighbour was replaced meanwhile, the words go to the end: seen, if not in place.
        index = 0 if place == HEAD else order.index(element) + 1 if element in order else len(order)
        edit.insert(obj, index, str(operation.value))
        renamed.fresh.add(operation.id)
        order.insert(index, renamed.element(operation.id))
    elif operation.action is Action.DELETE and element in order:
        edit.delete(obj, order.index(element))
        order.remove(element)
