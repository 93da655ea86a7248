"""Every command that reads, with its arguments: found in the tree of commands, so that none is left out."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from moot_client.cli import main
from moot_client.cli.parser import whole
from moot_client.replica.replica import Replica
from moot_shared.kinds import RECORDS
from tests.helpers.hostile import everything

WRITING = {
    *("found", "join", "recover", "device-add", "invite", "uninvite", "host", "relay-set", "sync", "demo"),
    *("issue-close", "issue-reopen", "vote", "pledge", "comment", "lesson-applied", "lesson-tried"),
    *("review-note", "review-share", "review-skip", "web", "complete", "restore"),
    "draft-forget",
}
"""Commands that change something or talk to a relay: they have tests of their own."""
CHOICES = {"picture": ("map", "activity"), "completion": ("bash", "zsh", "fish")}
MAKING = ("add", "edit", "archive", "unarchive", "link", "unlink")


def commands() -> Iterator[tuple[tuple[str, ...], int]]:
    """The words of every command there is, and how many arguments it cannot do without."""
    yield from _under(whole(), ())


def _under(parser: argparse.ArgumentParser, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    inner = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    for action in inner:
        for name, sub in action.choices.items():
            yield from _under(sub, (*words, name))
    if not inner:
        yield words, sum(not a.option_strings and a.nargs not in ("?", "*") for a in parser._actions)


def reading(replica: Replica, folder: Path, most: int = 100) -> Iterator[tuple[str, ...]]:
    """Every command that reads, as it would be typed; `most` is how many records of a kind are shown."""
    db = replica.reader()
    for words, needed in commands():
        name = "-".join(words)
        if name in WRITING or words[-1] in MAKING:
            continue
        if words[-1] == "show" and words[0] in RECORDS and words[0] != "community":
            rows = db.execute(
                "SELECT key FROM record WHERE kind = ? ORDER BY key DESC", (words[0],)
            ).fetchall()
            yield from ((*words, key) for (key,) in rows[:most])
        elif words == ("find",):
            yield from ((*words, wanted) for wanted in ("pwned", "dots", "evil", everything()[:500]))
        elif words == ("draft", "show"):
            yield (*words, "1")
        elif words in (("picture",), ("completion",)):
            yield from ((*words, word) for word in CHOICES[words[0]])
        elif words == ("export",):
            for shape in ("markdown", "json"):
                yield (*words, str(folder / f"out\x1b[31m-{shape}"), "--format", shape)
        elif words == ("words",):
            yield from (words, (*words, "--check", "\x1b[2J", "\u202ex"))
        elif needed:
            people = db.execute("SELECT key FROM member").fetchall()
            yield from (
                (*words, *[about] * needed) for about in (everything()[:900], *(k for (k,) in people))
            )
        else:
            yield words
            if words[-1] in {kind.plural for name, kind in RECORDS.items() if name != "community"}:
                yield (*words, "--archived")


@dataclass(frozen=True)
class Printed:
    """What one command printed, as the bytes that a terminal or a pipe got."""

    code: int
    out: bytes
    err: bytes

    @property
    def all(self) -> str:
        """Both, as text; bytes that are none raise."""
        return (self.out + self.err).decode()


class _Stream(io.TextIOWrapper):
    """A stream that may be a terminal."""

    def __init__(self, *, terminal: bool) -> None:
        self.bytes = io.BytesIO()
        super().__init__(self.bytes, encoding="utf-8", write_through=True)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def printed(home: Path, words: Sequence[str], *, terminal: bool) -> Printed:
    """Run a command in this process, on a terminal of 80 columns or into a pipe."""
    out, err = _Stream(terminal=terminal), _Stream(terminal=terminal)
    settings = {"COLUMNS": "80", "LINES": "24"} if terminal else {}
    with (
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
        mock.patch.dict(os.environ, settings),
    ):
        code = main(["--home", str(home), *words])
    return Printed(code, out.bytes.getvalue(), err.bytes.getvalue())
