"""Everything that a key can do, once: bindings, the keys line, the palette and help all read this.

A command names an action; whoever is on screen carries it out as `action_<name>`, and says in
`check_action` whether it makes sense now. `kinds` are the kinds of record that it is about: with
none it makes sense whatever is selected.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do: which keys, how it is called in two words, and a sentence about it."""

    action: str
    keys: str
    label: str
    help: str
    group: str
    kinds: frozenset[str] = frozenset()
    quiet: bool = False  # not on the keys line: help and palette name it

    @property
    def key(self) -> str:
        """The first of its keys, as people read it: 'Ctrl+S', 'n', 'Enter'."""
        return key_name(self.keys.split(",", 1)[0])


MOVING, DOING, TYPING, EVERYWHERE = "Moving", "Doing", "While typing", "Everywhere"
_ISSUE, _REVIEW, _LESSON = frozenset({"issue"}), frozenset({"review"}), frozenset({"lesson"})
_ANY = _ISSUE | _REVIEW | _LESSON
_MEMBER, _PROPOSAL, _CLAIM = frozenset({"member"}), frozenset({"proposal"}), frozenset({"claim"})

_ALL = (
    Command("new", "n", "new", "Make a new thing of this place's kind.", DOING),
    Command("write", "w", "write", "Write your own answers, alone, until you share them.", DOING, _REVIEW),
    Command("vote", "v", "vote", "Give an issue some of your dots, or take them back.", DOING, _ISSUE),
    Command("pledge", "p", "hours", "Say how many hours you would give to an issue.", DOING, _ISSUE),
    Command("use", "x", "used it", "Say where and how a lesson was used.", DOING, _LESSON),
    Command("finish", "f", "finish", "End a review: with lessons, next steps, or skipped.", DOING, _REVIEW),
    Command("vouch", "V", "vouch", "Say that you know it: this is who they were before.", DOING, _CLAIM),
    Command(
        "convenor",
        "C",
        "convenor",
        "Make a member a convenor; who is none proposes it to all, or agrees.",
        DOING,
        _MEMBER | _PROPOSAL,
    ),
    Command("take_back", "T", "take back", "Take an invite back.", DOING, frozenset({"invite"})),
    Command("open", "enter", "open", "Open what is selected.", MOVING),
    Command("find", "slash", "find", "Narrow the list as you type.", MOVING),
    Command("comment", "c", "comment", "Say something about what is selected.", DOING, _ANY, quiet=True),
    Command("edit", "e", "edit", "Change what is selected.", DOING, _ANY | {"member"}),
    Command(
        "tie",
        "t",
        "tie",
        "Tie this issue to another one: causes, affects, part of.",
        DOING,
        _ISSUE,
        quiet=True,
    ),
    Command("review", "r", "review", "Begin a review of this issue.", DOING, _ISSUE, quiet=True),
    Command(
        "archive", "a", "archive", "Put what is selected away, or bring it back.", DOING, _ANY, quiet=True
    ),
    Command(
        "others",
        "o",
        "other versions",
        "Show what else was written at the same time.",
        DOING,
        _ANY,
        quiet=True,
    ),
    Command("remove", "R", "remove", "End somebody's membership; says first what it does.", DOING, _MEMBER),
    Command("step_down", "D", "step down", "Lay the role of a convenor down.", DOING, _MEMBER),
    Command(
        "claim",
        "W",
        "this was me",
        "Machine and words were lost, and you joined anew: say which member you were.",
        DOING,
        _MEMBER,
        quiet=True,
    ),
    Command("depart", "L", "leave for good", "End your own membership.", DOING, _MEMBER),
    Command(
        "put_away",
        "z",
        "put away",
        "Put a draft away for good, or a question: Today does not ask it again.",
        DOING,
        frozenset({"draft"}) | _PROPOSAL | _CLAIM,
    ),
    Command(
        "copy",
        "y",
        "copy",
        "Copy a draft's words, to paste them elsewhere.",
        DOING,
        frozenset({"draft"}),
    ),
    Command("lesson", "l", "lesson", "Note a lesson from what is selected.", DOING, _ISSUE | _REVIEW),
    Command("undo", "u", "undo", "Take back what you did last.", DOING),
    Command(
        "away",
        "A",
        "put away too",
        "Show closed and archived things too, and who has gone.",
        MOVING,
        quiet=True,
    ),
    Command("back", "escape", "back", "Go back to exactly where you were.", MOVING),
    Command("down", "down,j", "down", "One down.", MOVING, quiet=True),
    Command("up", "up,k", "up", "One up.", MOVING, quiet=True),
    Command("top", "home,g", "top", "To the top; takes in what is new above.", MOVING, quiet=True),
    Command("bottom", "end,G", "bottom", "To the bottom.", MOVING, quiet=True),
    Command("page_down", "pagedown,space", "page down", "A page down.", MOVING, quiet=True),
    Command("page_up", "pageup,b", "page up", "A page up.", MOVING, quiet=True),
    Command(
        "next_link",
        "tab",
        "next",
        "To the next thing that can be opened, or the other side.",
        MOVING,
        quiet=True,
    ),
    Command("last_link", "shift+tab", "last", "To the one before.", MOVING, quiet=True),
    Command("place('today')", "1", "Today", "What changed, and what waits for you.", EVERYWHERE, quiet=True),
    Command("place('agenda')", "2", "Agenda", "Issues, by dots and hours.", EVERYWHERE, quiet=True),
    Command("place('lessons')", "4", "Lessons", "Reviews, and what was learned.", EVERYWHERE, quiet=True),
    Command("place('people')", "5", "People", "Who is here; inviting.", EVERYWHERE, quiet=True),
    Command(
        "details", "S", "what is where", "What each machine has, and what waits.", EVERYWHERE, quiet=True
    ),
    Command("help", "question_mark", "help", "All keys and signs.", EVERYWHERE),
    Command(
        "palette", "ctrl+p", "everything", "Find any command or any words by typing.", EVERYWHERE, quiet=True
    ),
    Command(
        "community",
        "ctrl+o",
        "this community",
        "Change the community's name, what it is for, or its dots.",
        EVERYWHERE,
        quiet=True,
    ),
    Command(
        "device",
        "ctrl+d",
        "second machine",
        "The line that brings you to another machine of yours.",
        EVERYWHERE,
        quiet=True,
    ),
    Command(
        "begin", "ctrl+b", "another community", "Found or join another community.", EVERYWHERE, quiet=True
    ),
    Command("leave", "ctrl+q", "quit", "Close Moot; what you typed is kept.", EVERYWHERE, quiet=True),
    Command("finish_typing", "ctrl+s", "keep", "Finish: what was typed is said.", TYPING),
    Command(
        "stop_typing", "escape", "leave, draft kept", "Go back; what was typed stays as a draft.", TYPING
    ),
    Command(
        "begin_anew", "ctrl+n", "begin another", "Keep this draft and begin an empty one.", TYPING, quiet=True
    ),
    Command("next_field", "tab", "next", "To the next field or question.", TYPING),
    Command("last_field", "shift+tab", "back", "To the one before.", TYPING, quiet=True),
)
COMMANDS: dict[str, Command] = {command.action: command for command in _ALL}
PLACE_KEYS = {"today": "1", "agenda": "2", "lessons": "4", "people": "5"}
_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "escape": "Esc",
    "enter": "Enter",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "shift+tab": "Shift+Tab",
    "tab": "Tab",
    "space": "Space",
    "up": "Up",
    "down": "Down",
    "home": "Home",
    "end": "End",
}


def key_name(key: str) -> str:
    """A key as people read it."""
    if key.startswith("ctrl+"):
        return f"Ctrl+{key[5:].upper()}"
    return _NAMES.get(key, key)


def bindings(*actions: str) -> list[BindingType]:
    """Textual's bindings for some of the commands, in the order of the registry."""
    chosen = [command for command in _ALL if command.action in actions]
    return [Binding(c.keys, c.action, c.label, show=not c.quiet, tooltip=c.help) for c in chosen]
