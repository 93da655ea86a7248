"""One key at a time: the next one is handed out when the one before has done its work.

    a key --to what has the focus--> consumed there, or on its way up
    consumed --> the next key
    on its way up --at the application--> its binding is carried out --consequences--> the next key

Textual puts keys into the queue of whatever has the focus when they arrive. Whoever types faster
than a screen opens would type into the one before: the name of a community would get the member's
name as well. What a binding leads to are often messages, which climb from the widget to the
application; so a marker climbs behind them, as often as one message may lead to another. A paste waits
for its turn like a key. Characters that wait for the same text go into it together.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine
from functools import partial
from typing import Any

from textual.app import App
from textual.dom import DOMNode
from textual.events import Callback, Event, Key, Paste
from textual.widget import Widget
from typing_extensions import override

LONGEST_S = 0.3  # after this the next key goes out whatever became of the one before
ROUNDS = 3  # a message that leads to a message that opens a screen
SEVERAL = "several"  # the name of a key of several characters: no command has it


class OneKeyAtATime(App[int]):
    """Keys in the order in which they were pressed, each to what has the focus by then."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._waiting: deque[Key | Paste] = deque()
        self._under_way: Key | None = None
        self._patience: asyncio.TimerHandle | None = None

    @property
    def keys_at_rest(self) -> bool:
        """Whether every key that was pressed has done its work."""
        return self._under_way is None and not self._waiting

    def unseen(self, event: Key | Paste) -> bool:
        """Whether what it would do could not be seen: then nobody gets it."""
        return False

    @override
    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key | Paste) and not event.is_forwarded and self.unseen(event):
            return
        if isinstance(event, Paste) and not event.is_forwarded and self._under_way is not None:
            self._waiting.append(event)
        elif not isinstance(event, Key):
            await super().on_event(event)
        elif event.is_forwarded:  # nobody wanted it: the bindings are asked
            beginning = self.focused or self.screen
            await super().on_event(event)
            if event is self._under_way:
                self._follow(event, beginning, ROUNDS)
        elif self._under_way is not None:
            self._waiting.append(event)
        else:
            await self._hand_out(event)

    async def _hand_out(self, key: Key) -> None:
        self._under_way = key = self._with_what_follows(key)
        loop = asyncio.get_running_loop()  # a timer of Textual's would be a task, for each key
        self._patience = loop.call_later(LONGEST_S, self.call_later, partial(self._done, key))
        target = self.focused or self.screen
        await super().on_event(key)
        if not (key.is_forwarded and _after(target, partial(self._passed, key, target))):
            self._follow(key, target, ROUNDS)

    def _with_what_follows(self, key: Key) -> Key:
        """One key of all the characters that wait for the same text; else the key itself.

        What a terminal pastes without saying so comes as thousands of keys; a text takes them as one.
        """
        box = self.focused
        if box is None or not self._waiting or not _typed(box, key):
            return key
        characters = [key.character or ""]
        while self._waiting and _typed(box, self._waiting[0]):
            characters.append(getattr(self._waiting.popleft(), "character", "") or "")
        return Key(SEVERAL, "".join(characters)) if len(characters) > 1 else key

    async def _passed(self, key: Key, by: DOMNode) -> None:
        """Runs in a widget's queue, right after the key: was it taken there, or does it go on up?"""
        if by.parent is self:
            return  # a screen: it comes to the application now (and bears the mark of having stopped here)
        if key._stop_propagation:
            self._follow(key, by, 1)
            return
        above = by.parent
        if not (isinstance(above, DOMNode) and _after(above, partial(self._passed, key, above))):
            self._follow(key, self, 1)

    def _follow(self, key: Key, node: DOMNode, rounds: int) -> None:
        """Let a marker climb from a widget to the application, behind what the key has led to."""
        here = node is self or (node.is_attached and node.screen is self.screen)
        beginning = node if here else self.focused or self.screen
        if not _after(beginning, partial(self._climbed, key, beginning, rounds)):
            _after(self, partial(self._climbed, key, self, rounds))

    async def _climbed(self, key: Key, by: DOMNode, rounds: int) -> None:
        above = by.parent if by.is_attached else None
        if isinstance(above, DOMNode) and _after(above, partial(self._climbed, key, above, rounds)):
            return
        if rounds > 1:  # once more, from what has the focus by now: it may be a new screen
            self._follow(key, self.focused or self.screen, rounds - 1)
        else:
            await self._done(key)

    async def _done(self, key: Key) -> None:
        if self._under_way is not key:
            return
        if self._patience is not None:
            self._patience.cancel()
        self._under_way = None
        while self._waiting and isinstance(self._waiting[0], Paste):
            await super().on_event(self._waiting.popleft())  # nothing has to wait for what a paste leads to
        if self._waiting:
            following = self._waiting.popleft()
            assert isinstance(following, Key)
            self._under_way = following  # later ones still wait
            self.call_later(self._hand_out, following)


def _typed(box: Widget, event: Key | Paste) -> bool:
    """Whether it is a character that goes into a text, and does nothing else there."""
    if not isinstance(event, Key) or event.character is None or not event.is_printable:
        return False
    return box.check_consume_key(event.key, event.character)


def _after(node: DOMNode, step: partial[Coroutine[Any, Any, None]]) -> bool:
    """Have a step taken behind what waits in a node's queue; False where none is taken any more.

    A screen that is being taken away takes nothing: what a key led to may have been that.

    It is `call_later`, spared from finding out anew how many parameters a step takes: a key's markers
    take two dozen of them.
    """
    step._param_count = 0  # type: ignore[attr-defined]  # where Textual keeps what it found
    return node.post_message(Callback(callback=step))
