"""Recovery words: shown when a member begins, shown again when asked for, and one typed back as proof."""

from __future__ import annotations

import sys
from argparse import Namespace

from moot_client.cli.output import json_value, line, note, whole
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_shared.errors import InputError

WORDS_ENVIRONMENT = "MOOT_WORDS"
CONFIRMED = "words confirmed"
IN_A_ROW = 6


def add(commands: Commands) -> None:
    """`words`."""
    parser = commands.command(
        "words",
        words,
        "your recovery words: what `recover` needs",
        "moot words",
        "moot words --check 7 apple",
    )
    parser.add_argument(
        "--check",
        nargs=2,
        metavar=("NUMBER", "WORD"),
        help="show that you wrote them down: `--check 7 apple`",
    )


def show_words(session: Session) -> None:
    """After beginning: the words on a terminal; elsewhere, where a log might keep them, how to see them."""
    if sys.stderr is not None and sys.stderr.isatty():
        note("Your recovery words. Write them on paper: they bring you back when this machine is lost.")
        for row in _rows(session.place.identity().words()):
            note(row)
        note("moot words shows them again, and checks that you have them.")
    else:
        note(
            "moot words shows your recovery words. Write them on paper: "
            "they bring you back when this machine is lost."
        )


def _rows(words: tuple[str, ...]) -> list[str]:
    numbered = [f"{number:>2} {word:<9}" for number, word in enumerate(words, 1)]
    return ["  " + " ".join(numbered[i : i + IN_A_ROW]).rstrip() for i in range(0, len(numbered), IN_A_ROW)]


def words(session: Session, arguments: Namespace) -> None:
    """Show the words, or check one."""
    secret = session.place.identity().words()
    if arguments.check:
        _check(secret, *arguments.check)
        session.replica.set_own(CONFIRMED, True)
        if session.as_json:
            json_value({"right": True})
            return
        line("That is the word. You can come back from paper.")
        return
    from moot_shared.trust.lines import CommunityLine

    relay = session.replica.relay_url() or session.place.relay
    where = str(CommunityLine(relay or None, session.place.community, session.place.name))
    if session.as_json:
        json_value({"words": list(secret), "line": where})
        return
    for row in _rows(secret):
        line(row)
    line()
    whole(where)
    note("Write the words on paper. With them and the line above: moot recover LINE")


def _check(secret: tuple[str, ...], number: str, word: str) -> None:
    if not number.isdecimal() or not 1 <= int(number) <= len(secret):
        raise InputError(f"The words are numbered from 1 to {len(secret)}.")
    if secret[int(number) - 1] != word.strip().lower():
        raise InputError(f"Word {number} is another one. moot words shows them.")
