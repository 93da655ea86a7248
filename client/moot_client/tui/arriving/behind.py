"""Reading that takes a moment: in a thread, one after the other, shown when it is there.

Asked again while it runs, it runs once more and no more often: what is shown last was read last. With a
`rest`, nothing is read until nobody has asked for so long: whoever moves on quickly waits for none of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from textual.dom import DOMNode

T = TypeVar("T")


class Behind(Generic[T]):
    """`read` runs in a thread; `show` gets its answer on the interface's own, while `node` is there.

    `begin` runs right before each reading, on the interface's own thread; `rest` is in seconds.
    """

    def __init__(
        self,
        node: DOMNode,
        read: Callable[[], T],
        show: Callable[[T], None],
        begin: Callable[[], None] = lambda: None,
        rest: float = 0.0,
    ) -> None:
        self._node, self._read, self._show, self._begin = node, read, show, begin
        self._rest = rest
        self._asked = self._running = False

    def ask(self) -> None:
        """Read (again), soon."""
        self._asked = True
        if not self._running and self._there:
            self._running = True
            self._node.screen.run_worker(self._run(), group="reading", exit_on_error=False)

    @property
    def _there(self) -> bool:
        """Whether the node is on its screen to stay: one that is taken away loses what is in it first."""
        return self._node.is_attached and not self._node._pruning

    async def _run(self) -> None:
        try:
            while self._asked and self._there:
                self._asked = False
                if self._rest:
                    await asyncio.sleep(self._rest)
                    if self._asked:
                        continue
                self._begin()
                found = await asyncio.to_thread(self._read)
                if self._there:
                    self._show(found)
        finally:
            self._running = False
