"""A relay that is gone is noticed; one whose pages still wait to be read is not taken for gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from moot_client.sync.alive import answers, stay

SOON = 0.001


class Line:
    """A connection on which pings are answered, or not; cutting it is noted."""

    def __init__(self, ping: Callable[[], None] = lambda: None, *, pongs: bool = False) -> None:
        self.transport = self
        self.cut = False
        self._ping, self._pongs = ping, pongs

    async def ping(self) -> Awaitable[Any]:
        """As the library's: what it returns is done when the pong comes."""
        self._ping()
        answer: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        if self._pongs:
            answer.set_result(0.0)
        return answer

    def abort(self) -> None:
        """As a transport's."""
        self.cut = True


def line_of(line: Line) -> ClientConnection:
    return cast(ClientConnection, line)


async def test_who_answers_is_there() -> None:
    assert await answers(line_of(Line(pongs=True)), lambda: 0, SOON)


async def test_who_says_nothing_is_gone_and_the_connection_is_cut() -> None:
    line = Line()
    await stay(line_of(line), lambda: 7, 0, SOON)
    assert line.cut


async def test_whoever_still_reads_what_came_before_the_answer_does_not_hang_up() -> None:
    pages = iter(range(5))
    read = [0]

    def one_more() -> int:
        """A page is read between a ping and the end of patience, until there are none."""
        read.append(next(pages, read[-1]))
        return read[-1]

    asked: list[bool] = []
    line = Line(lambda: asked.append(True))
    await stay(line_of(line), one_more, 0, SOON)
    assert line.cut
    assert len(asked) > 2


async def test_a_connection_that_has_ended_answers_nothing() -> None:
    def ended() -> None:
        raise ConnectionClosed(None, None)

    assert not await answers(line_of(Line(ended)), lambda: 0, SOON)


@pytest.mark.parametrize("frames", [0, 3])
async def test_what_was_read_before_the_question_is_no_answer_to_it(frames: int) -> None:
    assert not await answers(line_of(Line()), lambda: frames, SOON)
