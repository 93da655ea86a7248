"""The `moot` command: finds the client or the relay, and knows nothing else of either.

`moot relay …` is the relay's own command line; everything else is the client's, `moot relay
set URL` too, since it tells the members of a community where their relay has gone. Both are
found by name, when they are needed: a machine that hosts a relay need not have Textual, and
neither program waits for the other to load.
"""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Sequence
from typing import NoReturn

from moot_shared.later import later

CLIENT = "moot_client.cli"
RELAY = "moot_server.command"
NOT_INSTALLED = 2
MISUSED = 2
STOPPED = 130
SELDOM = 10_000
"""After how many new objects the client looks for garbage: a short command defines much, and drops little."""
_TAKE_A_VALUE = frozenset({"--home", "--community", "--place", "--host", "--port", "--data"})


def run() -> NoReturn:
    """`moot` as a process of its own: it does what was asked for, and ends.

    What it holds at the end is left to the system, which takes it back at once: taking a large document apart
    takes longer than most commands.
    """
    if _program(sys.argv[1:]) == CLIENT:
        gc.set_threshold(SELDOM)
    try:
        code = main()
    except KeyboardInterrupt:  # while it was still being loaded: later its own program says how it ends
        code = STOPPED
    gc.freeze()
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run `moot` with these words (or the process's own) and return its exit code.

    Where the half that is asked for, or something that it needs, is not installed, one
    sentence on stderr says what would bring it, and the exit code is 2.
    """
    for name in ("inspect", "ipaddress"):
        later(name)
    words = list(sys.argv[1:] if argv is None else argv)
    name = _program(words)
    if name == RELAY and words[0] != "relay":
        print("A relay has a data folder of its own, not a member's: moot relay --data DIR", file=sys.stderr)
        return MISUSED
    rest = words[1:] if name == RELAY else words
    try:
        code: int = importlib.import_module(name).main(rest)
    except ModuleNotFoundError as error:
        print(_missing(name, error.name or name), file=sys.stderr)
        return NOT_INSTALLED
    return code


def _program(words: list[str]) -> str:
    """Which program these words are for: options may stand before the word that tells."""
    plain = [
        word
        for before, word in zip(["", *words], words, strict=False)
        if not word.startswith("-") and before not in _TAKE_A_VALUE
    ]
    return RELAY if plain[:1] == ["relay"] and plain[1:2] != ["set"] else CLIENT


def _missing(program: str, module: str) -> str:
    """What is not installed, and what brings it."""
    extra, who = ("relay", "The relay") if program == RELAY else ("client", "Moot")
    package = module.partition(".")[0]
    if package == program.partition(".")[0]:
        return f"{who} is not installed here (there is no {module}). pip install 'moot[{extra}]' brings it."
    return f"{who} needs {package}, which is not installed here. pip install 'moot[{extra}]' brings it."
