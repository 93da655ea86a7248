"""The process edge: words in, exit code out; expected trouble is one sentence, a bug one and a file.

Exit codes are in `exits.py`. With --json the sentence is one JSON object, the last line of stderr.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from argparse import Namespace
from collections.abc import Sequence

from moot_client.cli.exits import DONE, MEANING, NOT_DONE, STOPPED, USAGE, WrongUsage, code_of
from moot_client.cli.output import json_trouble, note, sentence
from moot_client.cli.parser import build, command_of
from moot_client.cli.session import Session
from moot_client.home import Home
from moot_shared.errors import MootError, StorageError
from moot_shared.outlet import outlets
from moot_shared.text import shown


def main(argv: Sequence[str] | None = None) -> int:
    """Run one `moot` command and return its exit code."""
    with outlets():
        return _main(argv)


def _main(argv: Sequence[str] | None) -> int:
    home: Home | None = None
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = Namespace(json="--json" in words)  # until they are read
    try:
        if command_of(words) == "help":
            words.remove("help")
            words.append("--help")
        arguments = build(words).parse_args(words)
        if hasattr(arguments, "ca_file"):
            os.environ["MOOT_CA_FILE"] = arguments.ca_file  # read wherever a connection is made
        home = Home.find(getattr(arguments, "home", None))
        code = _run(home, arguments)
        sys.stdout.flush()
        return code
    except SystemExit as end:  # argparse: --help, --version
        return end.code if isinstance(end.code, int) else USAGE
    except WrongUsage as error:
        return _told(str(error), USAGE, arguments, error.example)
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
        return _told(_keep_details(error, home), NOT_DONE, arguments)


def _told(text: str, code: int, arguments: Namespace, example: str = "") -> int:
    """Say on stderr what went wrong; the exit code."""
    if getattr(arguments, "json", False):
        json_trouble(text, MEANING[code][0], code, example)
        return code
    note(text)
    if example:
        note(f"For example: {example}")
    return code


def _run(home: Home, arguments: Namespace) -> int:
    session = Session(home, getattr(arguments, "community", None), as_json=getattr(arguments, "json", False))
    try:
        return int(arguments.run(session, arguments) or DONE)
    except (sqlite3.Error, StorageError) as error:
        session.rescue(error)
        return int(arguments.run(session, arguments) or DONE)
    finally:
        session.close()


def _drop_stdout() -> None:
    """Whoever read our output has gone; keep the interpreter from telling so as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _keep_details(error: Exception, home: Home | None) -> str:
    """Write down what happened for whoever mends it; the sentence that says where."""
    import tempfile
    import traceback
    from pathlib import Path

    details = shown("".join(traceback.format_exception(error)))  # somebody will read it in a terminal
    folders = ([home.path] if home and home.path.is_dir() else []) + [Path(tempfile.gettempdir())]
    for folder in folders:
        path = folder / "moot-trouble.log"
        try:
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(number, "a", encoding="utf-8") as log:
                log.write(details + "\n")
        except OSError:
            continue
        return f"Something went wrong inside Moot; what was saved before is safe. The details are in {path}."
    return "Something went wrong inside Moot; what was saved before is safe."
