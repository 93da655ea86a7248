"""The agenda: issues ranked by dots, then hours; budgets computed, never trusted."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from moot_client.views.people import Member
from moot_shared.kinds import Issue, OtherVersion


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One line of the agenda."""

    key: str
    id: str  # the shortest unique prefix of its handle, at least 4 characters
    title: str
    level: str
    kind: str
    status: str
    dots: int
    my_dots: int
    hours: float
    my_hours: float
    voters: int
    comments: int
    nobody: bool  # it has dots, and nobody would give an hour
    archived: bool
    doubled: bool  # two people's words stand side by side in it
    changed: int  # Unix milliseconds, shown only
    touched: int  # position of the last change that touched it, for 'new above'


@dataclass(frozen=True, slots=True)
class VoteRow:
    """One member's dots on an issue; `counted` of them are within the budget."""

    member: Member
    dots: int
    counted: int
    why: str


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One remark; `said` is Unix milliseconds."""

    key: str
    member: Member
    text: str
    said: int


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A tie to another issue; `outgoing` when this issue is its beginning."""

    how: str
    other: str
    title: str
    outgoing: bool
    member: Member


@dataclass(frozen=True, slots=True)
class Related:
    """A review or lesson that belongs to an issue, or was met before."""

    key: str
    kind: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class IssuePage:
    """One issue whole."""

    row: IssueRow
    issue: Issue
    creator: Member
    votes: tuple[VoteRow, ...]
    pledges: tuple[tuple[Member, float], ...]
    comments: tuple[CommentRow, ...]
    links: tuple[LinkRow, ...]
    related: tuple[Related, ...]
    others: dict[str, tuple[OtherVersion, ...]]
    members: int
    dots_left: int


@dataclass(frozen=True, slots=True)
class Agenda:
    """All issues, ranked; questions after issues with the same rank. `dots_left` of `budget` are mine."""

    rows: tuple[IssueRow, ...]
    budget: int
    dots_left: int
    not_counted: int  # my dots beyond the budget


def agenda(db: sqlite3.Connection, me: str, *, closed: bool = False, archived: bool = False) -> Agenda:
    """The ranked list; closed and archived issues only when asked for."""
    raise NotImplementedError


def issue_page(db: sqlite3.Connection, me: str, key: str) -> IssuePage:
    """One issue by its full key; NotFound where there is none."""
    raise NotImplementedError
