"""Who belongs and where the relay is, as statements; `moot_shared.trust` judges them."""

from moot_shared.kinds.declaration import Statement
from moot_shared.kinds.fields import Choice, Count, Field, Line, Text

ROLES = ("member", "convenor")
"""What somebody can be invited as."""


class Whole(Field[int | None]):
    """A whole number or nothing, as written by a program."""

    def __init__(self, label: str) -> None:
        super().__init__(label, default=None)

    def read(self, raw: object) -> int | None:
        return raw if isinstance(raw, int) and not isinstance(raw, bool) else None

    def check(self, value: object) -> int | None:
        return None if value is None else int(str(value))


class Invite(Statement, name="invite", place="people"):
    """An invitation; its subject is the invite's public key. `expires` is Unix milliseconds."""

    role = Choice("Role", ROLES)
    uses = Whole("Uses")
    expires = Whole("Expires")


class Revoke(Statement, name="revoke", place="people"):
    """An invitation taken back; its subject is the invite's public key."""


class Join(Statement, name="join", place="people"):
    """A member's first word; its subject is the public key of the invite that was used."""

    by = Line("Invited by")
    proof = Line("Proof")


class Removal(Statement, name="removal", place="people"):
    """A member who is no longer let in, by a convenor's word or their own; its subject is their key text."""

    why = Text("Why", limit=2_000)


class Role(Statement, name="role", place="people"):
    """A convenor named, or the role laid down; its subject is `<member>/<who proposed it>/<ulid>`."""

    role = Choice("Role", ROLES)


class EarlierSelf(Statement, name="self", place="people"):
    """A key that was lost and the later one of the same person; its subject is `<earlier>/<later>`."""


class HomeRelay(Statement, name="relay", place="charter"):
    """Where the community's relay is: of all convenors' words, the largest (n, author) counts."""

    n = Count("Order", least=0, most=2**31)
    url = Line("Address", limit=300)
