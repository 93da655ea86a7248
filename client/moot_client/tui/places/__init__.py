"""The places, each as the lines of its list: no widgets here. One is loaded when one comes to it.

place.py    what a place is
today.py    agenda.py    lessons.py    people.py
following.py   how a list follows what is written
columns.py  what stands beside a list or over it, put up when there is room or need for it
view.py     the widget that shows any of them: list, detail, and what lies between
beside.py   what stands beside a list
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from moot_client.tui.places.place import Place

WORDS_CONFIRMED = "words confirmed"  # this machine's own value, as `views.begun` has it
PLACES = ("today", "agenda", "lessons", "people")


def make(name: str) -> Place:
    """A place by its name."""
    kind = getattr(import_module(f"moot_client.tui.places.{name}"), f"{name.capitalize()}Place")
    return cast("Place", kind())
