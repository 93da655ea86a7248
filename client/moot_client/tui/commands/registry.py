"""Everything that a key can do, once: bindings, the keys line, the palette, help and docs/keys.md read this.

A command names an action; whoever is on screen carries it out as `action_<name>`, and says in
`check_action` whether it makes sense now. `kinds` are the kinds of record that it is about: with
none it makes sense whatever is selected. `places` are the places in which it makes sense: with none,
all of them. A command without keys is in the palette only (and may be given a key in config.toml).

To add one: a line here, its action among the `bindings(…)` of whoever carries it out, and that method.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from moot_client.tui.commands.command import (
    CHOOSING,
    DETAILS,
    DOING,
    EVERYWHERE,
    HISTORY,
    LINE,
    MOVING,
    PICTURE,
    TOUR,
    TYPING,
    VOTING,
    WORDS,
    Command,
)
from moot_client.tui.commands.keyboard import key_name

if TYPE_CHECKING:
    from textual.binding import BindingType  # loaded with the first binding: `moot keys` needs none

_quiet = partial(Command, quiet=True)  # not on the keys line
_ISSUE, _REVIEW, _LESSON = frozenset({"issue"}), frozenset({"review"}), frozenset({"lesson"})
_ANY = _ISSUE | _REVIEW | _LESSON
_MEMBER, _PROPOSAL, _CLAIM = frozenset({"member"}), frozenset({"proposal"}), frozenset({"claim"})
_TOLD = _ANY | _MEMBER
_CONVENOR, _ASKED = _MEMBER | _PROPOSAL, frozenset({"draft"}) | _PROPOSAL | _CLAIM

_ALL = (
    # -- about what is selected, or making something new ----------------------------------------
    Command("new", "n", "new", "Make a new thing of this place's kind.", DOING),
    Command("write", "w", "write", "Write your own answers, alone, until you share them.", DOING, _REVIEW),
    Command("vote", "v", "vote", "Give an issue some of your dots, or take them back.", DOING, _ISSUE),
    Command("pledge", "p", "hours", "Say how many hours you would give to an issue.", DOING, _ISSUE),
    Command("use", "x", "used it", "Say where and how a lesson was used.", DOING, _LESSON),
    Command("finish", "f", "finish", "End a review: with lessons, next steps, or skipped.", DOING, _REVIEW),
    Command("vouch", "V", "vouch", "Say that you know it: this is who they were before.", DOING, _CLAIM),
    Command("convenor", "C", "convenor", "Make a member a convenor, or propose it to all.", DOING, _CONVENOR),
    Command("take_back", "T", "take back", "Take an invite back.", DOING, frozenset({"invite"})),
    Command("open", "enter", "open", "Open what is selected.", MOVING),
    Command("find", "slash", "find", "Narrow the list as you type.", MOVING),
    Command("comment", "c", "comment", "Say something about what is selected.", DOING, _ANY),
    Command("edit", "e", "edit", "Change what is selected.", DOING, _ANY | {"member"}),
    _quiet("tie", "t", "tie", "Tie this issue to another one: causes, affects, part of.", DOING, _ISSUE),
    _quiet("review", "r", "review", "Begin a review of this issue.", DOING, _ISSUE),
    _quiet("archive", "a", "archive", "Put what is selected away, or bring it back.", DOING, _ANY),
    _quiet("others", "o", "other versions", "Show its other versions; of a member, their key.", DOING, _TOLD),
    Command("remove", "R", "remove", "End somebody's membership; says first what it does.", DOING, _MEMBER),
    Command("step_down", "D", "step down", "Lay the role of a convenor down.", DOING, _MEMBER),
    _quiet("claim", "W", "this was me", "You joined anew: say which member you were before.", DOING, _MEMBER),
    Command("depart", "L", "leave for good", "End your own membership.", DOING, _MEMBER),
    Command("put_away", "z", "put away", "Put a draft away, or a question that Today asks.", DOING, _ASKED),
    Command(
        "copy", "y", "copy", "Copy a draft's words, to paste them elsewhere.", DOING, frozenset({"draft"})
    ),
    Command("lesson", "l", "lesson", "Note a lesson from what is selected.", DOING, _ISSUE | _REVIEW),
    Command("undo", "u", "undo", "Take back what you did last, one by one, since Moot opened.", DOING),
    _quiet(
        "search",
        "s",
        "search everything",
        "Words in everything that was written; slips are forgiven.",
        DOING,
    ),
    _quiet(
        "history",
        "h",
        "history",
        "Who changed it, when and how; an earlier text back.",
        DOING,
        _TOLD,
    ),
    _quiet(
        "picture",
        "m",
        "picture",
        "The agenda as a map, dots against hours; elsewhere words week by week.",
        DOING,
        places=frozenset({"today", "agenda", "lessons"}),
    ),
    # -- moving ----------------------------------------------------------------------------------
    _quiet(
        "away",
        "A",
        "put away too",
        "Show closed and archived things too, and who has gone.",
        DOING,
        places=frozenset({"agenda", "lessons", "people"}),
    ),
    Command("back", "escape", "back", "Go back to exactly where you were.", MOVING),
    _quiet("down", "down,j", "down", "One down.", MOVING),
    _quiet("up", "up,k", "up", "One up.", MOVING),
    _quiet("left", "left", "left", "To the next one on the left.", PICTURE),
    _quiet("right", "right", "right", "To the next one on the right.", PICTURE),
    _quiet("top", "g,home", "top", "To the top; brings in what is new.", MOVING),
    _quiet("bottom", "end,G", "bottom", "To the bottom.", MOVING),
    _quiet("page_down", "pagedown,space", "page down", "A page down.", MOVING),
    _quiet("page_up", "pageup,b", "page up", "A page up.", MOVING),
    _quiet("next_link", "tab", "next", "To the next thing that can be opened, or the other side.", MOVING),
    _quiet("last_link", "shift+tab", "last", "To the one before.", MOVING),
    # -- from anywhere ---------------------------------------------------------------------------
    _quiet(
        "place('today')", "1", "Today", "What changed, and what waits for you.", EVERYWHERE, called="today"
    ),
    _quiet("place('agenda')", "2", "Agenda", "Issues, by dots and hours.", EVERYWHERE, called="agenda"),
    _quiet(
        "place('lessons')", "4", "Lessons", "Reviews, and what was learned.", EVERYWHERE, called="lessons"
    ),
    _quiet("place('people')", "5", "People", "Who is here; inviting.", EVERYWHERE, called="people"),
    _quiet("details", "S", "what is where", "What each machine has, and what waits.", EVERYWHERE),
    Command(
        "help", "question_mark,f1", "help", "What can be done here, then all keys and signs.", EVERYWHERE
    ),
    _quiet("palette", "ctrl+p", "everything", "Find any command or any words by typing.", EVERYWHERE),
    _quiet(
        "community", "ctrl+o", "this community", "Change its name, what it is for, or its dots.", EVERYWHERE
    ),
    _quiet("device", "ctrl+d", "second machine", "The line for another machine of yours.", EVERYWHERE),
    _quiet("begin", "ctrl+b", "another community", "Found or join another community.", EVERYWHERE),
    _quiet("leave", "ctrl+q", "quit", "Close Moot; what you typed is kept.", EVERYWHERE),
    _quiet(
        "look('auto')",
        "",
        "look: as the terminal",
        "Light or dark, as it is.",
        EVERYWHERE,
        called="look_auto",
    ),
    _quiet("look('dark')", "", "look: dark", "Light words on dark.", EVERYWHERE, called="look_dark"),
    _quiet("look('light')", "", "look: light", "Dark words on light.", EVERYWHERE, called="look_light"),
    _quiet(
        "look('contrast')", "", "look: high contrast", "White on black.", EVERYWHERE, called="look_contrast"
    ),
    _quiet(
        "look('contrast-light')",
        "",
        "look: high contrast, light",
        "Black on white.",
        EVERYWHERE,
        called="look_contrast_light",
    ),
    _quiet("look('none')", "", "look: no colours", "Words and signs alone.", EVERYWHERE, called="look_none"),
    _quiet("tour", "", "tour", "A look around, in a minute.", EVERYWHERE),
    # -- while typing ----------------------------------------------------------------------------
    Command("finish_typing", "ctrl+s", "keep", "Finish: what was typed is said.", TYPING),
    Command(
        "stop_typing", "escape", "leave, draft kept", "Go back; what was typed stays as a draft.", TYPING
    ),
    Command("next_field", "tab", "next", "To the next field or question.", TYPING),
    _quiet("last_field", "shift+tab", "back", "To the one before.", TYPING),
    Command("preview", "ctrl+r", "preview", "See a text as others will read it; again goes back.", TYPING),
    _quiet("begin_anew", "ctrl+n", "begin another", "Keep this draft and begin an empty one.", TYPING),
    _quiet("own_editor", "ctrl+g", "your editor", "Go on in your own editor: $VISUAL or $EDITOR.", TYPING),
    _quiet("to_start", "ctrl+home", "to the beginning", "To the beginning of the text.", TYPING),
    _quiet("to_end", "ctrl+end", "to the end", "To the end of the text.", TYPING),
    # -- in one line, or on one screen -----------------------------------------------------------
    _quiet("by(-1)", "left,minus", "fewer", "One dot fewer; a figure gives so many.", VOTING, called="fewer"),
    _quiet("by(1)", "right,plus", "more", "One dot more.", VOTING, called="more"),
    Command("keep_dots", "enter", "keep", "Vote with these dots.", VOTING),
    Command("other", "tab", "why", "From the dots to the reason, and back.", VOTING, called="why"),
    _quiet("step(-1)", "left", "before", "The word before.", CHOOSING, called="choose_last"),
    _quiet("step(1)", "right,space", "choose", "The next word.", CHOOSING, called="choose_next"),
    _quiet("host", "h", "put it on a relay", "Put the community on a relay, to invite others.", DETAILS),
    Command("again", "r", "try now", "Ask the relay now, not at the next try.", DETAILS),
    Command("hide", "v", "seen or not", "Let the others see that you are here, or not.", DETAILS),
    Command("restore", "r", "bring it back", "Bring an earlier text back; that can be taken back.", HISTORY),
    Command("copy_line", "y", "copy", "Copy the line, where your terminal allows it.", LINE),
    Command("done", "escape,enter", "done", "Go back.", LINE),
    Command("written", "enter", "I have them", "The words are on paper: one of them is asked for.", WORDS),
    Command("later", "escape", "later", "Write the words down later; Today asks again.", WORDS),
    _quiet("tour_next", "enter", "goes on", "To the next step.", TOUR, first=True),
    _quiet("tour_end", "escape", "ends the tour", "No more of it.", TOUR, first=True),
)
COMMANDS: dict[str, Command] = {command.action: command for command in _ALL}
LOOKS = tuple(action for action in COMMANDS if action.startswith("look("))
_AT_ONCE = {
    *("tour", "today", "agenda", "lessons", "people", "help", "leave"),
    *("palette", "search", "history", "picture"),
}
PLACE_KEYS = {"today": "1", "agenda": "2", "lessons": "4", "people": "5"}
NO_KEY = "no-key-"  # what a command without keys is bound to: no keyboard sends it


def waits_for_writing(action: object) -> bool:
    """Whether an action can only be carried out by what writes; moving, looking and leaving need nothing."""
    command = COMMANDS.get(action) if isinstance(action, str) else None
    if command is None or command.action in LOOKS:
        return False
    return command.group in (DOING, HISTORY, EVERYWHERE) and command.id not in _AT_ONCE


def key_of(action: str) -> str:
    """The key of a command as it is now, for a sentence that names it; its label where it has none."""
    command = COMMANDS.get(action) or COMMANDS[f"place('{action}')"]
    return command.key or f"'{command.label}' in {COMMANDS['palette'].key}"


def bindings(*actions: str) -> list[BindingType]:
    """Textual's bindings for some of the commands, in the order of the registry."""
    from textual.binding import Binding

    return [
        Binding(
            c.keys or NO_KEY + c.id,
            c.action,
            c.label,
            show=not c.quiet,
            tooltip=c.help,
            id=c.id,
            priority=c.first,
        )
        for c in _ALL
        if c.action in actions
    ]


__all__ = [
    "COMMANDS", "LOOKS", "NO_KEY", "PLACE_KEYS", "Command", "bindings", "key_name", "key_of",
    "waits_for_writing",
]  # fmt: skip
