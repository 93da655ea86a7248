"""The palette: whatever a newcomer types leads somewhere."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.command import CommandList
from textual.pilot import Pilot

from moot_client.tui.app import MootApp
from moot_client.tui.commands.called import ALSO, PLACE_OF
from moot_client.tui.commands.likeness import likeness
from moot_client.tui.commands.registry import COMMANDS
from moot_client.tui.screens.form import FormScreen
from moot_client.tui.screens.search import SearchScreen
from tests.tui.stage import Sample, main_screen, opened, settled, shown, typed


async def ask(pilot: Pilot[int], words: str) -> list[str]:
    """What the palette offers for some words, best first."""
    await pilot.press("ctrl+p")
    await settled(pilot)
    if words:
        await typed(pilot, words)
    found = pilot.app.screen.query_one(CommandList)
    for _ in range(100):
        await pilot.pause(0.02)
        if found.option_count and not found.has_class("--populating"):
            break
    await pilot.pause(0.1)
    await settled(pilot)
    options = [found.get_option_at_index(at) for at in range(found.option_count)]
    return [str(getattr(option, "prompt", "")) for option in options]


def offered(options: Sequence[str], words: str) -> bool:
    return any(words in option for option in options)


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("vote", "vote"),
        ("delete", "archive"),
        ("exit", "leave"),
        ("shortcuts", "help"),
        ("offline", "details"),
        ("settings", "community"),
        ("phone", "device"),
        ("members", "place('people')"),
        ("hsitory", "history"),
        ("undp", "undo"),
        ("commnet", "comment"),
        ("dark theme", "look('dark')"),
    ],
)
def test_a_command_is_known_by_what_people_call_it(words: str, command: str) -> None:
    def score(id: str) -> float:
        found = COMMANDS[id]
        return likeness(words, found.label, ALSO.get(found.id, "theme" if "look" in id else ""), found.help)

    assert score(command) > 0
    assert likeness("xylophone", "vote", ALSO["vote"]) == 0


def test_every_further_word_belongs_to_a_command_and_every_kind_has_a_place() -> None:
    ids = {command.id for command in COMMANDS.values()}
    assert set(ALSO) - ids <= {"tour", "preview"}, "these may not be there yet"
    kinds = {kind for command in COMMANDS.values() for kind in command.kinds}
    assert kinds <= set(PLACE_OF)


async def test_what_makes_no_sense_here_leads_to_where_it_does(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        options = await ask(pilot, "vote")
        assert offered(options, "select an issue first")
        await pilot.press("enter")
        await settled(pilot)
        assert main_screen(app).here == "agenda"
        assert "Select an issue, then v" in shown(app)


@pytest.mark.parametrize(
    ("place", "words", "first"),
    [
        ("agenda", "draft", "Today"),
        ("agenda", "drafts", "Today"),
        ("agenda", "chart", "picture (m)"),
        ("agenda", "activity", "picture (m)"),
        ("people", "graph", "picture (m)  in Agenda"),
        ("people", "map", "picture (m)  in Agenda"),
        ("agenda", "export", "export everything  moot export, in a shell"),
        ("agenda", "recovery", "recovery words  moot words, in a shell"),
        ("agenda", "recovery words", "recovery words  moot words, in a shell"),
    ],
)
async def test_what_people_call_something_leads_to_it_first(
    sample: Sample, place: str, words: str, first: str
) -> None:
    app = sample.app(place)
    async with opened(app) as pilot:
        assert (await ask(pilot, words))[0].startswith(first)


async def test_to_put_away_is_said_first_of_drafts(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        assert offered(await ask(pilot, "put away"), "put away (z)  select a draft first")


async def test_what_a_shell_does_is_told_where_one_asks_for_it(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await ask(pilot, "export")
        await pilot.press("enter")
        await settled(pilot)
        assert "type moot export: All that is known here, as files." in " ".join(shown(app).split())


async def test_what_one_does_to_oneself_alone_asks_for_no_somebody(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        options = await ask(pilot, "leave for good")
        assert offered(options, "select yourself first")
        assert not offered(options, "leave for good (L)  select somebody first")


async def test_a_mistyped_command_is_carried_out(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await ask(pilot, "hsitory")
        await pilot.press("enter")
        await settled(pilot)
        assert "you listed it" in shown(app) or "gave" in shown(app)


async def test_something_new_is_made_by_its_name(sample: Sample) -> None:
    app = sample.app("today")
    async with opened(app) as pilot:
        await ask(pilot, "begin a review")
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, FormScreen)
        assert app.screen.spec.form == "new review"


async def test_a_person_and_a_mistyped_title_are_found(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        assert offered(await ask(pilot, "ines"), "Ines")
        await pilot.press("enter")
        await settled(pilot)
        assert main_screen(app).target.startswith("member/")
        await pilot.press("escape")
        assert offered(await ask(pilot, "hadnover"), "Handover between shifts")


async def test_what_is_nowhere_can_be_looked_for_with_the_words_around(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        assert offered(await ask(pilot, "xylophone"), "Search everything for ‘xylophone’")
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, SearchScreen)
        assert "No “xylophone” anywhere here." in shown(app)


async def test_what_is_being_typed_is_kept_when_the_palette_leads_elsewhere(sample: Sample) -> None:
    app: MootApp = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n")
        await settled(pilot)
        await typed(pilot, "Half a thou")
        await ask(pilot, "supplier")
        await pilot.press("enter")
        await settled(pilot)
        assert main_screen(app).target == sample.keys["supplier"]
        assert app.desk is not None
        assert app.desk.replica.draft("new issue", "")["title"] == "Half a thou"


@pytest.mark.parametrize("words", ["[bold]", '"', "🙂🙂", "x" * 2000, "\x1b[31m", "- / :"])
async def test_any_words_can_be_typed(sample: Sample, words: str) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        options = await ask(pilot, words)
        assert "\x1b" not in "".join(options)
        await pilot.press("escape")
        await settled(pilot)
