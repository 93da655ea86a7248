"""Shared prose: a list of paragraphs that two people can rewrite at once without loss."""

from __future__ import annotations

from moot_shared.frozen import frozen
from moot_shared.text import prose


@frozen
class Paragraph:
    """One paragraph as it stands.

    `element` names the list element (`<counter>@<actor hex>`), so that an edit can say which
    paragraph it means; `author` is the key text of who wrote it; `doubled` is true while two
    people's rewritings of the same paragraph both stand, until someone edits them.
    """

    element: str
    text: str
    author: str
    doubled: bool = False


@frozen
class ProseText:
    """A prose field's value, in order; `str()` is the text as people read it."""

    paragraphs: tuple[Paragraph, ...] = ()

    def __str__(self) -> str:
        return prose([paragraph.text for paragraph in self.paragraphs])

    def __bool__(self) -> bool:
        return bool(self.paragraphs)

    @property
    def doubled(self) -> bool:
        """Whether some paragraph stands in two people's versions."""
        return any(paragraph.doubled for paragraph in self.paragraphs)
