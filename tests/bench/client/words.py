"""What the members of the bench community write: from a list of words, so that search has a vocabulary."""

from __future__ import annotations

import random

NAMES = (
    "Mara", "Joon", "Ines", "Tariq", "Lotte", "Femi", "Aiko", "Pavel", "Noor", "Sven", "Dalia", "Mateo",
    "Ruth", "Kofi", "Elif", "Bram", "Yara", "Hugo", "Petra", "Omar", "Signe", "Luca", "Thandi", "Jonas",
)  # fmt: skip
OPENERS = (
    "Handover", "Scheduling", "Induction", "Maintenance", "Dispatch", "Purchasing", "Rostering", "Invoicing",
    "Calibration", "Onboarding", "Forecasting", "Packaging", "Complaints", "Inspection", "Escalation",
    "Budgeting", "Cleaning", "Training", "Reporting", "Stocktaking", "Mentoring", "Translation", "Logistics",
    "Documentation",
)  # fmt: skip
"""Every title begins with one of these: by them a bench knows a row when it sees one."""
_PLACES = (
    "between shifts", "in the north hall", "at the weekend", "with new suppliers", "across three sites",
    "after the merger", "for night work", "in the pilot team", "on the second line", "at month's end",
)  # fmt: skip
_TROUBLES = (
    "loses facts", "takes two days", "is done twice", "depends on one person", "hides near misses",
    "costs a shift a week", "starts too late", "is nobody's job", "fails without a word",
    "surprises customers",    "drowns in mail", "rests on guesses",
)  # fmt: skip
_TEXT = """
    the a we they our every nobody somebody team shift machine customer supplier order invoice delay
    pump valve meeting board list morning evening week month report figure target plan budget overtime
    training safety guard lift pallet warehouse truck route driver phone call note photograph drawing
    standard manual question answer reason cause effect cost hour minute mistake repair spare part
    storage label scanner screen printer password login account laptop server backup contract offer
    price discount complaint refund return delivery window queue counter visit survey interview
    candidate newcomer mentor coach apprentice colleague manager director council works agreement
    holiday sickness rota handover briefing checklist audit finding measure follow-up result trend
    season harvest winter summer storm flood power failure outage alarm sensor meter reading sample
    laboratory test batch recipe ingredient temperature pressure speed quality scrap rework loss waste
    energy water heat noise dust light floor stairs door key is was has takes gives makes finds loses
    needs knows asks tells writes reads waits breaks stops starts grows falls helps hurts costs saves
    moves stays comes goes often rarely always never again early late twice slowly quickly together
    alone before after without because until while and but or so then when
"""
_WORDS = _TEXT.split()


def title(dice: random.Random) -> str:
    """One line that says what is wrong."""
    return f"{dice.choice(OPENERS)} {dice.choice(_PLACES)} {dice.choice(_TROUBLES)}"


def sentence(dice: random.Random, least: int = 6, most: int = 16) -> str:
    """Some words, a capital and a full stop."""
    words = " ".join(dice.choices(_WORDS, k=dice.randint(least, most)))
    return words[0].upper() + words[1:] + "."


def paragraph(dice: random.Random) -> str:
    """Two to five sentences."""
    return " ".join(sentence(dice) for _ in range(dice.randint(2, 5)))
