"""Changing a text under the hands of whoever types in it: cursor, view and undo stay theirs.

An editor's history names places in the text. When somebody else's words come in above, the places
move on with them; what cannot be told apart from those words can no longer be undone. So Ctrl+Z takes
back what was typed here, and never what others wrote.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.document._document import EditResult, Location, Selection
from textual.document._edit import Edit
from textual.document._history import EditHistory
from textual.geometry import Offset
from textual.widgets import TextArea

from moot_client.tui.forms.carried import Hunk

Moved = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Change:
    """What stood from `start` to `end` stands from `start` to `after` now."""

    start: Location
    end: Location
    after: Location

    def moved(self, place: Location) -> Location:
        """Where a place is after the change; one in what is gone is where that was."""
        if place < self.end:
            return min(place, self.start)
        rows = self.after[0] - self.end[0]
        columns = self.after[1] - self.end[1] if place[0] == self.end[0] else 0
        return place[0] + rows, place[1] + columns

    @property
    def undone(self) -> Change:
        """The change that takes this one back."""
        return Change(self.start, self.after, self.end)


def rewrite(box: TextArea, text: str, hunks: Sequence[Hunk], moved: Moved) -> None:
    """Carry out `hunks` on a box that holds `text`; each place in it goes where `moved` says.

    What one looks at stays at its height: the cursor's line, or, where that is out of sight, the top one.
    """
    places = Places(text)
    start, end = (moved(places.offset(place)) for place in box.selection)
    anchor = _anchor(box)
    seen_at = box.wrapped_document.location_to_offset(anchor).y - box.scroll_offset.y
    anchor_at = moved(places.offset(anchor))
    for hunk in reversed(hunks):
        first, last = places.location(hunk.start), places.location(hunk.end)
        result = box.document.replace_range(first, last, hunk.words)
        change = Change(first, last, result.end_location)
        box.wrapped_document.wrap_range(first, last, result.end_location)
        _carry_back(box.history, change)
        _carry_on(box.history, change)
    places = Places(box.text)
    box.selection = Selection(places.location(start), places.location(end))
    box._build_highlight_map()
    box._refresh_size()
    height = box.wrapped_document.location_to_offset(places.location(anchor_at)).y
    box.scroll_to(y=max(height - seen_at, 0), animate=False, immediate=True)
    box.history.checkpoint()
    box.refresh()
    box.post_message(TextArea.Changed(box))


def _anchor(box: TextArea) -> Location:
    top = box.scroll_offset.y
    height = box.wrapped_document.location_to_offset(box.cursor_location).y
    if top <= height < top + max(box.scrollable_content_region.height, 1):
        return box.cursor_location
    return box.wrapped_document.offset_to_location(Offset(0, top))


class Places:
    """Characters counted from the beginning, and rows and columns."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def offset(self, place: Location) -> int:
        return self._starts[place[0]] + place[1]

    def location(self, offset: int) -> Location:
        row = bisect_right(self._starts, offset) - 1
        return row, offset - self._starts[row]


# -- what can be undone and redone ----------------------------------------------------------------


def _carry_back(history: EditHistory, change: Change | None) -> None:
    """What was done before the change, newest first, as if the change had been there already."""
    kept: deque[list[Edit]] = deque(maxlen=history._undo_stack.maxlen)
    for batch in reversed(history._undo_stack):
        edits: list[Edit] = []
        for edit in reversed(batch):
            change = change and _before(edit, change)
            if change is None:
                break
            edits.insert(0, edit)
        if edits:
            kept.appendleft(edits)
    history._undo_stack = kept


def _before(edit: Edit, change: Change) -> Change | None:
    """Move an edit that was done by what has changed since; the change, as it is without the edit.

    None where the two are about the same words.
    """
    result = edit._edit_result
    if result is None:
        return None
    done = Change(edit.top, edit.bottom, result.end_location)
    if change.start >= done.after:
        earlier = done.undone
        moved = Change(earlier.moved(change.start), earlier.moved(change.end), earlier.moved(change.after))
    elif change.end <= done.start:
        _move(edit, change)
        moved = change
    else:
        return None
    if edit._original_selection is not None:
        edit._original_selection = Selection(*map(moved.moved, edit._original_selection))
    return moved


def _carry_on(history: EditHistory, change: Change | None) -> None:
    """What could be redone, the next one first, as it is done after the change."""
    kept: deque[list[Edit]] = deque()
    for batch in reversed(history._redo_stack):
        edits: list[Edit] = []
        for edit in batch:
            change = change and _after(edit, change)
            if change is None:
                break
            edits.append(edit)
        if change is None:
            break  # half a batch cannot be redone
        kept.appendleft(edits)
    history._redo_stack = kept


def _after(edit: Edit, change: Change) -> Change | None:
    result = edit._edit_result
    if result is None:
        return None
    doing = Change(edit.top, edit.bottom, result.end_location)
    if edit._original_selection is not None:
        edit._original_selection = Selection(*map(change.moved, edit._original_selection))
    if change.start >= doing.end:
        return Change(doing.moved(change.start), doing.moved(change.end), doing.moved(change.after))
    if change.end <= doing.start:
        _move(edit, change)
        return change
    return None


def _move(edit: Edit, change: Change) -> None:
    edit.from_location, edit.to_location = change.moved(edit.from_location), change.moved(edit.to_location)
    if edit._edit_result is not None:
        end = change.moved(edit._edit_result.end_location)
        edit._edit_result = EditResult(end, edit._edit_result.replaced_text)
