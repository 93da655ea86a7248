"""What a form asks for, what it begins with, and what is said when it is finished."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moot_client.replica.commands import Command
from moot_shared.errors import InputError
from moot_shared.kinds import Paragraph
from moot_shared.kinds.fields import Field

Fields = Mapping[str, Field[Any]]


@dataclass(frozen=True)
class FormSpec:
    """One form. Everything in it is text until it is finished, as drafts are.

    `form` and `subject` name its draft, `draft` another subject where two are kept. `command` makes the
    command from the fields that differ from `start` (for something new: all that were filled in); None
    says that nothing has changed.
    `base` holds the paragraphs' elements that the editor saw when they began: a draft keeps them.
    `standing` are the paragraphs of prose fields as they stand, `again` makes the form anew from what
    stands by then, and `away` says that its record was put away: for edits of what others edit too.
    `words` stand above the fields; without `undo` words what is said cannot be taken back. `tells_relay`:
    it works once the relay has heard of it.
    """

    form: str
    subject: str
    title: str
    finish: str  # what Ctrl+S does, in a word or two
    fields: Fields
    command: Callable[[dict[str, str], dict[str, list[str]]], Command | None]
    done: str  # what is said afterwards
    start: Mapping[str, str] = field(default_factory=dict)
    base: Mapping[str, list[str]] = field(default_factory=dict)
    undo: str = ""
    new: bool = False
    words: str = ""
    tells_relay: bool = False
    standing: Mapping[str, tuple[Paragraph, ...]] = field(default_factory=dict)
    again: Callable[[], FormSpec] | None = None
    away: bool = False
    draft: str = ""

    def beginning(self, name: str) -> str:
        """What a field holds when the form opens without a draft."""
        declared = self.fields[name]
        if name in self.start:
            return self.start[name]
        return str(declared.default) if not declared.multiline and declared.default is not None else ""

    def checked(self, words: Mapping[str, str]) -> dict[str, str]:
        """The fields that were changed, each tried by its own rule.

        Raises InputError with `field` set to the name of the first one that will not do.
        """
        changed: dict[str, str] = {}
        for name, declared in self.fields.items():
            value = words.get(name, "")
            if not self.new and value == self.beginning(name):
                continue
            try:
                declared.check(value)
            except InputError as error:
                raise FieldError(name, str(error)) from error
            if value or not self.new:
                changed[name] = value
        return changed


class FieldError(InputError):
    """A field that will not do as it is: `field` is where to put the cursor."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def with_base(words: Mapping[str, str], base: Mapping[str, list[str]]) -> dict[str, str]:
    """A draft's fields, with the paragraphs' elements beside them."""
    return {**words, **{f"base.{name}": " ".join(elements) or " " for name, elements in base.items()}}
