"""With other keys for everything, no sentence names the key that a command had."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import moot_client.tui
from moot_client.home import Home
from moot_client.tui.commands.keyboard import key_name, parted
from moot_client.tui.commands.registry import COMMANDS
from tests.tui.stage import Sample, app_on, empty_community, opened, replica_of, settled, shown, typed

ANEW = {
    command.id: f"{before}f{number}"
    for command, (before, number) in zip(
        COMMANDS.values(), product(("", "ctrl+", "shift+", "alt+", "ctrl+alt+"), range(2, 25)), strict=False
    )
}
"""Every command, by its id, with a key that nothing has of its own."""
_DOES = (
    "says|brings|takes|opens|goes|writes|shows|tries|puts|keeps|makes|agrees|vouches|copies|lists|notes|adds|"
    "begins|ends|finishes|closes|does|moves|asks|leads|searches|explains|finds|gives|never|once|when"
)
OLD = re.compile(rf"(?<![\w’'+])([A-Za-z/?]|Esc|Enter|Tab|Ctrl\+[A-Z]):? (?:{_DOES})\b")
LINES = ("Enter keeps",)  # a line that one types in ends with Enter, whatever the keys are


def config(home: Home) -> None:
    """Give every command another key."""
    home.config.parent.mkdir(parents=True, exist_ok=True)
    home.config.write_text("[keys]\n" + "".join(f'{name} = "{key}"\n' for name, key in ANEW.items()))


def named(words: str) -> list[str]:
    """The keys that sentences name, and ought not to."""
    plain = " ".join(words.split())
    return [found[0] for found in OLD.finditer(plain) if not plain[found.start() :].startswith(LINES)]


def literals(path: Path) -> Iterator[str]:
    """What is written in quotes in a module, docstrings left out."""
    tree = ast.parse(path.read_text())
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_no_sentence_of_the_interface_has_a_key_in_it() -> None:
    folder = Path(str(moot_client.tui.__file__)).parent
    found = {
        f"{path.relative_to(folder)}: {one}"
        for path in folder.rglob("*.py")
        for words in literals(path)
        for one in named(words)
    }
    assert not found


async def test_places_pages_sheets_and_messages_name_the_keys_that_there_are(sample: Sample) -> None:
    config(sample.home)
    app = sample.app("today")
    seen: list[str] = []
    async with opened(app, (120, 40)) as pilot:

        async def press(*names: str) -> str:
            await pilot.press(*(ANEW.get(name, name) for name in names))
            await settled(pilot)
            seen.append(shown(app))
            assert not named(seen[-1]), (names, seen[-1])
            return seen[-1]

        assert f"{key_name(ANEW['leave'])} closes Moot" in await press("q")
        assert f"{key_name(ANEW['undo'])} takes back" in await press("undo")
        for place in ("lessons", "people", "agenda", "today"):
            await press(place)
            for _ in range(5):
                await press("open", "back", "down")
        for key in ("meetings", "question", "handover", "audit", "read", "list"):
            app.show_record(sample.keys[key])
            await press()
            await press("others")
            await press("history")
            await press("down")
            await press("restore")
            await press("back", "back")
        app.show_record(sample.keys["question"])
        opened_once = await press("history")
        assert await press("restore") != opened_once  # it says why there is nothing to bring back
        await press("back", "back")
        for what in (f"member/{replica_of(app).me}", f"convenor/{replica_of(app).me}"):
            app.show_record(what)
            await press()
        assert f"{key_name(ANEW['vote'])} (vote) works on an issue" in await press("people", "vote")
        assert f"{key_name(ANEW['edit'])} says" in "".join(seen)
        assert f"{key_name(ANEW['use'])} says" in "".join(seen)
        assert f"{key_name(ANEW['restore'])} brings" in "".join(seen)
        for bar in ("vote", "pledge", "find"):
            await press("agenda", bar)
            await press("stop_typing")
        for screen in ("details", "help", "picture", "search"):
            await press("agenda", screen)
            await press("page_down")
            await press("back", "back")
        await press("lessons", "new")
        await typed(pilot, "What a night")
        assert f"Begun: {key_name(ANEW['write'])} writes your part" in await press("finish_typing")
        await press("lessons", "write", "stop_typing")


async def test_an_empty_community_names_the_keys_that_there_are(tmp_path: Path) -> None:
    home = empty_community(tmp_path)
    config(home)
    app = app_on(home)
    async with opened(app) as pilot:
        seen = []

        async def press(*names: str) -> str:
            await pilot.press(*(ANEW.get(name, name) for name in names))
            await settled(pilot)
            seen.append(shown(app))
            assert not named(seen[-1]), (names, seen[-1])
            return seen[-1]

        for place in ("agenda", "lessons", "people", "today"):
            await press(place)
        await press("people", "new")
        await press("stop_typing", "find")
        await press("x", "y", "z", "enter")
        await press("back")
        await press("search")
        await press("x", "y", "z")
        assert f"{key_name(ANEW['back'])} goes back" in seen[-1]
        await press("back", "details")


def test_every_command_has_another_key_here() -> None:
    assert set(ANEW) == {command.id for command in COMMANDS.values()}
    assert not set(ANEW.values()) & {key for command in COMMANDS.values() for key in parted(command.keys)}
