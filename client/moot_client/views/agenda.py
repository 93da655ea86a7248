"""The agenda as a place: the ranked list, and one issue whole. (`ranking` and `issue`, under one name.)"""

from moot_client.views.issue import (
    CommentRow,
    IssuePage,
    LinkRow,
    Related,
    VoteRow,
    issue_page,
)
from moot_client.views.ledger import IssueRow
from moot_client.views.ranking import Agenda, agenda

__all__ = [
    "Agenda",
    "CommentRow",
    "IssuePage",
    "IssueRow",
    "LinkRow",
    "Related",
    "VoteRow",
    "agenda",
    "issue_page",
]
