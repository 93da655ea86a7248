"""A text that changes under one's hands: the cursor, the view and Ctrl+Z stay one's own."""

from __future__ import annotations

from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.document._document import Document, Selection
from textual.document._edit import Edit
from textual.document._history import EditHistory

from moot_client.tui.forms.carried import place_after
from moot_client.tui.forms.merging import Merged, Seen, merge
from moot_client.tui.widgets.prosebox import ProseBox
from moot_client.tui.widgets.rewriting import Change, _carry_back, _carry_on, rewrite
from moot_shared.kinds import Paragraph


class Bare:
    """What an edit needs of an editor, without a screen."""

    def __init__(self, text: str) -> None:
        self.document = Document(text)
        self.selection = Selection()
        self.history = EditHistory(50, 100.0, 100)

    def edit(self, start: int, end: int, words: str) -> None:
        edit = Edit(words, self.place(start), self.place(end), False)
        edit.do(cast(Any, self))
        self.history.record(edit)

    def place(self, offset: int) -> tuple[int, int]:
        before = self.document.text[:offset]
        return before.count("\n"), offset - (before.rfind("\n") + 1)

    def undo(self) -> None:
        for edit in reversed(self.history._pop_undo() or []):
            edit.undo(cast(Any, self))

    def redo(self) -> None:
        for edit in self.history._pop_redo() or []:
            edit.do(cast(Any, self), record_selection=False)


@given(st.data())
def test_what_was_typed_here_is_taken_back_and_what_came_in_stays(data: st.DataObject) -> None:
    """My edits are made of capitals and touch the upper half; others write small letters in the lower one."""
    box = Bare("aa\n\nbb\n\n")
    theirs = "cc\n\ndd"
    before = box.document.text
    box.document = Document(before + theirs)
    line = len(before)
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, line))
        end = data.draw(st.integers(start, line))
        words = data.draw(st.sampled_from(["X", "YY", "Z\n", "\n\n", ""]))
        box.edit(start, end, words)
        line += len(words) - (end - start)
    undone = data.draw(st.integers(0, 2))
    typed = [box.document.text]
    for _ in range(undone):
        box.undo()
        typed.append(box.document.text)
    line = len(box.document.text) - len(theirs)
    first = data.draw(st.integers(line, len(box.document.text)))
    last = data.draw(st.integers(first, len(box.document.text)))
    new = data.draw(st.sampled_from(["e", "f\n\ng", ""]))
    changed = theirs[: first - line] + new + theirs[last - line :]
    begin, stop = box.place(first), box.place(last)
    result = box.document.replace_range(begin, stop, new)
    _carry_back(box.history, Change(begin, stop, result.end_location))
    _carry_on(box.history, Change(begin, stop, result.end_location))
    while box.history.redo_stack:
        box.redo()
    assert box.document.text == typed[0][: len(typed[0]) - len(theirs)] + changed
    while box.history.undo_stack:
        box.undo()
    assert box.document.text == before + changed


@given(st.data())
def test_what_comes_in_above_moves_what_can_be_taken_back(data: st.DataObject) -> None:
    theirs = "cc\n\ndd"
    box = Bare(theirs + "\n\naa\n\nbb")
    begins = len(theirs)
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(begins, len(box.document.text)))
        end = data.draw(st.integers(start, len(box.document.text)))
        box.edit(start, end, data.draw(st.sampled_from(["X", "YY", "Z\n", "\n\n", ""])))
    first = data.draw(st.integers(0, begins - 1))
    last = data.draw(st.integers(first, begins - 1))
    new = data.draw(st.sampled_from(["e", "f\n\ng", ""]))
    begin, stop = box.place(first), box.place(last)
    result = box.document.replace_range(begin, stop, new)
    _carry_back(box.history, Change(begin, stop, result.end_location))
    while box.history.undo_stack:
        box.undo()
    assert box.document.text == theirs[:first] + new + theirs[last:] + "\n\naa\n\nbb"


class Page(App[None]):
    """One field."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.box = ProseBox(text)

    def compose(self) -> ComposeResult:
        yield self.box


def paragraphs(*texts: str, by: str = "e") -> tuple[Paragraph, ...]:
    return tuple(Paragraph(f"{by}{n}{text}", text, "joon") for n, text in enumerate(texts))


def taken_in(box: ProseBox, merged: Merged) -> None:
    text = box.text
    rewrite(box, text, merged.hunks, lambda place: place_after(merged.runs, text, place))
    assert box.text == merged.text


async def test_the_line_one_writes_on_stays_at_its_height_and_ctrl_z_is_about_ones_own_words() -> None:
    before = paragraphs(*(f"Paragraph {n}." for n in range(30)))
    app = Page(Seen(before).text)
    async with app.run_test(size=(40, 12)) as pilot:
        box = app.box
        box.styles.height = 9
        box.move_cursor((40, 3))
        await pilot.press("X", "Y")
        await pilot.pause()
        height = box.cursor_screen_offset.y
        standing = (*paragraphs("New above.", by="n"), *before[:3], *before[4:])
        taken_in(box, merge(Seen(before), box.text, standing))
        await pilot.pause()
        assert box.cursor_screen_offset.y == height
        assert box.document.lines[box.cursor_location[0]][:5] == "ParXY"
        assert box.cursor_location[1] == 5
        await pilot.press("ctrl+z")
        assert box.text == Seen(standing).text
        await pilot.press("ctrl+z")
        assert box.text == Seen(standing).text, "what others wrote is not mine to take back"


async def test_a_selection_stays_on_its_words() -> None:
    before = paragraphs("First one.", "Second one.")
    app = Page(Seen(before).text)
    async with app.run_test(size=(40, 12)):
        box = app.box
        box.selection = Selection((2, 7), (2, 10))
        assert box.selected_text == "one"
        standing = (*paragraphs("Before.", by="n"), before[0], *paragraphs("Second, at last one.", by="m"))
        taken_in(box, merge(Seen(before), box.text, standing))
        assert box.selected_text == "one"


async def test_a_long_text_knows_its_height_without_counting() -> None:
    app = Page("word " * 40 + "\n" * 2_000)
    async with app.run_test(size=(40, 12)) as pilot:
        wrapped = app.box.wrapped_document
        for keys in (("a", "enter", "b"), ("backspace", "backspace"), ("ctrl+z",), ("ctrl+home", "x")):
            await pilot.press(*keys)
            assert wrapped.height == sum(len(line) + 1 for line in wrapped._wrap_offsets)
        app.box.load_text("short")
        assert app.box.wrapped_document.height == 1
