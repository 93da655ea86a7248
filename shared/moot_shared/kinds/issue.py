"""Issues and questions that matter to the community, and how they hang together."""

from moot_shared.kinds.declaration import Record, Statement
from moot_shared.kinds.fields import Choice, Line, Prose, Reference


class Issue(Record, name="issue", place="agenda"):
    """Something worth the community's time; practices 1, 3, 19, 34."""

    title = Line("Title", required=True, search=True, help="one line that says what is wrong or asked")
    body = Prose("What it is about", search=True)
    now = Prose("How it is now", search=True, help="the current reality, in words or figures")
    level = Choice("Level", ("team", "across teams", "organisation"))
    kind = Choice("Kind", ("issue", "question"))
    status = Choice("Status", ("open", "agreed", "in work", "closed"))


class Link(Statement, name="link", place="agenda"):
    """One issue's tie to another, said by one member; its subject is `<issue>/<other issue>`."""

    how = Choice("How", ("related to", "causes", "affects", "part of", "same as", "none"))
    to = Reference("Other issue", ("issue",), required=True)
