"""Values that cost nothing to define behave as frozen dataclasses do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Generic, TypeVar

import pytest

from moot_shared.frozen import field, frozen, replace

T = TypeVar("T")


@frozen
class Spot:
    """Where something is."""

    x: int
    y: int = 0
    names: dict[str, str] = field(default_factory=dict)

    @property
    def far(self) -> bool:
        """Whether it is far away."""
        return self.x + self.y > 100


@frozen
class Box(Generic[T]):
    """Something in a box."""

    held: T


@dataclasses.dataclass(frozen=True)
class Bare:
    """A dataclass."""

    x: int
    y: int = 0


def test_fields_are_given_by_place_or_by_name_and_the_rest_has_its_default() -> None:
    spot = Spot(1, y=2)
    assert (spot.x, spot.y, spot.names, spot.far) == (1, 2, {}, False)
    assert Spot(y=2, x=1) == spot


def test_a_default_that_is_made_is_made_for_each_value() -> None:
    Spot(1).names["a"] = "b"
    assert Spot(1).names == {}


@pytest.mark.parametrize(
    ("given", "named"), [((), {}), ((1, 2, {}, 4), {}), ((1,), {"z": 1}), ((1,), {"x": 1})]
)
def test_what_is_missing_or_too_much_is_refused(given: tuple[object, ...], named: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="Spot"):
        Spot(*given, **named)  # type: ignore[arg-type]


def test_values_are_equal_where_their_fields_and_their_class_are() -> None:
    assert Box(1) == Box(1)
    assert Box(1) != Box(2)
    assert Box(1) != object()
    assert hash(Box((1, 2))) == hash(Box((1, 2)))
    assert len({Box("a"), Box("a")}) == 1


def test_no_field_is_changed_and_none_is_added() -> None:
    spot = Spot(1)
    for name in ("x", "z"):
        with pytest.raises(AttributeError):
            setattr(spot, name, 2)
    with pytest.raises(AttributeError):
        del spot.x
    assert not hasattr(spot, "__dict__")


def test_what_python_offers_for_dataclasses_works_with_them() -> None:
    spot = Spot(1, 2, {"a": "b"})
    assert dataclasses.replace(spot, x=3) == replace(spot, x=3) == Spot(3, 2, {"a": "b"})
    assert dataclasses.asdict(spot) == {"x": 1, "y": 2, "names": {"a": "b"}}
    assert copy.deepcopy(spot) == pickle.loads(pickle.dumps(spot)) == spot
    assert replace(Bare(1), y=2) == Bare(1, 2)
    match spot:
        case Spot(x, y):
            assert (x, y) == (1, 2)
    assert repr(spot) == "Spot(x=1, y=2, names={'a': 'b'})"
