"""Writing in an editor of one's own: Moot steps aside, goes on syncing, and takes the words back.

The draft is on disk before the editor opens, and the file is there until the words are a draft again:
whatever ends in between, the next Moot finds them (`take_back`).
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual.app import App, SuspendNotSupported
from textual.document._document import Selection

from moot_client.tui.desk import Desk
from moot_client.tui.forms.carried import place_after, runs_between
from moot_client.tui.forms.drafts import FROM, PASTED
from moot_client.tui.messages import RowsChanged, too_much
from moot_client.tui.widgets.prosebox import MOST_IN_A_BOX, ProseBox
from moot_client.tui.widgets.rewriting import Places
from moot_client.tui.words import lending
from moot_shared.errors import InputError, MootError, StorageError
from moot_shared.text import held, typed

if TYPE_CHECKING:
    from moot_client.tui.keeping import Keeping
    from moot_client.tui.screens.base import MootScreen

YOUR_EDITOR = "your editor"
FOUND = "What you wrote in your editor is kept: Today lists it"
AT_ONCE_S = 2.0  # what starts a window takes a second and then some; nobody has read anything by then
AT_ONCE = 'Your editor came back at once, so nothing was taken over. It may need --wait: EDITOR="code --wait"'
KEPT_WHOLE = "They are kept whole on this machine: Today lists them."
NOT_HERE = "An editor can be opened from a terminal only. Here you can go on typing."


async def edit(screen: MootScreen, box: ProseBox, clock: Callable[[], float] = monotonic) -> None:
    """Lend a field's words to the editor, and take them back; what goes wrong is a sentence.

    `clock` counts seconds from anywhere: an editor that ends at once may only have opened a window.
    """
    if box.lent or not await screen.keep_typing():
        return
    before, box.lent, lent = box.text, True, None
    try:
        command = lending.editor(os.environ)
        lent = await asyncio.to_thread(lending.Lent, screen.desk.place.folder, before)
        code, took = await _opened(screen.app, command, lent, clock)
        if await _come_back(screen, box, lent, code, took):
            await asyncio.to_thread(lent.give_back)
    except MootError as error:
        screen.status.say(str(error), care=True)
        if lent is not None:
            lent.let_go()
        return
    finally:
        box.lent = False
    lent.let_go()
    screen.rows_changed()


async def _opened(
    app: App[object], command: list[str], lent: lending.Lent, clock: Callable[[], float]
) -> tuple[int, float]:
    """Have the editor open until it ends: its exit code, and for how many seconds it was there."""
    try:
        with _aside(app):
            began = clock()
            code = await asyncio.to_thread(lending.opened, command, lent.file)
            return code, clock() - began
    except SuspendNotSupported:
        lent.give_back()  # nobody has seen it
        raise InputError(NOT_HERE) from None
    except InputError:
        lent.give_back()
        raise


async def _come_back(screen: MootScreen, box: ProseBox, lent: lending.Lent, code: int, took: float) -> bool:
    """Take over what the editor left; whether it is on disk elsewhere by now, so that its file may go."""
    said = f"The editor ended with a trouble of its own ({code}): the text here is as it was." if code else ""
    try:
        words = lending.as_typed(await asyncio.to_thread(lent.words), lent.began)
    except StorageError as error:
        screen.status.say(f"{said} {error}".strip(), care=True)
        return False
    changed = words != lent.began
    if code:
        if words.strip() and changed:
            await _keep_aside(screen.desk, words)
            said += " What it left is kept on this machine: Today lists it."
        screen.status.say(said, care=True)
    elif changed:
        await _put(screen, box, words)
    elif took < AT_ONCE_S:
        screen.status.say(AT_ONCE, care=True)
        return False
    return await screen.keep_typing()


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


async def _put(screen: MootScreen, box: ProseBox, words: str) -> None:
    """One step, which Ctrl+Z takes back; the cursor stays in its word. Too many words are kept aside."""
    old, new = box.text, held(words)
    if len(new) > MOST_IN_A_BOX:
        await _keep_aside(screen.desk, words)
        screen.status.say(f"{too_much(len(words), MOST_IN_A_BOX)} {KEPT_WHOLE}", care=True)
        return
    runs, places = runs_between(old, new), Places(old)
    start, end = (place_after(runs, old, places.offset(place)) for place in box.selection)
    box.replace(new, (0, 0), box.document.end)
    places = Places(box.text)
    box.selection = Selection(places.location(start), places.location(end))


async def _keep_aside(desk: Desk, words: str) -> None:
    """A draft of its own, on disk when this returns; never in the place of another one."""
    fields = {"text": typed(words), FROM: YOUR_EDITOR}
    subject, replica = str(desk.now()), desk.replica
    await desk.write(lambda: replica.keep_draft(PASTED, subject, fields, {}))


async def look_for_lent(app: Keeping) -> None:
    """What was being written in an editor when Moot ended is a draft from now on."""
    try:
        found, trouble = await take_back(app.desk) if app.desk is not None else (0, "")
    except MootError as error:
        app.say(str(error), care=True)
        return
    if found:
        app.post_message(RowsChanged())
    if found or trouble:
        app.say(trouble or FOUND, care=bool(trouble))


async def take_back(desk: Desk) -> tuple[int, str]:
    """Words that were lent and never came back become drafts: how many, and what cannot be read, or ''."""
    found = await asyncio.to_thread(lambda: list(lending.left_behind(desk.place.folder)))
    kept, trouble = 0, ""
    for left in found:
        words = lending.as_typed(left.words, left.began)
        if left.trouble or (left.fresh and words == left.began):  # a window may still be open over it
            trouble = left.trouble or trouble
            left.let_go()
            continue
        if words.strip() and words != left.began and not await _into_its_draft(desk, left.began, words):
            await _keep_aside(desk, words)
        kept += words != left.began
        await asyncio.to_thread(left.put_away)
    return kept, trouble


async def _into_its_draft(desk: Desk, began: str, words: str) -> bool:
    """Put words in place of those that were lent, in the draft that holds them."""
    replica = desk.replica
    for form, subject, _ in replica.drafts():
        fields = replica.draft(form, subject)
        name = next((n for n, value in fields.items() if value == began and "." not in n), None)
        if name is not None and began.strip():
            changed = {**fields, name: held(words)}
            await desk.write(partial(replica.keep_draft, form, subject, changed, fields))
            return True
    return False
