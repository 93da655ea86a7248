"""Pictures of the community, drawn in letters or as a file: the agenda as a map, and words week by week."""

from __future__ import annotations

import shutil
import sys
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from moot_client.cli.output import json_value, line, program
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.drawing import agenda, weeks
from moot_client.drawing.cells import FULL, LETTERS, Part, as_text
from moot_client.views.pictures import AgendaMap, activity, agenda_map
from moot_shared.errors import StorageError

PICTURES = ("map", "activity")
IN_A_PIPE = (100, 30)
LEAST = (40, 12)
LONGEST_PATH = 200  # characters of one in a sentence


def add(commands: Commands) -> None:
    """`picture`."""
    drawing = commands.command(
        "picture",
        picture,
        "the agenda as a map (dots against hours), or words by the week",
        "moot picture map",
        "moot picture activity --svg activity.svg",
    )
    drawing.add_argument("what", choices=PICTURES, metavar="PICTURE", help=" / ".join(PICTURES))
    drawing.add_argument("--svg", metavar="FILE", help="write it as a picture for a browser or a page")


def picture(session: Session, arguments: Namespace) -> None:
    """Draw one: in a terminal of its size, in a pipe of 100 by 30 cells, as a file, or as numbers."""
    if arguments.svg:
        _write(session, arguments)
    elif session.as_json:
        _numbers(session, arguments.what)
    else:
        wide, high = _room()
        rows = "\n".join(row.rstrip() for row in as_text(_drawn(session, arguments.what, wide, high)))
        program(rows.strip("\n") + "\n")


def _room() -> tuple[int, int]:
    if not sys.stdout.isatty():
        return IN_A_PIPE
    size = shutil.get_terminal_size()
    return max(size.columns, LEAST[0]), max(size.lines - 2, LEAST[1])


def _drawn(session: Session, what: str, wide: int, high: int) -> list[list[Part]]:
    marks = FULL if (sys.stdout.encoding or "").lower().replace("-", "") == "utf8" else LETTERS
    if what == "activity":
        return weeks.draw(activity(session.db), wide, high, marks)
    found = agenda_map(session.db, session.me)
    return [*agenda.draw(found, wide, high - 1, marks).lines, [(_rest(found), "")]]


def _rest(found: AgendaMap) -> str:
    return f"{found.neither} open issues have neither." if found.neither else ""


def _numbers(session: Session, what: str) -> None:
    if what == "activity":
        found = activity(session.db)
        json_value({"first_week": found.first, "weeks": found.counts, "outside": found.outside})
    else:
        json_value([asdict(point) for point in agenda_map(session.db, session.me).points])


def _write(session: Session, arguments: Namespace) -> None:
    from moot_client.drawing import svg

    if arguments.what == "activity":
        text = svg.of_activity(activity(session.db))
    else:
        text = svg.of_map(agenda_map(session.db, session.me))
    path = Path(arguments.svg).expanduser()
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        name = str(path)[-LONGEST_PATH:]
        raise StorageError(f"The file {name} cannot be written ({error.strerror}).") from error
    if session.as_json:
        json_value({"file": str(path.absolute())})
    else:
        line(f"{path} is written.")
