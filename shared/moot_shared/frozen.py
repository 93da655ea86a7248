"""Values: classes that are their fields, and cost nothing to define.

    @frozen
    class Purse:
        \"\"\"A member's dots.\"\"\"

        budget: int
        left: int = 0

It is what `dataclass(frozen=True, slots=True)` makes, for modules that are loaded on the way to a first
picture or to a short answer: `dataclass` writes and compiles half a dozen functions for each class, which
takes longer than all else in such a module. Here all classes share theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, cast, dataclass_transform

T = TypeVar("T")


class _Fields:
    """What `dataclasses` (`replace`, `asdict`) asks of a class, found when it is asked for."""

    __slots__ = ()

    def __get__(self, value: object, of: Any) -> Any:
        from dataclasses import fields, make_dataclass

        found = {known.name: known for known in fields(make_dataclass(of.__name__, of.__match_args__))}
        of.__dataclass_fields__ = found
        return found


class _Made:
    """Stands for a default of which each value gets its own."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def field(*, default_factory: Callable[[], T]) -> T:
    """A default that is made anew for each value: `field(default_factory=dict)`."""
    return cast(T, _Made(default_factory))


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class of annotated fields: given by place or by name, equal where they are, never changed.

    Fields are its own annotations, but for class variables; none is inherited. A class that has one of these
    above it has the same fields.
    """
    written = vars(cls).get("__annotations__", {})
    names = tuple(name for name, kind in written.items() if not kind.startswith("ClassVar["))
    body = {name: of for name, of in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    defaults = {name: body.pop(name) for name in names if name in body}
    puts: list[Callable[[Any, Any], None]] = []
    body["__init__"] = _init(names, defaults, puts)
    body["__slots__"] = body["__match_args__"] = names
    body["__dataclass_fields__"] = _Fields()
    body["__setattr__"], body["__delattr__"], body["__reduce__"] = _refuse, _refuse, _reduce
    body["__eq__"], body["__hash__"] = _same(names)
    body.setdefault("__repr__", _repr)
    meta: Any = type(cls)
    made: type[T] = meta(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    puts += [vars(made)[name].__set__ for name in names]
    return made


def replace(value: T, **changes: Any) -> T:
    """The same value with some fields changed; also of a dataclass."""
    names: tuple[str, ...] = type(value).__match_args__  # type: ignore[attr-defined]
    return type(value)(**{**{name: getattr(value, name) for name in names}, **changes})


def _init(
    names: tuple[str, ...], defaults: dict[str, Any], puts: list[Callable[[Any, Any], None]]
) -> Callable[..., None]:
    """What makes a value. `puts` are what puts each field in its place: known once the class is made."""
    count = len(names)

    def init(self: Any, *given: Any, **named: Any) -> None:
        if named or len(given) != count:
            given = _bound(type(self).__name__, names, defaults, given, named)
        for put, value in zip(puts, given, strict=True):
            put(self, value)

    return init


def _bound(
    called: str,
    names: tuple[str, ...],
    defaults: dict[str, Any],
    given: tuple[Any, ...],
    named: dict[str, Any],
) -> tuple[Any, ...]:
    """What each field is to be; TypeError where something is missing or too much."""
    values = list(given)
    missing = []
    for name in names[len(given) :]:
        if name in named:
            values.append(named.pop(name))
        elif name in defaults:
            default = defaults[name]
            values.append(default.make() if type(default) is _Made else default)
        else:
            missing.append(name)
    if missing or named or len(given) > len(names):
        wrong = f"{len(given)} by place, missing {missing}, unknown {[*named]}"
        raise TypeError(f"{called}({', '.join(names)}): {wrong}")
    return tuple(values)


def _same(names: tuple[str, ...]) -> tuple[Callable[[Any, object], Any], Callable[[Any], int]]:
    """What tells whether two values are equal, and their hash."""
    fields: Callable[[Any], Any] = attrgetter(*names) if names else lambda value: ()

    def equal(self: Any, other: object) -> Any:
        return fields(self) == fields(other) if type(other) is type(self) else NotImplemented

    def hashed(self: Any) -> int:
        return hash(fields(self))

    return equal, hashed


def _refuse(self: Any, name: str, value: object = None) -> NoReturn:
    raise AttributeError(f"{type(self).__name__} is never changed: {name}")


def _repr(self: Any) -> str:
    fields = (f"{name}={getattr(self, name)!r}" for name in self.__slots__)
    return f"{type(self).__qualname__}({', '.join(fields)})"


def _reduce(self: Any) -> tuple[type[Any], tuple[Any, ...]]:
    return type(self), tuple(getattr(self, name) for name in self.__slots__)
