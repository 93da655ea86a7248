"""What a member says of themself; its subject is always `me`."""

from moot_shared.kinds.declaration import Statement
from moot_shared.kinds.fields import Name, Text


class Profile(Statement, name="profile", place="people", title="name"):
    """A member's name, and a few words."""

    name = Name("Name", limit=60, required=True, search=True)
    about = Text("About", limit=2_000, search=True)
