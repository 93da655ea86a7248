"""The order of a list, from who was put after whom.

Each element was inserted after another (or at the start). Those put after the same one stand
newest first, by operation: highest counter, then highest actor. This is the order that Automerge
reads (its lists are a replicated growable array), and all machines agree on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

Element = tuple[int, bytes, str]
"""counter, actor, and the name of the element it was put after ('' for the start)."""


def name(counter: int, actor: bytes) -> str:
    """An operation as text: `<counter>@<actor hex>`."""
    return f"{counter}@{actor.hex()}"


def in_order(elements: Iterable[Element]) -> list[str]:
    """The names of all elements, in reading order; each element's `after` is among them or ''."""
    following: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
    for counter, actor, after in elements:
        following[after].append((counter, actor))
    for siblings in following.values():
        siblings.sort()  # popped from the end: newest first
    result: list[str] = []
    pending = [name(*sibling) for sibling in following.get("", ())]
    while pending:
        element = pending.pop()
        result.append(element)
        pending.extend(name(*sibling) for sibling in following.get(element, ()))
    return result
