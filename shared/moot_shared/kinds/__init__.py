"""Each kind of record and statement, declared once.

A declaration is a class whose attributes are fields (`fields.py`): what they are called,
what they may hold, how they read. Codec, projection, validation, search text, Markdown,
JSON, command line and forms are driven by it, so that a new kind is one new module here.

    declaration.py   what a kind is; the registry
    fields.py        what a field may hold
    prose.py         shared prose: paragraphs, with the doubled ones marked

    community.py     its name, its purpose, its vote budget
    issue.py         issues and questions; links between them
    vote.py          dots and pledged hours
    comment.py       what people say about anything
    review.py        after-action reviews and each member's notes
    lesson.py        lessons, and where they were used
    member.py        what a member says of themself
    trust.py         invites, joins, removals, roles, earlier selves, the home relay
"""

from moot_shared.kinds.comment import Comment
from moot_shared.kinds.community import Community
from moot_shared.kinds.declaration import (
    RECORDS,
    STATEMENTS,
    Kind,
    OtherVersion,
    Record,
    Statement,
)
from moot_shared.kinds.issue import Issue, Link
from moot_shared.kinds.lesson import Lesson, Use
from moot_shared.kinds.member import Profile
from moot_shared.kinds.prose import Paragraph, ProseText
from moot_shared.kinds.review import Note, Review
from moot_shared.kinds.trust import EarlierSelf, HomeRelay, Invite, Join, Removal, Revoke, Role
from moot_shared.kinds.vote import Pledge, Vote

__all__ = [
    "RECORDS",
    "STATEMENTS",
    "Comment",
    "Community",
    "EarlierSelf",
    "HomeRelay",
    "Invite",
    "Issue",
    "Join",
    "Kind",
    "Lesson",
    "Link",
    "Note",
    "OtherVersion",
    "Paragraph",
    "Pledge",
    "Profile",
    "ProseText",
    "Record",
    "Removal",
    "Review",
    "Revoke",
    "Role",
    "Statement",
    "Use",
    "Vote",
]
