"""Whether a change may enter: a pure function of the change and its ancestors."""

from __future__ import annotations

from collections.abc import Iterable

from moot_shared.errors import AdmissionError
from moot_shared.format.change import Change
from moot_shared.trust.history import History


class MissingDeps(AdmissionError):
    """A change came before those that it was made on: keep it until they are here."""

    retry = True

    def __init__(self, missing: Iterable[bytes]) -> None:
        self.missing = tuple(missing)
        super().__init__("missing", "This change is built on others that have not arrived yet.")


def admit(change: Change, history: History, *, seal: bytes | None, seal_needed: bool) -> None:
    """Return if `change` may be added to `history`; AdmissionError or MissingDeps otherwise.

    `seal` is verified when given; with `seal_needed` its absence is a refusal. Pass
    `seal=None, seal_needed=False` for changes of a batch that `check_seals` has passed.
    A change that is already in `history` is admitted.
    """
    raise NotImplementedError
