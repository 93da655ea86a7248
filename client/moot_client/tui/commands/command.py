"""What a command is, and the groups that commands come in."""

from __future__ import annotations

from moot_client.tui.commands.keyboard import key_name, keys_now
from moot_shared.frozen import frozen


@frozen
class Command:
    """One thing to do: which keys, how it is called in two words, and a sentence about it."""

    action: str
    keys: str  # of its own, parted by commas; '' for none
    label: str
    help: str
    group: str
    kinds: frozenset[str] = frozenset()
    quiet: bool = False  # not on the keys line: help and palette name it
    places: frozenset[str] = frozenset()
    called: str = ""  # its id where the action has something in brackets
    first: bool = False  # before whatever has the focus hears of it

    @property
    def id(self) -> str:
        """What config.toml calls it; it never changes."""
        return self.called or self.action

    @property
    def keys_now(self) -> tuple[str, ...]:
        """The keys that it has, in Textual's spelling: its own, or those of config.toml."""
        return keys_now(self.id, self.keys)

    @property
    def key(self) -> str:
        """The first of its keys, as people read it: 'Ctrl+S', 'n', 'Enter'; '' where it has none."""
        keys = self.keys_now
        return key_name(keys[0]) if keys else ""

    @property
    def named(self) -> str:
        """What it is called, with its key where it has one: 'vote (v)'."""
        return f"{self.label} ({self.key})" if self.key else self.label


MOVING, DOING, EVERYWHERE, TYPING = "Moving", "Doing", "Everywhere", "While typing"
VOTING, CHOOSING = "While giving dots", "In a row of words to choose from"
DETAILS, LINE, WORDS = "In what is where", "With a line to copy", "With recovery words"
HISTORY = "In a history"
TOUR = "During the tour"
PICTURE = "In a picture"
GROUPS = (MOVING, DOING, EVERYWHERE, TYPING, VOTING, CHOOSING, PICTURE, DETAILS, HISTORY, LINE, WORDS, TOUR)
TOGETHER = (  # groups whose keys are valid at the same moment: no key may mean two things there
    (MOVING, DOING, EVERYWHERE),
    (MOVING, PICTURE, EVERYWHERE),
    (MOVING, DETAILS, EVERYWHERE),
    (MOVING, HISTORY, EVERYWHERE),
    (TYPING, EVERYWHERE),
    (CHOOSING, TYPING, EVERYWHERE),
    (VOTING, EVERYWHERE),
    (LINE, EVERYWHERE),
    (WORDS, EVERYWHERE),
)
