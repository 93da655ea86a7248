"""Writing in an editor of one's own: Moot steps aside, goes on syncing, and takes the words back.

The draft is on disk before the editor opens, and the file is there until the words are a draft again:
whatever ends in between, the next Moot finds them (`take_back`).
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from textual.app import App, SuspendNotSupported
from textual.document._document import Selection

from moot_client.tui import lending
from moot_client.tui.desk import Desk
from moot_client.tui.forms.carried import place_after, runs_between
from moot_client.tui.forms.drafts import FROM, PASTED
from moot_client.tui.messages import RowsChanged, TooMuch
from moot_client.tui.widgets.prosebox import MOST_IN_A_BOX, ProseBox
from moot_client.tui.widgets.rewriting import Places
from moot_shared.errors import InputError, MootError
from moot_shared.text import held, typed

if TYPE_CHECKING:
    from moot_client.tui.keeping import Keeping
    from moot_client.tui.screens.base import MootScreen

YOUR_EDITOR = "your editor"
FOUND = "What you wrote in your editor is kept: Today lists it"
NOT_HERE = "An editor can be opened from a terminal only. Here you can go on typing."


async def edit(screen: MootScreen, box: ProseBox) -> None:
    """Lend a field's words to the editor, and take them back; what goes wrong is a sentence."""
    if box.lent or not await screen.keep_typing():
        return
    before, box.lent = box.text, True
    try:
        command = lending.editor(os.environ)
        lent = await asyncio.to_thread(lending.Lent, screen.desk.place.folder, before)
        try:
            words = await _come_back(screen, command, lent)
        except InputError:
            lent.give_back()
            raise
    except MootError as error:
        screen.status.say(str(error), care=True)
        return
    finally:
        box.lent = False
    if words is not None:
        _put(box, words)
    if await screen.keep_typing():
        await asyncio.to_thread(lent.give_back)
    screen.rows_changed()


async def _come_back(screen: MootScreen, command: list[str], lent: lending.Lent) -> str | None:
    """The words as the editor left them; None where they are not to go into the field."""
    before = lent.began
    try:
        with _aside(screen.app):
            code = await asyncio.to_thread(lending.opened, command, lent.file)
    except SuspendNotSupported:
        raise InputError(NOT_HERE) from None
    words = lending.as_typed(await asyncio.to_thread(lent.words), before)
    if not code:
        return words if words != before else None
    said = f"The editor ended with a trouble of its own ({code}): the text here is as it was."
    if words.strip() and words != before:
        await _keep_aside(screen.desk, words)
        said += " What it left is kept on this machine: Today lists it."
    screen.status.say(said, care=True)
    return None


@contextmanager
def _aside(app: App[object]) -> Iterator[None]:
    """The terminal is the editor's: nothing is drawn, and its Ctrl+C does not end Moot."""
    before = signal.getsignal(signal.SIGINT)
    with app.batch_update(), app.suspend():
        signal.signal(signal.SIGINT, lambda *_: None)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
    app.refresh(layout=True)


def _put(box: ProseBox, words: str) -> None:
    """One step, which Ctrl+Z takes back; the cursor stays in its word."""
    old, new = box.text, held(words)
    if len(new) > MOST_IN_A_BOX:
        box.post_message(TooMuch(words))
        return
    runs, places = runs_between(old, new), Places(old)
    start, end = (place_after(runs, old, places.offset(place)) for place in box.selection)
    box.replace(new, (0, 0), box.document.end)
    places = Places(box.text)
    box.selection = Selection(places.location(start), places.location(end))


async def _keep_aside(desk: Desk, words: str) -> None:
    fields = {"text": typed(words), FROM: YOUR_EDITOR}
    subject, replica = str(desk.now()), desk.replica
    await desk.write(lambda: replica.save_draft(PASTED, subject, fields))


async def look_for_lent(app: Keeping) -> None:
    """What was being written in an editor when Moot ended is a draft from now on."""
    try:
        found = await take_back(app.desk) if app.desk is not None else 0
    except MootError as error:
        app.say(str(error), care=True)
        return
    if found:
        app.post_message(RowsChanged())
        app.say(FOUND)


async def take_back(desk: Desk) -> int:
    """Words that an earlier Moot lent and never got back become drafts; how many there were."""
    found = await asyncio.to_thread(lambda: list(lending.left_behind(desk.place.folder)))
    kept = 0
    for left in found:
        words = lending.as_typed(left.words, left.began)
        if words.strip() and words != left.began and not await _into_its_draft(desk, left.began, words):
            await _keep_aside(desk, words)
        kept += words != left.began
        await asyncio.to_thread(left.put_away)
    return kept


async def _into_its_draft(desk: Desk, began: str, words: str) -> bool:
    """Put words in place of those that were lent, in the draft that holds them."""
    replica = desk.replica
    for form, subject, _ in replica.drafts():
        fields = replica.draft(form, subject)
        name = next((n for n, value in fields.items() if value == began and "." not in n), None)
        if name is not None and began.strip():
            changed = {**fields, name: held(words)}
            await desk.write(partial(replica.save_draft, form, subject, changed))
            return True
    return False
