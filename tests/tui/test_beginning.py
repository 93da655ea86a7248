"""The first minutes: found, join, recovery words; and inviting."""

from __future__ import annotations

from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.replica import Replica
from moot_client.tui.app import LOOK_AROUND
from moot_client.tui.screens.line import LineScreen
from moot_client.tui.screens.words import WordsScreen
from moot_shared.ids import decode_bytes
from moot_shared.trust.lines import CommunityLine, InviteLine, parse_line
from tests.tui.stage import Sample, app_on, empty_community, opened, replica_of, settled, shown, typed

INVITE = InviteLine(
    url="ws://relay.example:8787",
    community=bytes(32),
    secret=bytes(range(32)),
    name_of_community="Southern [cohort]",
    name_of_inviter="Ines",
)


async def test_founding_takes_two_names_and_shows_the_words_once(tmp_path: Path) -> None:
    app = app_on(Home(tmp_path))
    async with opened(app) as pilot:
        assert "Found a community" in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        await typed(pilot, "Northern cohort")
        await pilot.press("enter")
        await typed(pilot, "Mara")
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, WordsScreen)
        words = replica_of(app).identity.words()
        assert all(word in shown(app) for word in words)
        assert "on no relay yet" in shown(app)  # so nothing is promised
        await pilot.press("enter")
        await settled(pilot)
        number = int(shown(app).split("Which is word ")[1].split("?")[0])
        await typed(pilot, "nonsense")
        await pilot.press("enter")
        await settled(pilot)
        assert f"That is not word {number}" in shown(app)
        await pilot.press(*["backspace"] * 8)
        await typed(pilot, words[number - 1])
        await pilot.press("enter")
        await settled(pilot)
        assert replica_of(app).own("words confirmed") is True
        assert "TODAY" in shown(app)
        assert "recovery words" not in shown(app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_all_words_are_in_sight_with_the_line_that_goes_with_them(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Replica, "relay_url", lambda self: "wss://relay.example:8787")
    app = app_on(empty_community(tmp_path))
    async with opened(app, size) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        replica = replica_of(app)
        for number, word in enumerate(replica.identity.words(), 1):
            assert f"{number:>2} {word}" in shown(app)
        assert "moot-community:" in shown(app)
        rows = [row.strip(" ▁▂▃▄▅▆▇█▌▐") for row in shown(app).splitlines()]
        start = next(at for at, row in enumerate(rows) if row.startswith("moot-community:"))
        end = next(at for at in range(start, len(rows)) if not rows[at].strip("─"))
        line = parse_line("".join(rows[start:end]))
        assert isinstance(line, CommunityLine)
        assert (line.community, line.url) == (replica.community, "wss://relay.example:8787")


async def test_in_a_very_small_window_the_words_scroll_and_it_says_so(tmp_path: Path) -> None:
    app = app_on(empty_community(tmp_path))
    async with opened(app, (40, 12)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        words = replica_of(app).identity.words()
        assert "Down: more" in shown(app)
        seen = shown(app)
        for _ in range(20):
            await pilot.press("down")
            await settled(pilot)
            seen += shown(app)
        assert all(f"{number:>2} {word}" in seen for number, word in enumerate(words, 1))
        assert "moot-community:" in seen


async def test_skipped_words_are_asked_for_again_on_today(tmp_path: Path) -> None:
    app = app_on(empty_community(tmp_path))
    async with opened(app) as pilot:
        assert "your recovery words: make sure" in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, WordsScreen)
        await pilot.press("escape")
        await settled(pilot)
        assert "your recovery words: make sure" in shown(app)


async def test_an_empty_community_says_how_to_begin(tmp_path: Path) -> None:
    app = app_on(empty_community(tmp_path))
    async with opened(app) as pilot:
        assert "list the first issue that matters to you" in shown(app)
        await pilot.press("2")
        await settled(pilot)
        assert "n lists the first one." in shown(app)


async def test_an_invite_is_read_before_anything_is_asked(tmp_path: Path) -> None:
    app = app_on(Home(tmp_path))
    async with opened(app) as pilot:
        await pilot.press("down", "enter")
        await settled(pilot)
        assert "Your name" not in shown(app)
        line = str(INVITE)
        await typed(pilot, f"  {line[:40]}\n{line[40:]} ")
        assert "‘Southern [cohort]’: Ines invites you." in shown(app)
        assert "Your name" in shown(app)


async def test_a_communitys_line_asks_for_the_words(tmp_path: Path) -> None:
    app = app_on(Home(tmp_path))
    async with opened(app) as pilot:
        await pilot.press("down", "enter")
        await settled(pilot)
        await typed(pilot, str(CommunityLine("ws://relay.example:8787", bytes(32), "Southern")))
        assert "‘Southern’: your recovery words bring you back." in shown(app)
        assert "Your words" in shown(app)


@pytest.mark.parametrize("pasted", ["hello", "moot-invite:AAAA"])
async def test_a_line_that_is_none_is_said_to_be_none(tmp_path: Path, pasted: str) -> None:
    app = app_on(Home(tmp_path))
    async with opened(app) as pilot:
        await pilot.press("down", "enter")
        await settled(pilot)
        await typed(pilot, pasted)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert pasted in shown(app)
        assert "line" in shown(app).split("moot-")[-1] or "line" in shown(app)
        assert not Home(tmp_path).places()


async def test_looking_around_first_asks_for_the_demo(tmp_path: Path) -> None:
    app = app_on(Home(tmp_path))
    async with opened(app) as pilot:
        await pilot.press("G", "enter")
        await pilot.pause()
    assert app.return_value == LOOK_AROUND


async def test_an_invite_is_shown_as_one_line_to_copy(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        await pilot.press("n")
        await settled(pilot)
        assert "Invite somebody" in shown(app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert isinstance(app.screen, LineScreen)
        assert "It lets one person in, for 14 days" in " ".join(shown(app).split())
        rows = [row.strip() for row in shown(app).splitlines()]
        start = next(at for at, row in enumerate(rows) if row.startswith("moot-invite:"))
        line = parse_line("".join(rows[start : rows.index("", start)]))
        assert isinstance(line, InviteLine)
        assert line.name_of_inviter == "Mara"
        assert len(decode_bytes(replica_of(app).me)) == 32


async def test_an_invite_that_asks_for_too_much_says_what_would_do(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        await pilot.press("n", "tab", "0", "ctrl+s")
        await settled(pilot)
        assert "whole number" not in shown(app)  # 10 people is fine
        await pilot.press("escape", "n", "tab", "x", "ctrl+s")
        await settled(pilot)
        assert "For how many is a whole number from 1 to 500." in shown(app)
