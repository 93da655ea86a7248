"""What members put behind an issue: impact dots, and hours of their own."""

from moot_shared.kinds.declaration import Statement
from moot_shared.kinds.fields import Count, Hours, Text

MOST_DOTS_ON_ONE = 5


class Vote(Statement, name="vote", place="agenda"):
    """A member's dots on one issue; none takes the vote back."""

    dots = Count("Dots", least=0, most=MOST_DOTS_ON_ONE)
    why = Text("Why", limit=2_000, search=True)


class Pledge(Statement, name="pledge", place="agenda"):
    """Hours that a member would give to one issue; none takes the pledge back."""

    hours = Hours("Hours")
