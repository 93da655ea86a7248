"""What a field may hold: each type reads what is typed, checks it, and shows it.

A field is a descriptor: on the class it is its own declaration (`Issue.title.label`), on a
row it is the value (`issue.title`). Reading is lenient (`read`: a value that a newer Moot
wrote, or that makes no sense, shows as the default and is kept as it is); writing is strict
(`check` and `parse` raise InputError with a sentence that says what would do).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from moot_shared.errors import InputError
from moot_shared.kinds.prose import ProseText
from moot_shared.text import paragraphs, typed, typed_line, typed_name

if TYPE_CHECKING:
    from moot_shared.kinds.declaration import Kind

T = TypeVar("T")
Scalar = str | int | float | bool | None
LONGEST_WORD = 40  # characters of a choice that a newer Moot may offer


class Field(Generic[T]):
    """One field of a kind: a label for people, a default, and whether search reads it."""

    multiline = False

    def __init__(
        self, label: str, *, default: T, help: str = "", required: bool = False, search: bool = False
    ) -> None:
        self.label = label
        self.default = default
        self.help = help
        self.required = required
        self.search = search
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: Kind, owner: type) -> T: ...
    def __get__(self, row: Kind | None, owner: type) -> Self | T:
        if row is None:
            return self
        return self.read(row.values.get(self.name))

    @property
    def option(self) -> str:
        """The field's name on the command line: `--how-it-is`."""
        return "--" + self.name.replace("_", "-")

    def read(self, raw: object) -> T:
        """The value as stored, or the default where it is absent or makes no sense."""
        raise NotImplementedError

    def parse(self, text: str) -> Any:
        """What a person typed, as a value that can be stored; InputError if it cannot."""
        return self.check(text)

    def check(self, value: object) -> Any:
        """A value about to be stored, normalised; InputError if it cannot be."""
        raise NotImplementedError

    def show(self, value: T) -> str:
        """The value in words."""
        return "" if value is None else str(value)

    def missing(self) -> InputError:
        """The sentence for a required field that is empty."""
        return InputError(f"{self.label} is empty. It needs a few words.")


class _Words(Field[str]):
    """Any field that holds words, up to a number of characters."""

    def __init__(self, label: str, *, limit: int, default: str = "", **rest: Any) -> None:
        super().__init__(label, default=default, **rest)
        self.limit = limit

    def read(self, raw: object) -> str:
        if not isinstance(raw, str):
            return self.default
        return raw if len(raw) <= self.limit else raw[: self.limit] + "…"  # no honest client wrote that

    def _within(self, text: str) -> str:
        if len(text) > self.limit:
            raise _too_long(self.label, self.limit, text, "Shorten it.")
        if self.required and not text.strip():
            raise self.missing()
        return text


class Line(_Words):
    """One line of words."""

    def __init__(self, label: str, *, limit: int = 200, **rest: Any) -> None:
        super().__init__(label, limit=limit, **rest)

    def check(self, value: object) -> str:
        return self._within(typed_line(str(value)))


class Name(Line):
    """What somebody or something is called, in everybody's lists: words and nothing else."""

    def check(self, value: object) -> str:
        return self._within(typed_name(str(value)))


class Text(_Words):
    """Several lines that belong to one member (a comment, a note): one value, said whole."""

    multiline = True

    def __init__(self, label: str, *, limit: int = 20_000, **rest: Any) -> None:
        super().__init__(label, limit=limit, **rest)

    def check(self, value: object) -> str:
        return self._within(typed(str(value)).strip("\n"))


class Prose(Field[ProseText]):
    """Shared prose of a record: paragraphs that several people edit at once.

    `otherwise`: what to do where it is too long; about most records one can say more in a comment.
    """

    multiline = True

    def __init__(
        self,
        label: str,
        *,
        limit: int = 50_000,
        otherwise: str = "Shorten it, or put part of it in a comment.",
        **rest: Any,
    ) -> None:
        super().__init__(label, default=ProseText(), **rest)
        self.limit = limit
        self.otherwise = otherwise

    def read(self, raw: object) -> ProseText:
        return raw if isinstance(raw, ProseText) else self.default

    def check(self, value: object) -> tuple[str, ...]:
        text = typed(str(value))
        if len(text) > self.limit:
            raise _too_long(self.label, self.limit, text, self.otherwise)
        parts = paragraphs(text)
        if self.required and not parts:
            raise self.missing()
        return parts


class Choice(Field[str]):
    """One of a few words; a beginning is enough. A word from a newer Moot is kept and shown as it is."""

    def __init__(self, label: str, options: tuple[str, ...], **rest: Any) -> None:
        super().__init__(label, default=rest.pop("default", options[0]), **rest)
        self.options = options

    def read(self, raw: object) -> str:
        return raw[:LONGEST_WORD] if isinstance(raw, str) and raw else self.default

    def check(self, value: object) -> str:
        word = typed_line(str(value)).lower().replace("_", " ").replace("-", " ")
        matches = (
            [option for option in self.options if option == word]
            or [option for option in self.options if word and option.removeprefix("a ").startswith(word)]
            or [option for option in self.options if word and f" {word}" in option]
        )
        if len(matches) != 1:
            raise InputError(
                f"{self.label} is one of: {', '.join(option for option in self.options if option)}."
            )
        return matches[0]


class Count(Field[int]):
    """A whole number between two bounds, both included."""

    def __init__(self, label: str, *, least: int, most: int, default: int = 0, **rest: Any) -> None:
        super().__init__(label, default=default, **rest)
        self.least = least
        self.most = most

    def read(self, raw: object) -> int:
        whole = isinstance(raw, int) and not isinstance(raw, bool)
        return min(max(int(raw), self.least), self.most) if whole else self.default  # type: ignore[call-overload]

    def check(self, value: object) -> int:
        try:
            number = int(str(value).strip())
        except ValueError:
            number = self.least - 1
        if not self.least <= number <= self.most:
            raise InputError(f"{self.label} is a whole number from {self.least} to {self.most}.")
        return number


class Hours(Field[float]):
    """Hours that somebody would give, in quarters: `4`, `4h`, `1.5`, `0` to take it back."""

    most = 1000.0

    def __init__(self, label: str, **rest: Any) -> None:
        super().__init__(label, default=0.0, **rest)

    def read(self, raw: object) -> float:
        number = isinstance(raw, int | float) and not isinstance(raw, bool)
        return float(min(max(raw, 0.0), self.most)) if number and raw == raw else 0.0  # type: ignore[call-overload]

    def check(self, value: object) -> float:
        text = str(value).strip().lower().removesuffix("hours").removesuffix("h").strip().replace(",", ".")
        try:
            number = round(float(text) * 4) / 4
        except (ValueError, OverflowError):
            number = -1.0
        if not 0 <= number <= self.most:
            raise InputError(f"{self.label} is a number of hours from 0 to {self.most:g}, such as 4 or 1.5.")
        return number

    def show(self, value: float) -> str:
        return f"{value:g} h" if value else ""


class Flag(Field[bool]):
    """Yes or no."""

    def __init__(self, label: str, **rest: Any) -> None:
        super().__init__(label, default=False, **rest)

    def read(self, raw: object) -> bool:
        return raw is True

    def check(self, value: object) -> bool:
        word = str(value).strip().lower()
        if word in ("true", "yes", "y", "1"):
            return True
        if word in ("false", "no", "n", "0", ""):
            return False
        raise InputError(f"{self.label} is yes or no.")

    def show(self, value: bool) -> str:
        return "yes" if value else "no"


class Reference(Field[str]):
    """The key of another record, or nothing; `kinds` says which kinds it may point at."""

    def __init__(self, label: str, kinds: tuple[str, ...], **rest: Any) -> None:
        super().__init__(label, default="", **rest)
        self.kinds = kinds

    def read(self, raw: object) -> str:
        return raw if isinstance(raw, str) else ""

    def check(self, value: object) -> str:
        key = typed_line(str(value))
        if key and key.split("/", 1)[0] not in self.kinds:
            if "/" in key:
                raise InputError(f"{self.label} points at one of: {', '.join(self.kinds)}.")
            kinds = " or ".join(self.kinds)
            raise InputError(
                f"{self.label}: no {kinds} here is called ‘{key}’. Choose one, or leave it empty."
            )
        return key


def _too_long(label: str, limit: int, text: str, otherwise: str) -> InputError:
    return InputError(f"{label} takes up to {limit:,} characters; this has {len(text):,}. {otherwise}")


def checked(fields: Mapping[str, Field[Any]], values: Mapping[str, object], *, whole: bool) -> dict[str, Any]:
    """Values about to be stored, each checked by its field.

    With `whole`, required fields that are absent are asked for as well (a new thing);
    without, only what is given is looked at (an edit).
    """
    for name in values:
        if name not in fields:
            raise InputError(f"There is no field called {name}. There are: {', '.join(fields)}.")
    result = {name: fields[name].check(value) for name, value in values.items()}
    if whole:
        for name, field in fields.items():
            if field.required and name not in result:
                raise field.missing()
    return result
