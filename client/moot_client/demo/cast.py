"""The players of the demo: each is one member with a home of their own, who can be out of reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from moot_client.replica.commands import Command, Create, Edit, Say, Together
from moot_client.replica.replica import Replica
from moot_client.sync.once import sync_once


@dataclass(slots=True)
class Player:
    """One member. While there is a network, what they do goes out at once and what others did comes in."""

    name: str
    replica: Replica
    online: bool = True
    said: list[str] = field(default_factory=list)
    """The keys of all that they wrote: at the end each must be on every machine."""

    def leave(self) -> None:
        """No network from now on."""
        self.online = False

    def come_back(self) -> None:
        """There is a network again."""
        self.online = True
        self.meet()

    def meet(self) -> None:
        """One exchange with the relay, if there is a network."""
        if self.online:
            sync_once(self.replica)

    def create(self, kind: str, /, **values: Any) -> str:
        """Make a record; its key."""
        key: str = self._do(Create(kind, values))
        return key

    def edit(self, key: str, /, **values: Any) -> None:
        """Change fields of a record."""
        self._do(Edit(key, values))

    def rewrite(self, key: str, name: str, text: str) -> None:
        """Replace the text of a prose field."""
        self._do(Edit(key, {name: text}))

    def say(self, kind: str, subject: str, /, **values: Any) -> None:
        """Say a statement."""
        self._do(Say(kind, subject, values))

    def vote(self, key: str, dots: int, why: str) -> None:
        """Put dots on an issue."""
        self.say("vote", key, dots=dots, why=why)

    def pledge(self, key: str, hours: float) -> None:
        """Give hours to an issue."""
        self.say("pledge", key, hours=hours)

    def share(self, review: str, /, **answers: str) -> None:
        """Share one's answers to a review's questions."""
        notes = (Say("note", f"{review}/{question}", {"text": text}) for question, text in answers.items())
        self._do(Together(tuple(notes)))

    def _do(self, command: Command) -> Any:
        self.meet()
        answer = self.replica.do(command)
        self.said += answer if isinstance(answer, list) else [answer]
        self.meet()
        return answer


@dataclass(slots=True)
class Cast:
    """Who plays, and the keys of what they talk about."""

    founder: Player
    guest: Player
    visitor: Player
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def all(self) -> tuple[Player, ...]:
        """Everybody."""
        return self.founder, self.guest, self.visitor

    def settle(self) -> None:
        """Everybody is back, and everybody has everything."""
        for player in (*self.all, *self.all):
            player.online = True
            player.meet()
