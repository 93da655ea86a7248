"""What members said about a thing, statement by statement: what each said before, and then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moot_client.history.moments import Moment, Reader
from moot_client.history.replay import Written
from moot_shared.format.change import Action
from moot_shared.ids import StatementKey
from moot_shared.kinds import STATEMENTS, Statement
from moot_shared.kinds.fields import Line, Text

Values = Mapping[str, Any]


def said_in(reader: Reader, moment: Moment) -> Values | None:
    """What a statement said after a change; None where it was taken out."""
    found: Values | None = None
    for operation in reader.change(moment).operations:
        if operation.key == moment.key and operation.action is Action.PUT:
            found = Statement.fields_of(str(operation.value))
    return found


def written(key: StatementKey, before: Values | None, after: Values | None) -> tuple[Written, ...]:
    """The words that are different; figures are told in the sentence about it."""
    declared = STATEMENTS.get(key.kind)
    old, new = before or {}, after or {}
    names = [n for n, f in declared.fields.items() if isinstance(f, Line | Text)] if declared else []
    changes = (Written(n, _words(old.get(n)), _words(new.get(n))) for n in names)
    return tuple(each for each in changes if each.before != each.after)


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""
