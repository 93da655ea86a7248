"""What people say about anything; its subject is `<record>/<ulid>`."""

from moot_shared.kinds.declaration import Statement
from moot_shared.kinds.fields import Text


class Comment(Statement, name="comment", place="agenda"):
    """One remark, its author's to change; an empty one was taken back."""

    text = Text("Comment", required=True, search=True)
