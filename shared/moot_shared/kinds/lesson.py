"""Lessons: noted, tried, applied; a lesson stays open until it was used in later work."""

from moot_shared.kinds.declaration import Record, Statement
from moot_shared.kinds.fields import Choice, Line, Prose, Reference, Text

STATES = ("noted", "tried", "applied")


class Lesson(Record, name="lesson", place="lessons", title="statement"):
    """What was learned, in one sentence; practices 13, 15, 33. Its state follows from its uses."""

    statement = Line("Lesson", limit=500, required=True, search=True)
    story = Prose("The story behind it", search=True)
    source = Reference("Comes from", ("review", "issue"))
    origin = Line("Where it comes from", search=True, help="in words, where it is not a review or an issue")


class Use(Statement, name="use", place="lessons"):
    """Where and how a lesson was used, and with what result; its subject is `<lesson>/<ulid>`."""

    state = Choice("State", ("tried", "applied"), default="applied")
    where = Line("Where", required=True, search=True)
    how = Text("How it went", search=True)
