"""The community itself: what it is called, what it is for, how many dots each member has."""

from moot_shared.kinds.declaration import Record
from moot_shared.kinds.fields import Count, Name, Prose


class Community(Record, name="community", plural="communities", place="charter", title="name"):
    """One per community, made by its founder; with several, the founder's first (by key) counts."""

    name = Name("Name", limit=80, required=True, search=True)
    purpose = Prose("What it is for", search=True, otherwise="Shorten it.")
    vote_budget = Count("Dots for each member", least=1, most=100, default=10)
