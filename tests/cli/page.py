"""docs/commands.md, from the tree of commands. `scripts/commands` writes it; a test holds it to the tree."""

from __future__ import annotations

import sys
from argparse import SUPPRESS, Action, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path

from moot_client.cli.exits import MEANING
from moot_client.cli.layout import sections
from moot_client.cli.parser import Parser, whole
from moot_client.tui.commands.keyboard import key_name, parted
from moot_client.tui.commands.registry import COMMANDS
from tests.cli.answers import told

HEAD = """\
# Commands

Written by `scripts/commands` from the tree of commands: do not edit it here. `moot COMMAND --help` says the
same, and so does `moot help COMMAND`. `moot` alone opens the interface; running a relay (`moot relay`) is in
[operating.md](operating.md).

An id is the first characters that tell one thing from all others. A name of a member is enough, or the
beginning of their key. `-` in the place of a text reads it from stdin. What is said goes out with the next
sync: of the interface where one is open, else of `moot sync`.
"""
PIPES = """\
## In a script

**In a pipe** a list is records and nothing else: one a line, its cells whole, a tab between them, no heads
and no colour. The cells are the columns that a terminal shows, and the last one is what it shows in brackets.
So `moot issues | cut -f1,5` and `moot issues | grep organisation` do what one would think, and an empty list
prints nothing. A page (`show`, `status`, `today`) is the same text in lines that are not broken. Control
characters in what people wrote are made visible everywhere, so a tab or a line end is never theirs.

**`--json`** is there for everything that reads, and for what writing answers. It is ASCII; a list has an
entry a line. Names in it are never changed or taken away, others may be added; each command below has its
own. An `id` is whole, a `short` one is what a list shows and people type (`find` has the short one), a `key`
is all of it; a member is `name` and `key`; times are Unix milliseconds, 0 or null where none is known.

Where something goes wrong, the last line of stderr is `{"error": …, "reason": …, "code": …}`: the sentence,
its word, the exit code. After wrong usage it may have an `example`: a line that would work.

**Exit codes** say what kept a script from going on:

| code | reason | what it means |
|---|---|---|
"""
AFTER_CODES = """
Numbers are added, and never changed. `moot sync` ends with 0 only when the relay has stored everything.
A pipe that is closed early (`moot issues | head -1`) is no trouble.

**Completion**: `source <(moot completion bash)` in `~/.bashrc`, `source <(moot completion zsh)` in `~/.zshrc`
after `compinit`, `moot completion fish | source` in fish's configuration. It knows commands, options, ids
(or words of the title in place of an id) and names as they are at that moment.
"""
SAME = """\
## What a key does, as a command

| key | in the interface | command |
|---|---|---|
"""
AS_COMMAND = {
    "new": "`issue add`, `review add`, `lesson add`, `invite`",
    "write": "`review note`, `review share`",
    "vote": "`vote`",
    "pledge": "`pledge`",
    "use": "`lesson applied`, `lesson tried`",
    "finish": "`review edit --ending`, `review skip`",
    "vouch": "`member vouch`",
    "convenor": "`convenor name`, `convenor agree`",
    "take_back": "`uninvite`",
    "open": "`issue show`, `review show`, `lesson show`, `member show`",
    "find": "`issues | grep`, or `find`",
    "comment": "`comment`, with `--change` for one's own",
    "edit": "`issue edit`, `review edit`, `lesson edit`, `profile`",
    "tie": "`issue link`",
    "review": "`review add --issue`",
    "archive": "`issue archive`, `issue unarchive` and the like; `issue close`, `issue reopen`",
    "others": "`versions`",
    "remove": "`member remove`",
    "step_down": "`convenor step-down`",
    "claim": "`member claim`",
    "depart": "`leave`",
    "put_away": "`draft forget`",
    "copy": "`draft show`",
    "lesson": "`lesson add --source`",
    "search": "`find`",
    "history": "`history`",
    "restore": "`restore`",
    "picture": "`picture`",
    "away": "`issues --closed --archived`, `reviews --archived`, `lessons --archived`, `members`",
    "today": "`today`",
    "agenda": "`issues`",
    "lessons": "`lessons`, `reviews`",
    "people": "`members`, `invites`",
    "details": "`status`",
    "community": "`community show`, `community edit`",
    "device": "`device add`",
    "begin": "`found`, `join`, `recover`; `--community` chooses one",
    "host": "`host`, `relay set`",
    "again": "`sync`",
    "help": "`--help`, `keys`",
    "palette": "`find`, and completion",
    "copy_line": "`device add`, `invite`, `words` print it",
    "written": "`words --check`",
    "tour": "`demo`",
}
"""A command of the interface -> the commands that do the same. Whatever is not here must be in ONLY_THERE."""
ONLY_THERE = {
    "undo": "only there: a command that is taken back is given again with what was before (`vote ID 0`)",
    "hide": "only there: a command line is nobody who is here",
    "later": "only there: the words are asked for again",
    **dict.fromkeys(
        ("look_auto", "look_dark", "look_light", "look_contrast", "look_contrast_light", "look_none"), ""
    ),
    **dict.fromkeys(("back", "down", "up", "left", "right", "top", "bottom", "page_down", "page_up"), ""),
    **dict.fromkeys(("next_link", "last_link", "leave", "finish_typing", "stop_typing", "begin_anew"), ""),
    **dict.fromkeys(("next_field", "last_field", "preview", "own_editor", "to_start", "to_end"), ""),
    **dict.fromkeys(("fewer", "more", "keep_dots", "why", "choose_last", "choose_next"), ""),
    **dict.fromkeys(("done", "tour_next", "tour_end"), ""),
}
"""What makes no sense without a screen: moving, typing, looks; with a reason where one might look for it."""


def page() -> str:
    """The whole page."""
    root = whole()
    parts = [HEAD, PIPES + _codes() + AFTER_CODES]
    tree = root.commands.tree()
    for heading, actions in sections(root.commands.listed()).items():
        parts.append(f"## {heading}\n")
        parts += [text for action in actions for text in _command(tree[action.dest], ("moot", action.dest))]
    parts += [
        "## For programs\n",
        *_command(tree["complete"], ("moot", "complete")),
        _anywhere(root),
        _same(),
    ]
    return "\n".join(parts)


def commands() -> Iterator[tuple[str, Parser]]:
    """Every command without one under it: what it is called, and its parser."""
    for name, parser in whole().commands.tree().items():
        inner = _inner(parser)
        if inner is None:
            yield name, parser
        else:
            yield from ((f"{name} {sub}", under) for sub, under in inner.choices.items())


def _codes() -> str:
    return "\n".join(f"| {code} | {word} | {sentence} |" for code, (word, sentence) in MEANING.items()) + "\n"


def _inner(parser: Parser) -> _SubParsersAction[Parser] | None:
    return next((action for action in parser._actions if isinstance(action, _SubParsersAction)), None)


def _command(parser: Parser, words: tuple[str, ...]) -> Iterator[str]:
    inner = _inner(parser)
    if inner is not None:
        for name, under in inner.choices.items():
            yield from _command(under, (*words, name))
        return
    given = [a for a in parser._actions if a.help != SUPPRESS and a.dest not in _ANYWHERE]
    usage = " ".join(_usage(action) for action in sorted(given, key=lambda a: bool(a.option_strings)))
    yield f"### {' '.join(words[1:])}\n\n{_sentence(parser.description or '')}\n"
    yield f"    {' '.join(words)} {usage}".rstrip() + "\n"
    explained = [f"* `{_name(action)}`: {_told(action)}" for action in given if action.help]
    if explained:
        yield "\n".join(explained) + "\n"
    if names := told(" ".join(words[1:])):
        yield f"{names}\n"
    if parser.examples:
        yield "For example:\n\n" + "\n".join(f"    {line}" for line in parser.examples) + "\n"


_ANYWHERE = ("help", "home", "community", "ca_file", "json")


def _name(action: Action) -> str:
    value = "" if action.nargs == 0 else " ".join(_value(action))
    return f"{action.option_strings[-1]} {value}".strip() if action.option_strings else value


def _value(action: Action) -> tuple[str, ...]:
    metavar = action.metavar
    if isinstance(metavar, tuple):
        return metavar
    if metavar is None and action.choices:
        return ("{" + ",".join(map(str, action.choices)) + "}",)
    return (metavar or action.dest.upper(),)


def _usage(action: Action) -> str:
    name = _name(action)
    many = " …" if action.nargs in ("*", "+") else ""
    return f"[{name}]" if not action.required or action.nargs == "?" else f"{name}{many}"


def _told(action: Action) -> str:
    return (action.help or "").replace("%%", "%")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _anywhere(root: Parser) -> str:
    listed = [a for a in root._actions if a.option_strings and a.dest != "help"]
    lines = "\n".join(f"* `{_name(action)}`: {_told(action)}" for action in listed)
    return (
        f"## Anywhere\n\nBefore or after the name of a command; the last two of `moot` itself.\n\n{lines}\n"
    )


def _same() -> str:
    return (
        SAME
        + "\n".join(_row(name) for name in [*AS_COMMAND, *(n for n, why in ONLY_THERE.items() if why)])
        + "\n"
    )


def _row(id: str) -> str:
    command = next(found for found in COMMANDS.values() if found.id == id)
    key = key_name(parted(command.keys)[0]) if command.keys else ""
    return f"| {f'`{key}`' if key else ''} | {command.label} | {AS_COMMAND.get(id) or ONLY_THERE[id]} |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
