"""What is typed before the document is built waits in the inbox; one hears later what became of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from moot_client.replica.commands import to_json
from moot_client.replica.replica import Replica
from moot_client.store import inbox
from moot_shared.errors import MootError, StorageError
from tests.simulation.acts import Act

if TYPE_CHECKING:
    from tests.simulation.machine import Machine

AGAIN_MS = 5_000


class Asking:
    """One process's inbox: what was asked in it, and what an earlier one had left."""

    def __init__(self, machine: Machine, replica: Replica) -> None:
        self._machine = machine
        self._replica = replica
        self._asked: dict[int, Act] = {}

    def ask(self, act: Act) -> None:
        """It is on disk when this returns, as where `Replica.do` waits for the document."""
        number = inbox.ask(self._replica.store, to_json(act.command), self._replica.outside.now())
        self._asked[number] = act
        self.serve_after(self._machine.dice.randint(50, 5_000))

    def serve_after(self, ms: int) -> None:
        """Look into the inbox in a while."""
        self._machine.after(ms, self._serve)

    def _serve(self) -> None:
        if self._machine.replica is not self._replica:
            return  # the process has ended
        with suppress(StorageError):  # a full disk: it is tried again
            self._replica.serve_inbox()
        self._machine.pump()
        for number, act in list(self._asked.items()):
            if self._answered(number, act):
                del self._asked[number]
        if self._asked:
            self.serve_after(AGAIN_MS)

    def _answered(self, number: int, act: Act) -> bool:
        try:
            done, _ = inbox.take(self._replica.store, number)
        except MootError as error:
            self._machine.tell(f"{self._machine.name} would {act}, and is told at last: {error}")
            self._machine.denied.update(act.words)
            return True
        return done
