"""Real `moot` processes: what they load, how they end, who may write, and two of them at once."""

from __future__ import annotations

import fcntl
import json
import signal
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from typing import IO

import pexpect
import pytest

from moot_client.home import Home
from moot_client.replica.replica import Replica
from tests.cli.shell import environment, process
from tests.helpers.patience import PATIENCE_S

HEAVY = {"automerge", "cryptography", "msgspec", "textual", "rich", "websockets", "cbor2", "mnemonic"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a community and a little in it."""
    folder = tmp_path_factory.mktemp("home")
    process(folder, "found", "Northern cohort", "--as", "Ann").good()
    process(folder, "issue", "add", "Handover loses facts").good()
    process(folder, "review", "add", "The audit").good()
    process(folder, "lesson", "add", "Read it back").good()
    return folder


READS = [
    ["issues"],
    ["issue", "show", "{issue}"],
    ["reviews"],
    ["review", "show", "{review}"],
    ["lessons"],
    ["lesson", "show", "{lesson}"],
    ["members"],
    ["invites"],
    ["today"],
    ["find", "hand"],
    ["status"],
    ["profile"],
    ["community", "show"],
    ["communities"],
    ["picture", "map"],
    ["picture", "activity"],
    ["drafts"],
    ["versions", "{issue}"],
    ["history", "{issue}"],
    ["completion", "bash"],
    ["complete", "--", "vote", ""],
    ["export", "{folder}"],
    ["--help"],
]


@pytest.mark.slow
def test_reads_load_nothing_heavy(home: Path, tmp_path: Path) -> None:
    """All of them in one fresh interpreter, which then says what it holds."""
    ids = {
        kind: json.loads(process(home, kind + "s", "--json").good().out)[0]["id"]
        for kind in ("issue", "review", "lesson")
    }
    commands = [[word.format(**ids, folder=tmp_path / "out") for word in words] for words in READS]
    commands += [[*words, "--json"] for words in commands[:-1] if words[0] != "complete"]
    code = (
        "import sys, json\nfrom moot_shared.command import main\n"
        f"codes = [main(words) for words in {commands!r}]\n"
        f"print(json.dumps([codes, sorted({HEAVY!r} & set(sys.modules))]), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(home), capture_output=True, text=True, check=True
    )
    codes, loaded = json.loads(done.stderr.splitlines()[-1])
    assert loaded == []
    assert not any(codes)


def test_a_read_imports_its_own_module_alone(home: Path) -> None:
    code = (
        "import sys\nfrom moot_shared.command import main\nmain(['issues'])\n"
        "print(*sorted(n for n in sys.modules if n.startswith('moot_client.cli.')), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(home), capture_output=True, text=True, check=True
    )
    assert not {f"moot_client.cli.{name}" for name in ("reviews", "lessons", "start")} & set(
        done.stderr.split()
    )


def test_a_reader_that_goes_away_is_no_trouble(home: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "moot_shared", "--help"],
        env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout
    running.stdout.close()
    assert running.stderr
    assert running.stderr.read() == ""
    assert running.wait(PATIENCE_S) == 0


def test_ctrl_c_ends_quietly_and_says_nothing(home: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "moot_shared", "issue", "add", "From stdin", "--body", "-"],
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background of a shell has it ignored, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509  no threads
    )
    assert running.stdin
    assert running.stdout
    assert running.stderr
    running.stdin.write("the beginning")
    running.stdin.flush()
    wait_until_read(running.stdin)
    running.send_signal(signal.SIGINT)
    assert running.wait(PATIENCE_S) == 130
    assert running.stderr.read() == running.stdout.read() == ""


def wait_until_read(stdin: IO[str]) -> None:
    """Until somebody has taken what was written into a pipe, and so waits for more."""
    until = time.monotonic() + PATIENCE_S
    while int.from_bytes(fcntl.ioctl(stdin, termios.FIONREAD, bytes(4)), sys.byteorder):
        assert time.monotonic() < until
        time.sleep(0.02)  # a process that reads wakes nobody


@pytest.mark.slow
def test_an_ascii_terminal_gets_ascii_and_no_trouble(home: Path) -> None:
    short = process(home, "issue", "add", "Grüße 😀").good().out.strip()
    ran = process(home, "issue", "show", short, PYTHONIOENCODING="ascii").good()
    assert ran.out.isascii()
    process(home, "issue", "archive", short).good()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere root passes over file modes")
def test_a_home_that_may_not_be_written_can_be_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    process(home, "found", "Northern cohort", "--as", "Ann").good()
    short = process(home, "issue", "add", "Readable").good().out.strip()
    paths = [home, *home.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert "Readable" in process(home, "issues", humble=True).good().out
    writes = [
        "issue add x",
        f"vote {short} 1",
        "profile --name B",
        "invite",
        "found N --as B",
        "verify",
        "sync",
    ]
    for words in writes:
        said = process(home, *words.split(), humble=True).refused()
        assert "cannot be" in said, words
    home.chmod(0o000)
    assert "cannot be read" in process(home, "issues", humble=True).refused()
    for path in paths:
        path.chmod(0o755)


def test_a_home_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    said = process(tmp_path / "file" / "home", "found", "N", "--as", "Ann").refused()
    assert "cannot be" in said


@pytest.mark.slow
def test_a_script_votes_while_another_moot_has_the_community_open(home: Path) -> None:
    replica = Replica.open(Home(home).place())
    stop = threading.Event()
    assert replica.become_writer()

    def serve() -> None:
        while not stop.wait(0.02):
            replica.serve_inbox()

    owner = threading.Thread(target=serve)
    owner.start()
    try:
        row = json.loads(process(home, "issues", "--json").good().out)[0]
        assert "8 left" in process(home, "vote", row["id"], "2").good().out
        said = process(home, "vote", row["id"], "6").refused()
        assert "whole number" in said
        short = process(home, "issue", "add", "Through the inbox").good().out.strip()
        process(home, "issue", "archive", short).good()
    finally:
        stop.set()
        owner.join()
        replica.close()
    assert json.loads(process(home, "issues", "--json").out)[0]["my_dots"] == 2


@pytest.mark.slow
def test_recovery_words_are_shown_on_a_terminal_and_kept_out_of_logs(tmp_path: Path) -> None:
    logged = process(tmp_path / "one", "found", "North", "--as", "Ann").good()
    words = json.loads(process(tmp_path / "one", "words", "--json").good().out)["words"]
    said = set(logged.err.split())  # a sentence may hold one of the 2,048 words by chance, hardly five
    assert len(said & set(words)) < 5
    child = pexpect.spawn(
        sys.executable, ["-m", "moot_shared", "found", "South", "--as", "Ben"],
        env=environment(tmp_path / "two"), encoding="utf-8", timeout=PATIENCE_S, dimensions=(24, 80),
    )  # fmt: skip
    shown = child.read()
    child.wait()
    words = json.loads(process(tmp_path / "two", "words", "--json").good().out)["words"]
    assert all(word in shown for word in words)
    assert max(map(len, shown.splitlines())) <= 100


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device here that is always full")
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_an_answer_that_cannot_be_written_is_a_sentence(home: Path, more: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "moot_shared", "issues", *more],
            env=environment(home), stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 6
    assert "The answer could not be written where it was to go" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("closed", "code"), [(">&-", 0), ("2>&-", 0), ("<&-", 0), (">&- 2>&- <&-", 0)])
def test_a_stream_that_is_closed_from_the_start_is_no_trouble(home: Path, closed: str, code: int) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$@" {closed}', "sh", sys.executable, "-m", "moot_shared", "issues"],
        env=environment(home), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (code, "")
    assert not (home / "moot-trouble.log").exists()
