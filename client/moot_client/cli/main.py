"""The process edge: words in, exit code out; expected trouble is one sentence, a bug one and a file.

Exit codes are in `exits.py`. With --json the sentence is one JSON object, the last line of stderr.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

from moot_client.cli.exits import DISK, DONE, MEANING, NOT_DONE, STOPPED, USAGE, code_of
from moot_client.cli.opening import opens
from moot_client.cli.output import json_trouble, note, sentence
from moot_client.cli.session import Session
from moot_client.home import Home
from moot_shared.errors import MootError, StorageError, WrongUsage
from moot_shared.outlet import outlets
from moot_shared.text import shown

UNWRITTEN = "The answer could not be written where it was to go"
UNPRINTED = (errno.ENOSPC, errno.EIO, errno.EDQUOT)
"""How a file or a device says that it does not take what is printed. (Files of ours are errors of ours.)"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one `moot` command and return its exit code."""
    if sys.stdout is None or sys.stderr is None:  # closed by whoever started it: nobody wants to hear it
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 as long as the process
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    with outlets():
        return _main(argv)


def _main(argv: Sequence[str] | None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = SimpleNamespace()
    try:
        code = _done(words, arguments)
        sys.stdout.flush()
        return code
    except WrongUsage as error:
        return _told(str(error), USAGE, SimpleNamespace(json="--json" in words), error.example)
    except MootError as error:
        return _told(sentence(error), code_of(error), arguments)
    except ModuleNotFoundError:
        raise  # the command that was called says what to install
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        _drop_stdout()
        return DONE
    except Exception as error:  # noqa: BLE001 the edge of the process: nobody sees a stack trace
        if isinstance(error, OSError) and error.filename is None and error.errno in UNPRINTED:
            _drop_stdout()
            return _told(f"{UNWRITTEN} ({error.strerror}). What was saved is safe.", DISK, arguments)
        return _told(_keep_details(error, getattr(arguments, "found_home", None)), NOT_DONE, arguments)


def _done(words: list[str], arguments: SimpleNamespace) -> int:
    """Read the words into `arguments` and do what they say; the exit code."""
    if not opens(words, arguments):
        from moot_client.cli.parser import build, command_of

        if command_of(words) == "help":
            words.remove("help")
            words.append("--help")
        try:
            build(words).parse_args(words, arguments)
        except SystemExit as end:  # argparse: --help, --version
            return end.code if isinstance(end.code, int) else USAGE
    if hasattr(arguments, "ca_file"):
        os.environ["MOOT_CA_FILE"] = arguments.ca_file  # read wherever a connection is made
    for name in ("home", "community"):
        if not getattr(arguments, name, name):
            raise WrongUsage(f"--{name} is empty: say which {name}, or leave the option out.")
    arguments.found_home = home = Home.find(getattr(arguments, "home", None))
    return _run(home, arguments)


def _told(text: str, code: int, arguments: SimpleNamespace, example: str = "") -> int:
    """Say on stderr what went wrong; the exit code."""
    if getattr(arguments, "json", False):
        json_trouble(text, MEANING[code][0], code, example)
        return code
    note(text)
    if example:
        note(f"For example: {example}")
    return code


def _run(home: Home, arguments: SimpleNamespace) -> int:
    session = Session(home, getattr(arguments, "community", None), as_json=getattr(arguments, "json", False))
    try:
        try:
            code = int(arguments.run(session, arguments) or DONE)
        except (sqlite3.Error, StorageError) as error:
            session.rescue(error)
            code = int(arguments.run(session, arguments) or DONE)
        if session.wrote and not session.as_json:
            _say_where(session)
        return code
    finally:
        session.close()


def _say_where(session: Session) -> None:
    """What was written is written, whether or not it can be read now where it is."""
    from moot_client.cli.written import where_it_is

    with suppress(sqlite3.Error, StorageError):
        if words := where_it_is(session):
            note(words)


def _drop_stdout() -> None:
    """Whoever read our output has gone; keep the interpreter from telling so as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _keep_details(error: Exception, home: Home | None) -> str:
    """Write down what happened for whoever mends it; the sentence that says where."""
    import tempfile
    import traceback

    details = shown("".join(traceback.format_exception(error)))  # somebody will read it in a terminal
    folders = ([home.path] if home and home.path.is_dir() else []) + [Path(tempfile.gettempdir())]
    for folder in folders:
        path = folder / "moot-trouble.log"
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
            number = os.open(path, flags, 0o600)  # in a folder of everybody, another's link leads nowhere
            with os.fdopen(number, "a", encoding="utf-8") as log:
                log.write(details + "\n")
        except OSError:
            continue
        return f"Something went wrong inside Moot; what was saved before is safe. The details are in {path}."
    return "Something went wrong inside Moot; what was saved before is safe."
