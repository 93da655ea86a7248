"""The same interface in a real browser."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from tests.helpers.browser import Browser, Served

pytestmark = pytest.mark.slow


def test_an_issue_is_listed_and_voted_on_with_a_browsers_keyboard(served: Served, browser: Browser) -> None:
    tab = browser.opens(served.address)
    tab.sees("TODAY")
    tab.presses("2")
    tab.sees("n lists the first one")
    tab.presses("n")
    tab.sees("New issue")
    tab.types("Handover loses [b]facts[/b] ☂")
    tab.presses("Control+s")
    tab.sees("Listed on the agenda")
    tab.types("v3")
    tab.presses("Enter")
    tab.sees("Your dots: ●●●")
    (row,) = json.loads(served.moot("issues", "--json"))
    assert (row["title"], row["dots"]) == ("Handover loses [b]facts[/b] ☂", 3)
    assert {urlsplit(url).netloc for url in tab.asked} == {served.host}, (
        "it asked somebody else for something"
    )
    assert not tab.complaints
    tab.page.close()


def test_a_tab_that_is_closed_while_one_types_loses_nothing(served: Served, browser: Browser) -> None:
    tab = browser.opens(served.address)
    tab.sees("TODAY")
    tab.presses("n")
    tab.sees("New issue")
    tab.types("Half a thought")
    tab.sees("Half a thought")  # what the browser has not sent yet goes with its page
    tab.page.close()
    again = browser.opens(served.address)
    again.sees("New issue: Half a thought")
    again.page.close()


def test_closing_moot_says_so_and_offers_to_open_it_again(served: Served, browser: Browser) -> None:
    tab = browser.opens(served.address)
    tab.sees("TODAY")
    tab.presses("Control+q")
    tab.page.get_by_text("Moot has closed.").wait_for()
    tab.page.get_by_text("Open it again").click()
    tab.page.locator("body.-first-byte").wait_for()
    tab.page.close()
