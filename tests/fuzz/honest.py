"""What must hold after a change was admitted: the document is whole, and honest members can go on."""

from __future__ import annotations

from typing import Any

from moot_shared.document import Document, Edit
from moot_shared.format.change import Action, Change, OpId, ValueKind, decode_change
from moot_shared.trust.admission import admit
from moot_shared.trust.history import History
from tests.fuzz.corpus import HONEST, Corpus
from tests.helpers.community import Machine
from tests.helpers.encoding import again

TWICE = 8
"""Of so many admitted changes, one is written on, saved and loaded a second time."""


class Broken(AssertionError):
    """Something that must hold does not."""


def decoded_is_sound(change: Change) -> None:
    """What the strict decoder let in has one writing, and our second writer makes the same bytes of it."""
    if repr(decode_change(change.raw)) != repr(change):  # NaN is not equal to itself
        raise Broken("decoding its canonical chunk gives another change")
    told_whole = all(
        op.action is not Action.MARK and op.kind is not ValueKind.UNKNOWN for op in change.operations
    )
    if told_whole and again(change) != change.raw:
        raise Broken("a second writer of the format writes this change otherwise")


def after_admission(corpus: Corpus, change: Change) -> None:
    """The document takes it, saves, loads to the same heads, and an honest member writes on top of it."""
    with corpus.with_(change) as history:
        document = _fork(corpus.document)
        document.apply([change.raw])
        document.expect(history.heads())
        loaded = _loaded(document, history)
        made = _write(loaded, corpus, history, change)
        document.apply([made.raw])
        document.expect(history.heads())
        if change.hash[0] % TWICE == 0:
            _write(document, corpus, history, change)
            _loaded(document, history)


def _fork(document: Document) -> Document:
    copy = Document(document.actor)
    binding: Any = document._binding.fork()
    binding.set_actor(document.actor)
    copy._binding = binding
    return copy


def _loaded(document: Document, history: History) -> Document:
    binding: Any = document._binding
    copy = Document(document.actor)
    copy._binding = type(binding).load(binding.save())
    copy._binding.set_actor(document.actor)
    copy.expect(history.heads())
    return copy


def _write(document: Document, corpus: Corpus, history: History, change: Change) -> Change:
    """An honest change where the admitted one wrote, which everybody's rules admit."""
    me = Machine(corpus.replicas[HONEST].identity, int.from_bytes(document.actor[32:], "big"))
    n = len(history)

    def write(edit: Edit) -> None:
        edit.put(history.said_id, f"{me.text}/comment/after/{n}", "{}")
        record = edit.make_map(history.records_id, f"issue/{n:026d}/{me.text}")
        edit.insert(edit.make_list(record, "body"), 0, "A paragraph.")
        for obj, action in _touched(history, change).items():
            if action is Action.MAKE_MAP:
                edit.put(obj, f"after {n}", "Said after it")
            elif action is Action.MAKE_LIST:
                length = len(document._binding.values(_name(obj)))
                edit.insert(obj, length, f"The last, {n}")
                edit.insert(obj, 0, f"The first, {n}")
                edit.delete(obj, length // 2)

    chunk = document.edit(write)
    if chunk is None:
        raise Broken("an honest edit came to nothing")
    made = decode_change(chunk)
    admit(made, history, seal=corpus.seal(made, me), seal_needed=True)
    history.add(made)
    document.expect(history.heads())
    return made


def _touched(history: History, change: Change) -> dict[OpId, Action]:
    """The records and texts that a change made or wrote into."""
    found: dict[OpId, Action] = {}
    ids = {op.obj for op in change.operations} | {op.id for op in change.operations}
    for op_id in sorted(ids - {None, history.said_id, history.records_id}, key=repr)[:6]:
        made = history.operation(op_id) if op_id else None
        if op_id and made and made.action in (Action.MAKE_MAP, Action.MAKE_LIST):
            found[op_id] = made.action
    return found


def _name(obj: OpId) -> bytes:
    from moot_shared.document import _object

    return _object(obj)
