"""Where there is room, nothing is cut; where there is little, what matters most there is what stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from moot_client.replica.commands import Edit, Say
from moot_client.replica.replica import Replica
from tests.helpers import cohort
from tests.tui.stage import Sample, app_on, empty_community, main_screen, opened, replica_of, settled, shown


def keys_line(screen: str) -> list[str]:
    """The keys on the last line, with their words."""
    return screen.rsplit("\n", maxsplit=1)[-1].strip().split("   ")


@pytest.mark.parametrize(
    ("place", "what", "first"),
    [
        ("agenda", "handover", ["v vote", "p hours", "c comment", "e edit"]),
        ("lessons", "audit", ["w write", "f finish", "c comment", "e edit"]),
        ("lessons", "read", ["x used it", "c comment", "e edit"]),
    ],
)
async def test_the_keys_of_what_is_read_come_before_those_of_the_list(
    sample: Sample, place: str, what: str, first: list[str]
) -> None:
    app = sample.app(place)
    async with opened(app) as pilot:
        assert main_screen(app).view.list.select(sample.keys[what])
        await pilot.press("enter")
        await settled(pilot)
        keys = keys_line(shown(app))
        assert keys[: len(first)] == first
        assert keys[-3:] == ["Ctrl+P more", "Esc back", "? help"]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("3", "Work (3) comes with a later Moot. Until then 2 shows what is in work"),
        ("6", "Charter (6) comes with a later Moot. Until then Ctrl+O says what we are for"),
    ],
)
async def test_the_key_of_a_place_that_is_still_to_come_says_so(sample: Sample, key: str, said: str) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press(key)
        await settled(pilot)
        assert said in shown(app)
        assert main_screen(app).here == "agenda"


async def test_in_a_wide_form_every_label_stands_on_one_line(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app, (120, 40)) as pilot:
        for key, label in (("n", "What it is about"), ("ctrl+o", "Dots for each member")):
            await pilot.press(key)
            await settled(pilot)
            assert f"  {label}" in shown(app)
            await pilot.press("escape")
            await settled(pilot)


async def test_at_sixty_columns_what_a_line_asks_for_stands_whole(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app, (60, 24)) as pilot:
        await pilot.press("v")
        await settled(pilot)
        assert "0 to 5; Tab: why     6 left after this" in shown(app)


def news_for(sample: Sample, issues: int) -> None:
    """I looked at Today; then Joon listed many things."""
    mara = Replica.open(sample.home.place(), cohort.outside(70))
    seen = int(mara.reader().execute("SELECT max(position) FROM change").fetchone()[0])
    mara.set_own("last look", (seen, cohort.outside(1).now()))
    joon = sample.other(1)
    for number in range(issues):
        cohort.issue(
            joon, f"New thing {number}, with a title that is as long as titles are where people write"
        )
    cohort.carry(joon, mara)
    for replica in (mara, joon):
        replica.close()


@pytest.mark.parametrize("size", [(110, 30), (120, 40), (160, 45), (220, 50)], ids=str)
async def test_no_window_shows_less_of_today_than_a_smaller_one(
    sample: Sample, size: tuple[int, int]
) -> None:
    news_for(sample, 3)
    app = sample.app()
    async with opened(app) as pilot:
        small = [line.split("…")[0].rstrip() for line in shown(app).split("\n") if "New thing" in line]
        assert len(small) == 3
        await pilot.resize_terminal(*size)
        await settled(pilot)
        seen = shown(app).replace("Joon", " Joon").split("\n")
        assert all(any(line.startswith(words[:66]) for line in seen) for words in small)


async def test_a_tall_window_names_what_a_low_one_counts(sample: Sample) -> None:
    news_for(sample, 3)
    mara = Replica.open(sample.home.place(), cohort.outside(71))
    joon, ines = sample.other(1), sample.other(2)
    for what in ("handover", "meetings", "question"):
        for who in (joon, ines):
            who.do(Say("comment", f"{sample.keys[what]}/", {"text": "So it is."}))
            who.do(Say("pledge", sample.keys[what], {"hours": 3}))
            cohort.vote(who, sample.keys[what], 1)
    for replica in (joon, ines):
        cohort.carry(replica, mara)
    for replica in (mara, joon, ines):
        replica.close()
    app = sample.app()
    async with opened(app) as pilot:
        assert "and 2 more" in shown(app)
        await pilot.resize_terminal(80, 50)
        await settled(pilot)
        assert "and 2 more" not in shown(app)
        assert shown(app).count("Meetings run over") == 3


async def test_beside_a_line_that_counts_stands_what_it_counts_and_each_opens(sample: Sample) -> None:
    news_for(sample, 12)
    app = sample.app()
    async with opened(app, (120, 40)) as pilot:
        view = main_screen(app).view
        assert view.list.select(next(row.id for row in view.list.rows if row.target == "more/new issue"))
        await settled(pilot)
        page = view.page.text
        assert all(f"New thing {number}" in page for number in range(12))
        assert "Enter shows all of them in the list." in page
        await pilot.press("tab", "tab", "enter")
        await settled(pilot)
        assert view.target.startswith("issue/")
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert view.target == "more/new issue"


async def test_the_last_of_a_few_is_named_and_not_counted(sample: Sample) -> None:
    news_for(sample, 4)
    app = sample.app()
    async with opened(app):
        assert "New thing 0" in shown(app)
        assert "and 1 more" not in shown(app)


LONG = "The weekend crew hands over by a list on paper that nobody signs, so that it is all found out anew"
NAME = "Dr. Wilhelmina Konstantinopoulou-Featherstonehaugh"


async def test_in_a_history_a_long_name_gives_way_to_what_was_done(sample: Sample) -> None:
    joon = sample.other(1)
    joon.do(Say("profile", "me", {"name": NAME}))
    of, to = sample.keys["handover"], sample.keys["coaching"]
    joon.do(Say("link", f"{of}/{to}", {"how": "affects", "to": to}))
    mara = Replica.open(sample.home.place(), cohort.outside(70))
    cohort.carry(joon, mara)
    mara.close()
    joon.close()
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("h")
        await settled(pilot)
        assert "… tied it (affects) to “New supervisors get no coaching”" in shown(app)
        assert NAME in " ".join(shown(app).split())


async def test_the_title_of_the_selected_point_stands_whole_under_a_map(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        replica_of(app).do(Edit(sample.keys["handover"], {"title": LONG}))
        await settled(pilot)
        await pilot.press("m")
        await settled(pilot)
        assert LONG in " ".join(shown(app).split())


async def test_in_a_map_a_label_has_the_room_that_is_left(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app, (100, 30)) as pilot:
        await pilot.press("m")
        await settled(pilot)
        assert "◉ Handover between shifts loses facts" in shown(app)


async def test_why_a_remark_is_not_said_is_seen_under_any_title(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        replica_of(app).do(Edit(sample.keys["handover"], {"title": LONG}))
        await settled(pilot)
        await pilot.press("c", "ctrl+s")
        await settled(pilot)
        assert "It needs a few words." in shown(app)


async def test_no_note_beside_a_review_is_cut_in_two(sample: Sample) -> None:
    app = sample.app("lessons")
    async with opened(app) as pilot:
        replica_of(app).do(Edit(sample.keys["audit"], {"title": LONG}))
        for size in ((80, 24), (110, 30), (120, 40)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            wide = main_screen(app).view.list.size.width
            lines = [line[:wide].rstrip() for line in shown(app).split("\n")]
            line = next(line for line in lines[1:] if "The weekend" in line)
            assert line.endswith(("not written by you yet", "2 have shared"))


@pytest.mark.parametrize("size", [(80, 24), (110, 30), (120, 40)], ids=str)
async def test_what_an_invite_is_good_for_and_what_became_of_it_stand_whole(
    sample: Sample, size: tuple[int, int]
) -> None:
    app = sample.app("people")
    async with opened(app, size) as pilot:
        await pilot.press("A")
        await settled(pilot)
        assert "a member, for one person" in shown(app)
        assert "used up, by you" in shown(app)


async def test_a_title_of_which_there_are_two_versions_stands_there_once(sample: Sample) -> None:
    joon = sample.other(1)
    mara = Replica.open(sample.home.place(), cohort.outside(70))
    joon.do(Edit(sample.keys["supplier"], {"title": f"{LONG}, says Joon"}))
    mara.do(Edit(sample.keys["supplier"], {"title": f"{LONG}, says Mara"}))
    cohort.settle(joon, mara)
    for replica in (joon, mara):
        replica.close()
    app = sample.app("agenda")
    async with opened(app) as pilot:
        view = main_screen(app).view
        assert view.list.select(sample.keys["supplier"])
        await pilot.press("enter")
        await settled(pilot)
        assert " ".join(view.page.text.split()).count(LONG) == 1
        await pilot.press("o")
        await settled(pilot)
        assert all(view.page.text.count(f"says {who}") == 1 for who in ("Joon", "Mara"))


async def test_the_way_back_from_the_line_for_a_second_machine_is_called_by_where_it_leads(
    sample: Sample,
) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("ctrl+d")
        await settled(pilot)
        assert shown(app).startswith(" ‹ Agenda   Your second machine")


async def test_a_map_without_points_says_how_there_come_to_be_some(tmp_path: Path) -> None:
    app = app_on(empty_community(tmp_path), "agenda")
    async with opened(app) as pilot:
        await pilot.press("m")
        await settled(pilot)
        assert "v on an issue of the agenda gives it dots, p hours." in shown(app)
        assert keys_line(shown(app)) == ["Ctrl+P more", "Esc back", "? help"]
        cohort.vote(replica_of(app), cohort.issue(replica_of(app), "Something"), 2)
        await settled(pilot)
        assert keys_line(shown(app))[:2] == ["Enter open", "Tab next one"]


async def test_a_form_in_a_tall_window_shows_a_text_whole_though_the_cursor_is_elsewhere(
    sample: Sample,
) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        replica_of(app).do(Edit(sample.keys["coaching"], {"body": "\n\n".join("ABC")}))
        await settled(pilot)
        assert main_screen(app).view.list.select(sample.keys["coaching"])
        await pilot.press("e")
        await settled(pilot)
        for size, whole in (((80, 24), False), ((120, 40), True), ((80, 24), False)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            lines = {line.strip() for line in shown(app).split("\n")}
            assert ({"A", "B", "C"} <= lines | {line[-1:] for line in lines}) == whole


@pytest.mark.parametrize("size", [(80, 24), (110, 30), (120, 40), (200, 50)], ids=str)
async def test_a_title_on_the_agenda_gives_way_to_no_lesser_note(
    sample: Sample, size: tuple[int, int]
) -> None:
    app = sample.app("agenda")
    async with opened(app, size):
        wide = main_screen(app).view.list.size.width
        lines = [line[:wide].rstrip() for line in shown(app).split("\n")]
        for title, ends in (
            ("Nobody owns supplier quality", "!"),
            ("New supervisors get no coaching", ""),
            ("Who has run a case clinic before?", ""),
            ("Meetings run over", "●"),
        ):
            line = next(line for line in lines if title in line)
            assert line.endswith(ends)
