"""What a kind is: a class of fields, and the two registries that everything else reads.

    class Lesson(Record, name="lesson", plural="lessons", place="lessons", title="statement"):
        statement = Line("Lesson", required=True, search=True)

A row is an instance: `Lesson(key, values, …)`. `values` holds what is stored, known fields
and unknown ones alike, so that what a newer Moot wrote is kept, exported and shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from moot_shared.errors import FormatError
from moot_shared.frozen import field, frozen
from moot_shared.ids import RecordKey, StatementKey
from moot_shared.jsons import read_object
from moot_shared.kinds.fields import Field, Flag, Prose, checked
from moot_shared.kinds.prose import ProseText

RECORDS: dict[str, type[Record]] = {}
STATEMENTS: dict[str, type[Statement]] = {}


@frozen
class OtherVersion:
    """A value that somebody wrote at the same time and that does not stand: kept and shown."""

    value: Any
    author: str


class Kind:
    """What records and statements share: a name, fields, and values."""

    name_of_kind: ClassVar[str] = ""
    plural: ClassVar[str] = ""
    place: ClassVar[str] = ""
    fields: ClassVar[dict[str, Field[Any]]] = {}
    title_field: ClassVar[str] = ""
    values: Mapping[str, Any]

    @classmethod
    def _declare(cls, name: str, plural: str, place: str) -> None:
        cls.name_of_kind, cls.plural, cls.place = name, plural or name + "s", place
        declared = {n: f for c in reversed(cls.__mro__) for n, f in vars(c).items() if isinstance(f, Field)}
        common = {n: f for n, f in declared.items() if n not in vars(cls)}
        cls.fields = {**{n: f for n, f in declared.items() if n not in common}, **common}

    @property
    def unknown(self) -> dict[str, Any]:
        """Values of fields that this Moot does not know: made with a newer one."""
        return {name: value for name, value in self.values.items() if name not in self.fields}

    @classmethod
    def check(cls, values: Mapping[str, object], *, whole: bool) -> dict[str, Any]:
        """Values about to be stored; InputError says what would do instead."""
        return checked(cls.fields, values, whole=whole)

    def search_words(self) -> tuple[str, str]:
        """The words by which search finds this: those of its title, which count most, and all others."""
        found = {name: str(getattr(self, name)) for name, f in self.fields.items() if f.search}
        title = found.pop(self.title_field, "")
        return title, "\n".join(words for words in found.values() if words)

    def as_json(self) -> dict[str, Any]:
        """Every field, known and unknown, as JSON values; prose as one text."""
        known = {name: getattr(self, name) for name in self.fields}
        plain = {name: str(value) if isinstance(value, ProseText) else value for name, value in known.items()}
        return {**plain, **{n: str(v) if isinstance(v, ProseText) else v for n, v in self.unknown.items()}}


@frozen
class Record(Kind):
    """A thing that anyone may edit: its key, its values, and what else was written at once.

    `values` maps field names to scalars, and prose fields to ProseText. `others` maps field
    names to the values that lost to a concurrent one. `changed` and `created` are Unix
    milliseconds as their authors' clocks said: shown, never used to decide.
    """

    key: RecordKey
    values: Mapping[str, Any]
    others: Mapping[str, tuple[OtherVersion, ...]] = field(default_factory=dict)
    created: int = 0
    changed: int = 0
    changed_by: str = ""

    title_field: ClassVar[str] = "title"
    archived = Flag("Archived", help="put away; nothing is ever deleted")

    def __init_subclass__(
        cls, *, name: str = "", plural: str = "", place: str = "", title: str = "title"
    ) -> None:
        # `frozen` makes this class twice; only kinds are declared.
        if name:
            cls._declare(name, plural, place)
            cls.title_field = title
            RECORDS[name] = cls

    @property
    def title_line(self) -> str:
        """The one line by which people know this record."""
        return str(getattr(self, self.title_field)) or "(no title)"

    @classmethod
    def prose_fields(cls) -> tuple[str, ...]:
        """The fields that are lists of paragraphs: made together with the record."""
        return tuple(name for name, declared in cls.fields.items() if isinstance(declared, Prose))


@frozen
class Statement(Kind):
    """Something that one member said: theirs alone to change. `said` is Unix milliseconds, shown only."""

    key: StatementKey
    values: Mapping[str, Any]
    said: int = 0

    def __init_subclass__(cls, *, name: str = "", plural: str = "", place: str = "", title: str = "") -> None:
        if name:
            cls._declare(name, plural, place)
            cls.title_field = title
            STATEMENTS[name] = cls

    @property
    def author(self) -> str:
        """The key text of who says it."""
        return self.key.author

    @property
    def about(self) -> str:
        """The key of the record that this is about, or '' where it is about none."""
        parts = self.key.subject.split("/")
        return "/".join(parts[:3]) if len(parts) >= 3 else ""

    @classmethod
    def encode(cls, values: Mapping[str, Any]) -> str:
        """Values as they are stored: compact JSON, keys sorted."""
        return json.dumps(dict(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @staticmethod
    def decode(text: str) -> dict[str, Any]:
        """The inverse of `encode`; FormatError where it is not a JSON object."""
        return read_object(text)

    @classmethod
    def fields_of(cls, text: str) -> dict[str, Any]:
        """The same, and no fields where what was said cannot be read."""
        try:
            return cls.decode(text)
        except FormatError:
            return {}
