"""Who else is here, in the words of the interface: of members only, each named once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from moot_client.views.phrases import listed
from moot_shared.frozen import field, frozen

if TYPE_CHECKING:
    from moot_client.sync.events import Here
    from moot_client.views.people import People


@frozen
class Around:
    """The others who are here now, by name; `machines` are all that said so, also another one of mine."""

    names: Mapping[str, str] = field(default_factory=dict)
    """key text -> what they are called, in the order of their names."""
    writing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """A record's key -> who writes there."""
    machines: frozenset[bytes] = frozenset()

    @property
    def sentence(self) -> str:
        """'Ines and Joon are here', or ''."""
        return _said(tuple(self.names.values()), "here")

    @property
    def brief(self) -> str:
        """The same where there is little room: '2 others here'."""
        return f"{len(self.names)} {'other' if len(self.names) == 1 else 'others'} here" if self.names else ""

    def at(self, record: str) -> str:
        """'Ines is writing here' of a record, or ''."""
        return _said(self.writing.get(record, ()), "writing here")


NOBODY = Around()


def around(others: Iterable[Here], known: People) -> Around:
    """What is heard of machines, as what is to be said of those members who still belong."""
    belonging = {member.key: member for member in known if member.belongs}
    machines = [here for here in others if here.key in belonging]
    members = {belonging[here.key] for here in machines}
    shown = sorted((m.label.casefold(), m.label, m.key) for m in members if not m.me)
    names = {key: label for _, label, key in shown}
    writing: dict[str, tuple[str, ...]] = {}
    for here in sorted(machines, key=lambda here: names.get(here.key, "").casefold()):
        label = names.get(here.key)
        if label is not None and here.writing and label not in writing.get(here.writing, ()):
            writing[here.writing] = (*writing.get(here.writing, ()), label)
    return Around(names, writing, frozenset(here.actor for here in machines))


def _said(names: tuple[str, ...], what: str) -> str:
    return f"{listed(names)} {'is' if len(names) == 1 else 'are'} {what}" if names else ""
