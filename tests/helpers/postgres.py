"""A real PostgreSQL, started by the tests themselves in a folder of its own: no network, nobody else's data.

PostgreSQL refuses to run as root, so there it runs as another user, who owns the folder. It is reached by
a socket in that folder. Its disk is synced, as a relay demands; with a folder in memory, that costs nothing.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import psycopg
import pytest

NEEDED = "MOOT_POSTGRESQL"
"""With the value `needed`, a test is not skipped where there is no PostgreSQL: it fails."""
PORT = 5432  # of a socket in a folder of its own
SETTINGS = """
listen_addresses = ''
fsync = on
max_connections = 40
shared_buffers = 16MB
max_wal_size = 256MB
log_min_messages = error
"""


class Postgres:
    """A server with any number of databases; `kill` and `start` again as often as a test likes."""

    def __init__(self, *, in_memory: bool = True) -> None:
        self._bin = programs()
        self._user = _user()
        self.folder = _folder(self._user, in_memory)
        self._data = self.folder / "data"
        self._numbers = itertools.count(1)
        self._runs = False
        self._run("initdb", "-D", str(self._data), "-U", "moot", "-A", "trust", "-E", "UTF8",
                  "--locale=C", "--no-sync")  # fmt: skip
        (self._data / "postgresql.auto.conf").write_text(
            f"{SETTINGS}\nunix_socket_directories = '{self.folder}'\nport = {PORT}\n"
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "-s", "-w", "-t", "60", "-D", str(self._data), "-l", log)
        self._runs = True

    def stop(self, how: Literal["fast", "immediate"] = "fast") -> None:
        """End it: fast lets go of everybody first; immediate is as if the machine had stopped."""
        if self._runs:
            self._run("pg_ctl", "stop", "-s", "-w", "-m", how, "-D", str(self._data))
            self._runs = False

    def remove(self) -> None:
        """It, and all that was in it."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"moot_{next(self._numbers)}"
        self.ask(f"CREATE DATABASE {name}", database="postgres")
        return self.url(name)

    def url(self, database: str, user: str = "moot") -> str:
        """The address of a database."""
        return f"postgresql://{user}@/{database}?host={self.folder}&port={PORT}"

    def ask(self, sql: str, database: str) -> list[tuple[Any, ...]]:
        """Anything, as its owner, in a database by its name or its address."""
        url = database if "://" in database else self.url(database)
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute(sql)
            return found.fetchall() if found.description else []

    def configure(self, line: str) -> None:
        """Add a setting, and have it read."""
        with (self._data / "postgresql.auto.conf").open("a") as file:
            file.write(f"{line}\n")
        self._run("pg_ctl", "reload", "-s", "-D", str(self._data))

    def let_in(self, lines: str) -> None:
        """Who may come, and how: what pg_hba.conf says from now on."""
        (self._data / "pg_hba.conf").write_text(lines)
        self._run("pg_ctl", "reload", "-s", "-D", str(self._data))

    def processes(self) -> list[int]:
        """All that it consists of now."""
        first = int((self._data / "postmaster.pid").read_text().split()[0])
        found = [first]
        for status in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it has ended meanwhile
                if int(status.read_text().rpartition(")")[2].split()[1]) == first:
                    found.append(int(status.parent.name))
        return found

    @property
    def _as(self) -> dict[str, Any]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        started: dict[str, Any] = {"cwd": self.folder, "env": kept, "start_new_session": True}
        if self._user is not None:
            started |= {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return started

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [str(self._bin / program), *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
            **self._as,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} {' '.join(words)} ended with {done.returncode}")


def programs() -> Path:
    """The folder of PostgreSQL's programs; the test is skipped where there is none."""
    if (place := _found()) is not None:
        return place
    why = "there is no PostgreSQL here (Debian: apt install postgresql)"
    if os.environ.get(NEEDED) == "needed":
        pytest.fail(f"{why}, and {NEEDED} says that it is needed")
    pytest.skip(why)


def has_postgresql() -> bool:
    """Whether one can be started; where it is needed, trying to is right all the same."""
    return os.environ.get(NEEDED) == "needed" or _found() is not None


def _found() -> Path | None:
    places = [
        Path(found).resolve().parent for name in ("pg_ctl", "postgres") if (found := shutil.which(name))
    ]
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    places += sorted(debian, key=lambda place: float(place.parent.name), reverse=True)
    for place in places:
        if all((place / name).exists() for name in ("initdb", "postgres", "pg_ctl")):
            return place
    return None


def _user() -> pwd.struct_passwd | None:
    """Who runs it, where that cannot be we."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.skip("PostgreSQL does not run as root, and there is no other user here")


def _folder(user: pwd.struct_passwd | None, in_memory: bool) -> Path:
    """In memory where that is possible, on a path that is short enough for a socket and open to that user."""
    memory = Path("/dev/shm")
    where = memory if in_memory and os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="moot-postgres-", dir=where))
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    return folder


@contextmanager
def running(*, in_memory: bool = True) -> Iterator[Postgres]:
    """A server for the length of a block."""
    server = Postgres(in_memory=in_memory)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One for all tests of this process; a test that stops it has one of its own."""
    with running() as server:
        yield server
