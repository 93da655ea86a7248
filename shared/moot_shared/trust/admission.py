"""Whether a change may enter: a pure function of the change and its ancestors.

Never of time, of who carried it, of how many there are, or of the order of arrival: so no two
replicas can disagree, and a refusal cannot poison what an honest member builds. (The one thing
beyond ancestors is a fork: of two changes of one actor at one seq, a replica keeps the first.)
The rules in words stand at the top of this package.
"""

from __future__ import annotations

from collections.abc import Iterable

from moot_shared.errors import AdmissionError
from moot_shared.format.change import Action, Change, ValueKind
from moot_shared.identity import is_sound
from moot_shared.ids import ACTOR_BYTES
from moot_shared.limits import DEFAULT, Limits
from moot_shared.trust.history import History
from moot_shared.trust.join import check_join, standing
from moot_shared.trust.seal import check_seal
from moot_shared.trust.structure import Structure

FORMAT = 1
"""What the genesis change says under `moot`: the format of the whole document."""

FORK = "Its author has said two different things at one place in their history."


class MissingDeps(AdmissionError):
    """A change came before those that it was made on: keep it until they are here."""

    retry = True

    def __init__(self, missing: Iterable[bytes]) -> None:
        self.missing = tuple(missing)
        super().__init__("missing", "This change is built on others that have not arrived yet.")


def admit(
    change: Change, history: History, *, seal: bytes | None, seal_needed: bool, limits: Limits = DEFAULT
) -> None:
    """Return if `change` may be added to `history`; AdmissionError or MissingDeps otherwise.

    `seal` is verified when given; with `seal_needed` its absence is a refusal. Pass
    `seal=None, seal_needed=False` for changes of a batch, whose runs `intake` holds to their seals.
    A change that is already in `history` is admitted.
    """
    if change.hash in history:
        return
    _check_size(change, limits)
    if len(change.actor) != ACTOR_BYTES or not is_sound(change.author):
        raise AdmissionError("actor", "This change is by nobody who could be a member.")
    if history.community is None and not change.deps:
        _check_genesis(change)
    else:
        _check_deps(change, history)
    if seal is not None or seal_needed:
        check_seal(change, seal, history.community or change.hash)
    if change.deps:
        _check_place(change, history)


def _check_size(change: Change, limits: Limits) -> None:
    for what, size, most in (
        ("bytes", len(change.raw), limits.change_bytes),
        ("operations", len(change.operations), limits.change_operations),
    ):
        if size > most:
            raise AdmissionError(
                "size", f"This change has {size:,} {what}, and {most:,} is the limit: it has to be split."
            )
    if not change.operations:
        raise AdmissionError("empty", "This change does nothing.")


def _check_genesis(change: Change) -> None:
    """The founder's first change: exactly the format's number and the two containers, at the root."""
    expected = [
        ("moot", Action.PUT, ValueKind.UINT, FORMAT),
        ("records", Action.MAKE_MAP, ValueKind.NULL, None),
        ("said", Action.MAKE_MAP, ValueKind.NULL, None),
    ]
    found = [(op.key, op.action, op.kind, op.value) for op in change.operations]
    at_root = all(op.obj is None and not op.pred for op in change.operations)
    if found != expected or not at_root or change.seq != 1 or change.start_op != 1:
        raise AdmissionError("genesis", "This is not the first change of a community.")


def _check_deps(change: Change, history: History) -> None:
    missing = [dep for dep in change.deps if dep not in history]
    if missing:
        raise MissingDeps(missing)
    if not change.deps:
        raise AdmissionError("genesis", "This change begins another community.")
    if change.start_op != 1 + max(history.entry(dep).last_op for dep in change.deps):
        raise AdmissionError("counter", "This change does not count on from those that it is built on.")


def _check_place(change: Change, history: History) -> None:
    """Its actor's chain, its author's standing, and what it does, as of its ancestors."""
    clock = history.clock(change.deps)
    own = change.seq - 1
    if (own and not clock.covers(change.actor, own)) or clock.covers(change.actor, change.seq):
        raise AdmissionError("chain", "This change is not built on the earlier ones of its author.")
    if history.at(change.actor, change.seq) is not None:
        raise AdmissionError("fork", FORK)
    role = standing(history, change.author, clock)
    if role == "removed":
        raise AdmissionError("removed", "This change was made after its author was removed.")
    if role == "viewer":
        raise AdmissionError("viewer", "This change is by somebody who was let in to read.")
    if role is None:
        check_join(change, history, clock)
    else:
        Structure(change, history, clock).check()
