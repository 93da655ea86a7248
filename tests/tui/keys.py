"""docs/keys.md, from the registry of commands. `scripts/keys` writes it; a test holds it to the registry."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from moot_client.tui.commands.command import GROUPS, Command
from moot_client.tui.commands.keyboard import key_name, parted
from moot_client.tui.commands.registry import COMMANDS
from moot_client.tui.commands.settings import SIGNS, THEMES

HEAD = """\
# Keys

Written by `scripts/keys` from the interface's registry of commands: do not edit it here.

`?` says what works where one is (`F1` also while one types), and the line at the bottom has the keys that
matter most. The names in the right column are what `config.toml` calls the commands; `moot keys` lists them
as they are set on this machine.
"""
YOURS = """\
## Making it yours

Moot reads `config.toml` when it starts. It lies in `MOOT_HOME` (or in the folder of `--home`) where one is
given, else in the platform's folder for such files (`~/.config/moot` on Linux); `moot keys` says where.

    [keys]
    vote = "ctrl+v"
    find = ["/", "f3"]
    look_light = "f9"

    [looks]
    theme = "light"
    signs = "plain"

* A command gets the keys that stand there in place of its own: one, or several. A key is written as it is
  shown: `v`, `?`, `F5`, `Ctrl+T`, `Shift+Tab`. Two commands may have one key where they never work at the
  same moment.
* Where something in the file is wrong, Moot says so in a sentence, leaves it out, and opens with the rest.
* `theme` is one of {themes}. `auto` asks the terminal whether
  it is light or dark. `NO_COLOR` takes all colour out, unless a theme is named here or chosen by name
  (`Ctrl+P`, then `look:`), which is kept for the next time.
* `signs` is one of {signs}. `plain` draws with ASCII alone, as Moot does by itself where the
  terminal's locale is not UTF-8.

`Ctrl+Z` takes typing back in a text of several lines. Elsewhere it does not send Moot into the background, as
it does with other programs: a Moot that is stopped keeps the community for itself, so every command that
writes would wait for it. `Ctrl+Q` closes Moot at once, and what was typed is there again.

Whoever uses a screen reader, or a terminal that draws nothing (`TERM=dumb`), has the command line: it can do
all of it.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for group in GROUPS for line in _group(group)), _by_name(), _yours()])


def _group(group: str) -> Iterator[str]:
    yield f"## {group}\n\n| key | what it does | name |\n|---|---|---|"
    for command in COMMANDS.values():
        if command.group == group and command.keys:
            keys = " ".join(f"`{key_name(key)}`" for key in parted(command.keys))
            yield f"| {keys} | {command.help}{_about(command)} | `{command.id}` |"
    yield ""


def _about(command: Command) -> str:
    """With what selected it works, and where, if not everywhere."""
    words = []
    if command.kinds:
        words.append("on " + ", ".join(sorted(command.kinds)))
    if command.places:
        words.append("in " + ", ".join(sorted(place.capitalize() for place in command.places)))
    return f" ({'; '.join(words)})" if words else ""


def _by_name() -> str:
    rows = [
        f"| {command.label} | {command.help} | `{command.id}` |"
        for command in COMMANDS.values()
        if not command.keys
    ]
    head = f"## By name: `{COMMANDS['palette'].key}`, then a few letters\n\n| called | what it does | name |"
    return "\n".join([head, "|---|---|---|", *rows, ""])


def _yours() -> str:
    def listed(words: tuple[str, ...]) -> str:
        return ", ".join(f"`{word}`" for word in words)

    return YOURS.format(themes=listed(THEMES), signs=listed(SIGNS))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
