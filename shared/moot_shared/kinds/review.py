"""After-action reviews: each writes alone first, shares when ready, then all read it together.

The review is a record (what it is about, how it ended); each member's answer to each question
is a statement of their own, so that answers merge without meeting and authorship is proven.
Before they are shared, answers are drafts and never leave the machine.
"""

from moot_shared.kinds.declaration import Record, Statement
from moot_shared.kinds.fields import Choice, Line, Prose, Reference, Text

QUESTIONS: dict[str, str] = {
    "planned": "What was planned?",
    "happened": "What happened?",
    "why": "Why?",
    "next": "What next time?",
}
FORMS: dict[str, tuple[str, ...]] = {
    "quick": ("happened", "next"),
    "full": ("planned", "happened", "why", "next"),
}


class Review(Record, name="review", place="lessons"):
    """A look back at something; practices 12, 25, 34, 35, 36."""

    title = Line("Title", required=True, search=True)
    about = Choice("About", ("me", "a meeting", "a team", "strategy", "customers"), default="a team")
    form = Choice("Form", ("quick", "full"))
    issue = Reference("Issue", ("issue",), help="the issue that it looks back at, if any")
    ending = Choice("Ended with", ("", "lessons", "next steps", "skipped"))
    next_steps = Prose("Next steps", search=True)
    skipped_because = Line("Skipped because", help="a reason, or none")

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions that its form asks, in order."""
        return FORMS.get(self.form, FORMS["full"])


class Note(Statement, name="note", place="lessons"):
    """One member's answer to one question of a review; its subject is `<review>/<question>`."""

    text = Text("Note", search=True)

    @property
    def question(self) -> str:
        """Which question this answers: a key of QUESTIONS, or one that a newer Moot asks."""
        return self.key.subject.rsplit("/", 1)[-1]
