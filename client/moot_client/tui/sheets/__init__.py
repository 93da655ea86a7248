"""Views to pages: for each kind of record, the blocks that a page shows.

common.py  prose with its doubled paragraphs, other versions, comments
issue.py   review.py   lesson.py   member.py   question.py   invite.py   draft.py   group.py   history.py
safe.py    what is where, as blocks
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, line
from moot_client.tui.looks.sheet import Sheet
from moot_client.tui.sheets.draft import draft_sheet
from moot_client.tui.sheets.invite import invite_sheet
from moot_client.tui.sheets.issue import issue_sheet
from moot_client.tui.sheets.lesson import lesson_sheet
from moot_client.tui.sheets.member import member_sheet
from moot_client.tui.sheets.question import claim_sheet, proposal_sheet
from moot_client.tui.sheets.review import review_sheet
from moot_client.tui.targets import can_show, kind_of

__all__ = ["can_show", "kind_of", "sheet_for"]

Maker = Callable[[Desk, str, bool], Sheet]
_MAKERS: dict[str, Maker] = {
    "issue": issue_sheet,
    "review": review_sheet,
    "lesson": lesson_sheet,
    "member": member_sheet,
    "proposal": proposal_sheet,
    "claim": claim_sheet,
    "invite": invite_sheet,
    "draft": draft_sheet,
}


def sheet_for(desk: Desk, target: str, *, others: bool = False) -> Sheet:
    """The page of a target; NotFound where it is not here (any more). `others` shows other versions."""
    sheet = _MAKERS[kind_of(target)](desk, target, others)
    writing = desk.around.at(target)
    return replace(sheet, now=line(writing, ACCENT)) if writing else sheet
